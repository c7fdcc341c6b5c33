package io.peregrine.mixture.jobs;

import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.progress.ConsoleProgress;
import io.peregrine.mixture.scaling.ScalingRun;
import io.peregrine.mixture.scaling.ScalingStudy;
import io.peregrine.mixture.scaling.ScalingText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mixture scaling}: how the loss falls with size and tokens, and what repeated tokens are worth. */
@Command(
        name = "scaling",
        mixinStandardHelpOptions = true,
        description = {
            "Fits scaling laws with repeated data to runs of several sizes, chooses one by its error on the largest models,"
                    + " which it has not seen, and prints its numbers with intervals.",
            "",
            "The table has the columns params, tokens, unique-tokens and loss."
        },
        footer = {"", "Example:", "  peregrine mixture scaling runs.csv --at 1.5e9,3e11,1e11"})
final class MixtureScalingCommand implements Callable<Integer> {
    private static final int RESAMPLES_MAX = 100_000;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUNS", description = "CSV file or Delta table of runs.")
    private String runs;

    @Option(
            names = "--at",
            paramLabel = "PARAMS,TOKENS,UNIQUE",
            description = "Prints the loss that is predicted there. May be repeated.")
    private List<String> at = List.of();

    @Option(
            names = "--resamples",
            paramLabel = "N",
            description = "Draws for the intervals (default: ${DEFAULT-VALUE}).")
    private int resamples = 400;

    @Option(names = "--seed", description = "Decides the draws (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Override
    public Integer call() {
        if (resamples < 0 || resamples > RESAMPLES_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--resamples=%d: must be 0..%d".formatted(resamples, RESAMPLES_MAX));
        }
        List<ScalingRun> wanted = at.stream().map(this::wanted).toList();
        List<ScalingRun> given;
        try (RunTables tables = new RunTables(new LazySpark("peregrine mixture scaling"))) {
            given = ScalingRun.of(tables.read(runs));
        }
        ScalingStudy study = ScalingStudy.of(given, resamples, seed, ConsoleProgress.onStandardError());
        PrintWriter out = spec.commandLine().getOut();
        out.print(ScalingText.of(study, wanted));
        out.flush();
        return 0;
    }

    private ScalingRun wanted(String text) {
        List<Double> numbers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            try {
                numbers.add(Double.valueOf(part));
            } catch (NumberFormatException e) {
                throw new ParameterException(
                        spec.commandLine(), "--at=%s: '%s' must be a number".formatted(text, part), e);
            }
        }
        if (numbers.size() != 3 || numbers.stream().anyMatch(n -> !(n > 0)) || numbers.get(2) > numbers.get(1)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--at=%s: must be parameters, tokens and unique tokens, all > 0 and unique <= tokens"
                            .formatted(text));
        }
        return new ScalingRun(numbers.get(0), numbers.get(1), numbers.get(2), 1);
    }
}
