package io.peregrine.cli;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.progress.ConsoleProgress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run RUN.yaml}: the stages of a run in the order of the flow, none of them twice. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the stages of a run file in order, going on where it stopped.",
            "",
            "A stage that has finished with the same settings, inputs, seed and version is left as it is. Interrupt it"
                    + " whenever you like, kill it if you must: the same command goes on from the last finished stage,"
                    + " and in training from the last checkpoint."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine run conf/runs/quickstart.yaml",
            "  peregrine run my.yaml --until dedup                 the data jobs only",
            "  peregrine run my.yaml --redo filters                that stage, and what depends on it",
            "  peregrine run my.yaml --set train.steps=50 --set seed=7"
        })
public final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN.yaml", description = "The run file; see conf/runs/README.md.")
    private Path runFile;

    @Option(names = "--until", paramLabel = "STAGE", description = "The last stage to run, such as dedup or 30-dedup.")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--redo",
            paramLabel = "STAGE",
            description = "Runs this stage again although nothing has changed. May be repeated.")
    private Set<String> redo = Set.of();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets a key of the run file. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        Stage last = until.map(RunCommand::stage).orElse(Stage.REPORT);
        RunFile file = RunFile.open(runFile, overrides);
        Flow flow = Flow.of(file, last);
        Set<Stage> again = redo.stream()
                .map(RunCommand::stage)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Stage.class)));
        try {
            flow.run(
                    again, ConsoleProgress.onStandardError(), spec.commandLine().getOut());
        } catch (ConfigException e) {
            throw file.placed(e);
        }
        return 0;
    }

    /** A stage by its folder's name, with or without the number. */
    private static Stage stage(String name) {
        return Arrays.stream(Stage.values())
                .filter(stage -> stage.folder().equals(name)
                        || stage.folder()
                                .substring(stage.folder().indexOf('-') + 1)
                                .equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("no stage '%s'; stages: %s"
                        .formatted(
                                name,
                                Arrays.stream(Stage.values()).map(Stage::folder).collect(Collectors.joining(", ")))));
    }
}
