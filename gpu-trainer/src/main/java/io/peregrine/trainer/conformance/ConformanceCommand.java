package io.peregrine.trainer.conformance;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.DType;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./peregrine conformance}: prints each quantity's relative error and whether it is within tolerance. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        description = {
            "Holds a backend against golden vectors.",
            "",
            "Loads DIR/config.json and DIR/model.safetensors, runs the golden file's inputs and prints the relative",
            "error ||a-b||/||b|| of loss, logits, hidden states, gradients, parameters after three AdamW steps, and how",
            "many greedily chosen tokens differ. Exit code 0 when all are within tolerance, 1 when one is not."
        })
public final class ConformanceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "config.json and model.safetensors")
    private Path model;

    @Option(names = "--golden", required = true, paramLabel = "FILE", description = "golden.safetensors")
    private Path golden;

    @Option(
            names = "--backend",
            defaultValue = "cpu",
            paramLabel = "NAME",
            description = "reference, cpu or cuda (default: ${DEFAULT-VALUE})")
    private String backend;

    @Option(
            names = "--dtype",
            paramLabel = "KIND",
            description = "f64, f32 or bf16 (default: f64 for reference, f32 for cpu, bf16 for cuda)")
    private String dtype;

    @Override
    public Integer call() {
        Backend chosen = Backend.named(backend);
        DType kind = dtype == null ? chosen.defaultDType() : dtypeNamed(dtype);
        PrintWriter out = spec.commandLine().getOut();
        try (Ops ops = chosen.open(kind, Runtime.getRuntime().availableProcessors())) {
            List<Quantity> quantities = ConformanceCheck.run(model, golden, ops);
            print(quantities, out);
            long failed =
                    quantities.stream().filter(quantity -> !quantity.passes()).count();
            out.printf(
                    "%s: %d of %d quantities within tolerance (%s, %s)%n",
                    failed == 0 ? "PASS" : "FAIL",
                    quantities.size() - failed,
                    quantities.size(),
                    ops.describe(),
                    kind.name().toLowerCase(Locale.ROOT));
            out.flush();
            return failed == 0 ? 0 : 1;
        }
    }

    private static void print(List<Quantity> quantities, PrintWriter out) {
        int width = quantities.stream()
                .mapToInt(quantity -> quantity.name().length())
                .max()
                .orElse(0);
        String line = "%-" + width + "s  %12s  %9s  %s%n";
        out.printf(line, "quantity", "error", "tolerance", "");
        for (Quantity quantity : quantities) {
            out.printf(
                    line,
                    quantity.name(),
                    "%.3e".formatted(quantity.error()),
                    "%.0e".formatted(quantity.tolerance()),
                    quantity.passes() ? "PASS" : "FAIL");
        }
    }

    private static DType dtypeNamed(String name) {
        return switch (name) {
            case "bf16" -> DType.BF16;
            case "f32" -> DType.F32;
            case "f64" -> DType.F64;
            default -> throw new ConfigException("--dtype", name, "must be f64, f32 or bf16");
        };
    }
}
