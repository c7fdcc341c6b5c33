package io.peregrine.data.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.decontaminate.DecontaminateConfig;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code decontaminate}: stage 35 of a run. */
@Command(
        name = "decontaminate",
        mixinStandardHelpOptions = true,
        description = {
            "Drops or masks documents that repeat an evaluation set, and says which items they repeat.",
            "",
            "Reads 30-dedup/unique; writes 35-decontaminate/clean, contaminated and hits. The sets are in the section"
                    + " 'decontaminate' of the run file; without one every document is passed on."
        },
        footer = {"", "Example:", "  peregrine decontaminate my.yaml"})
public final class DecontaminateCommand extends StageCommand {
    @Override
    protected List<StageJob> jobs(RunFile file) {
        return List.of(new DecontaminateJob(file.section("decontaminate", DecontaminateConfig.class), file.inputs()));
    }
}
