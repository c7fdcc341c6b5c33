package io.peregrine.data.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.filters.FilterConfig;
import picocli.CommandLine.Command;

/** {@code filter}: stage 20 of a run. */
@Command(
        name = "filter",
        mixinStandardHelpOptions = true,
        description = {
            "Finds the language of each document and drops what breaks a quality rule.",
            "Reads 10-documents/documents; writes 20-filters/kept and 20-filters/dropped, the latter with rule,"
                    + " measured value and limit. Thresholds are in the section 'filter' of the run file."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine filter conf/runs/quickstart.yaml",
            "  peregrine export RUN/20-filters/dropped --format jsonl"
        })
public final class FilterCommand extends StageCommand {
    @Override
    protected StageJob job(RunFile file) {
        return new FilterJob(file.section("filter", FilterConfig.class));
    }
}
