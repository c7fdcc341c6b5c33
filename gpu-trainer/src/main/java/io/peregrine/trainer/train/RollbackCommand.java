package io.peregrine.trainer.train;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rollback}: goes back in a run's training, into a branch of it. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = {
            "Goes back to an earlier checkpoint of a run, in a branch of its training.",
            "",
            "The branch begins at the last checkpoint of at most so many tokens, and 'train --branch' goes on with it: on",
            "the same sequences again, with the same losses bit for bit if the settings are the same; or past some of",
            "them, with --skip-to. What was trained before stays as it is. A branch keeps the settings of 'train' that",
            "the run file, with --set, has now."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine rollback my.yaml --to 2000000 --name again",
            "  peregrine rollback my.yaml --to 2000000 --skip-to 51200 --name past-the-spike",
            "  peregrine train my.yaml --branch past-the-spike",
            "  peregrine rollback my.yaml --list"
        })
public final class RollbackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run whose training it is.")
    private Path runFile;

    @Option(
            names = "--to",
            paramLabel = "TOKENS",
            description = "Back to the last checkpoint of at most so many tokens trained on, padding left out.")
    private Optional<Long> tokens = Optional.empty();

    @Option(names = "--of", paramLabel = "BRANCH", description = "Go back in this branch (default: ${DEFAULT-VALUE}).")
    private String parent = Branch.MAIN;

    @Option(
            names = "--skip-to",
            paramLabel = "POSITION",
            description = "Go on at this sequence of the mixture plan (default: where the checkpoint stands).")
    private Optional<Long> skipTo = Optional.empty();

    @Option(names = "--name", paramLabel = "BRANCH", description = "Of the branch (default: branch-1, branch-2, ...).")
    private Optional<String> name = Optional.empty();

    @Option(names = "--list", description = "Prints the branches, each below its parent.")
    private boolean list;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a key of the run file, such as --set train.learning-rate=1e-4. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        RunFile file = RunFile.open(runFile, overrides);
        PrintWriter out = spec.commandLine().getOut();
        if (list == tokens.isPresent()) {
            throw new ParameterException(spec.commandLine(), "say --to TOKENS, or --list");
        }
        if (list) {
            out.print(new Branches(file.layout().train()).tree());
            out.flush();
            return 0;
        }
        TrainStage stage = new TrainStage(file.layout(), file.section("train", TrainConfig.class), file.seed());
        try (RunLock lock = RunLock.take(file.layout())) {
            Rollback rollback = new Rollback(parent, tokens.get(), skipTo, name);
            Branch branch = stage.rollBack(rollback, Clock.systemUTC().instant());
            out.printf(
                    "branch %s: of step %,d of %s (%,d tokens), %s%n",
                    branch.name(), branch.step(), branch.parent(), branch.tokens(), branch.reads());
            out.printf("go on with: train %s --branch %s, and the same --set%n", runFile, branch.name());
        }
        return 0;
    }
}
