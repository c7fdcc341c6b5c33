package io.peregrine.rewrite.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.jobs.StageCommand;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.rewrite.RewriteConfig;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code ./peregrine rewrite RUN.yaml}. */
@Command(
        name = "rewrite",
        mixinStandardHelpOptions = true,
        description = {
            "Rewrites documents and checks the answers.",
            "",
            "Stage 40 of a run. The rewriter is cleanup@1, which puts the structure of a text in order and uses no",
            "language model. Refused answers are kept with their reason in 40-rewrite/rejected."
        })
public final class RewriteCommand extends StageCommand {
    @Override
    protected List<StageJob> jobs(RunFile file) {
        return List.of(new RewriteJob(file.section("rewrite", RewriteConfig.class)));
    }
}
