package io.peregrine.trainer.experiments.coordinates;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.page.HtmlPage;
import io.peregrine.data.progress.ConsoleProgress;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code model coord-check}: whether activations and their updates keep their size over widths. */
@Command(
        name = "coord-check",
        mixinStandardHelpOptions = true,
        description = {
            "Checks that under muP's closed form no activation, and no update of one, grows with the width.",
            "",
            "Trains new models of several widths for some steps on random tokens, by the closed form and with all",
            "multipliers at 1, and fits the exponent of the width in the size of each activation. The exit code is 1 if one",
            "under muP is beyond the tolerance.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  peregrine model coord-check",
            "  peregrine model coord-check conf/model/quickstart.json --widths 128,256,384,512 --steps 8",
            "  peregrine model coord-check --init constant     # as training begins"
        })
public final class CoordCheckCommand implements Callable<Integer> {
    private static final String NAME = "coord-check";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    private CommandSpec spec;

    @CommandLine.Parameters(
            arity = "0..1",
            paramLabel = "CONFIG.json",
            description = "the shape that is widened (default: a small one in the paper's proportions)")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--widths",
            paramLabel = "N",
            split = ",",
            defaultValue = "64,128,256,512",
            description = "hidden sizes, four or more (default: ${DEFAULT-VALUE})")
    private List<Integer> widths;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "4",
            description = "optimizer steps (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            defaultValue = "2e-4",
            description = "of every step and width (default: ${DEFAULT-VALUE})")
    private double learningRate;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "3",
            description = "models of each width (default: ${DEFAULT-VALUE})")
    private int seeds;

    @Option(
            names = "--init",
            paramLabel = "HOW",
            defaultValue = "scaled",
            description = {
                "initial values under muP: scaled, by the root of a matrix's input width, with which products begin equally",
                "large; or constant, as 'train' has them (default: ${DEFAULT-VALUE})"
            })
    private String initial;

    @Option(
            names = "--tolerance",
            paramLabel = "SLOPE",
            defaultValue = "0.25",
            description = "largest exponent of the width under muP, up or down (default: ${DEFAULT-VALUE})")
    private double tolerance;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "who computes: cpu, cuda, reference (default: ${DEFAULT-VALUE})")
    private String backend;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "work/coord-check",
            description = "where coord-check.json and coord-check.html go (default: ${DEFAULT-VALUE})")
    private Path out;

    @Override
    public Integer call() {
        WidthFamily family =
                file.map(it -> new WidthFamily(FalconH1Config.read(it))).orElse(WidthFamily.SMALL);
        CoordinateCheck check = new CoordinateCheck(
                family, InitialValues.named(initial), widths, steps, learningRate, seeds, tolerance);
        Backend computing = Backend.named(backend);
        List<WidthCurve> curves;
        try (Ops ops =
                computing.open(computing.fastDType(), Runtime.getRuntime().availableProcessors())) {
            curves = check.run(ops, ConsoleProgress.onStandardError());
        }
        boolean passed = check.isPassed(curves);
        ObjectNode data = data(check, curves, passed);
        write(NAME + ".json", pretty(data));
        write(NAME + ".html", HtmlPage.of(data.get("title").asText(), CoordCheckCommand.class, "coord-check.js", data));
        print(spec.commandLine().getOut(), check, curves, passed);
        return passed ? 0 : 1;
    }

    private void print(PrintWriter to, CoordinateCheck check, List<WidthCurve> curves, boolean passed) {
        to.printf("%-10s %-7s %-10s", "", "", "");
        check.widths().forEach(width -> to.printf(" %10d", width));
        to.printf("  %s%n", "exponent of the width");
        for (WidthCurve curve : curves) {
            to.printf(
                    "%-10s %-7s %-10s",
                    curve.parametrization().key(), curve.isUpdate() ? "update" : "size", curve.activation());
            curve.byWidth().values().forEach(size -> to.printf(Locale.ROOT, " %10.3g", size));
            to.printf(
                    Locale.ROOT,
                    "  %6.2f +- %.2f%s%n",
                    curve.slope(),
                    curve.slopeError(),
                    check.isWithin(curve) ? "" : "  beyond the tolerance");
        }
        to.printf(
                Locale.ROOT,
                "%s: under muP exponents are within +-%.2f: %s; see %s%n",
                passed ? "passed" : "failed",
                check.tolerance(),
                passed ? "yes" : "no",
                out.resolve(NAME + ".html"));
        to.flush();
    }

    private static ObjectNode data(CoordinateCheck check, List<WidthCurve> curves, boolean passed) {
        ObjectNode data = JSON.createObjectNode().put("title", "Coordinate check of muP");
        ArrayNode facts = data.putArray("facts");
        fact(facts, "widths", check.widths().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        fact(facts, "steps", Integer.toString(check.steps()));
        fact(facts, "learning rate", Double.toString(check.learningRate()));
        fact(facts, "models of each width", Integer.toString(check.seeds()));
        fact(facts, "initial values under muP", check.initial().key());
        fact(facts, "tolerance of the exponent", Double.toString(check.tolerance()));
        fact(facts, "under muP", passed ? "passed" : "failed");
        data.put("passed", passed);
        data.put("tolerance", check.tolerance());
        check.widths().forEach(data.putArray("widths")::add);
        ArrayNode list = data.putArray("curves");
        for (WidthCurve curve : curves) {
            ObjectNode node = list.addObject()
                    .put("parametrization", curve.parametrization().key())
                    .put("measure", curve.isUpdate() ? "update" : "size")
                    .put("activation", curve.activation())
                    .put("slope", curve.slope())
                    .put("slope_error", curve.slopeError())
                    .put("within", check.isWithin(curve));
            curve.byWidth().values().forEach(node.putArray("values")::add);
        }
        return data;
    }

    private static void fact(ArrayNode facts, String label, String value) {
        facts.addObject().put("label", label).put("value", value);
    }

    private static String pretty(ObjectNode data) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(data) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    private void write(String name, String text) {
        try {
            AtomicFiles.write(out.resolve(name), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + out.resolve(name), e);
        }
    }
}
