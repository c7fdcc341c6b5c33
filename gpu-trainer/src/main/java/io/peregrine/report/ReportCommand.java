package io.peregrine.report;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code peregrine report RUN_DIR}: writes the report of a run, finished or not. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Writes the HTML report of a run, finished or not.")
public final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN_DIR", description = "The run's folder, the one that holds 10-documents.")
    private Path folder;

    @Override
    public Integer call() {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": no such folder; give the folder that holds 10-documents");
        }
        spec.commandLine().getOut().println(ReportStage.write(new RunLayout(folder)));
        return 0;
    }
}
