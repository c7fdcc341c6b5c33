package io.peregrine.data.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.dedup.DedupConfig;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code dedup}: stage 30 of a run. */
@Command(
        name = "dedup",
        mixinStandardHelpOptions = true,
        description = {
            "Removes exact copies, then near duplicates (MinHash, verified), over all domains together.",
            "Reads 20-filters/kept; writes 30-dedup/unique, 30-dedup/duplicates (with the document that was kept"
                    + " instead) and 30-dedup/clusters. Settings are in the section 'dedup' of the run file."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine dedup conf/runs/quickstart.yaml",
            "  peregrine export RUN/30-dedup/clusters --format jsonl"
        })
public final class DedupCommand extends StageCommand {
    @Override
    protected List<StageJob> jobs(RunFile file) {
        return List.of(new DedupJob(file.section("dedup", DedupConfig.class)));
    }
}
