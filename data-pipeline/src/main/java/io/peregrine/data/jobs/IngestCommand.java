package io.peregrine.data.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.sources.SourceConfig;
import java.util.List;
import picocli.CommandLine.Command;

/** Stage 10 on the command line. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "Reads the sources of a run into documents.",
            "Whatever cannot be read is written to 10-documents/rejected with file, position and reason; the rest is"
                    + " processed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  peregrine ingest conf/runs/quickstart.yaml",
            "  peregrine ingest conf/runs/quickstart.yaml --set root=work/second-run"
        })
public final class IngestCommand extends StageCommand {
    @Override
    protected List<StageJob> jobs(RunFile file) {
        return List.of(new IngestJob(file.listSection("sources", SourceConfig.class), file.inputs()));
    }
}
