package io.peregrine.rewrite.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.config.SettingsFile;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.jobs.StageCommand;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.RunLock;
import io.peregrine.data.manifest.Stage;
import io.peregrine.rewrite.RewriteConfig;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./peregrine rewrite RUN.yaml}. */
@Command(
        name = "rewrite",
        mixinStandardHelpOptions = true,
        description = {
            "Rewrites documents and checks the answers.",
            "",
            "Stage 40 of a run. With a section 'rewrite.model', a language model behind OpenAI's API writes, within a"
                    + " budget that is never passed, and what was paid for is never paid for again. Without, cleanup@1 puts the"
                    + " structure of a text in order and uses no language model. Refused answers are kept with their"
                    + " reason in 40-rewrite/rejected."
        },
        subcommands = {RewriteReportCommand.class},
        footer = {
            "",
            "Examples:",
            "  peregrine rewrite --dry-run conf/runs/rewrite.yaml",
            "  peregrine rewrite conf/runs/rewrite.yaml",
            "  peregrine rewrite report conf/runs/rewrite.yaml"
        })
public final class RewriteCommand extends StageCommand {
    @Option(
            names = "--dry-run",
            description = "Prints requests, tokens and cost by source and template; sends nothing.")
    private boolean dryRun;

    @Override
    protected boolean withoutRun(SettingsFile settings, PrintWriter out) {
        if (dryRun) {
            estimate(RunFile.of(settings), out);
        }
        return dryRun;
    }

    private static void estimate(RunFile file, PrintWriter out) {
        RewriteConfig config = file.section("rewrite", RewriteConfig.class);
        if (config.model().isEmpty()) {
            out.println("rewrite has no section 'model': the clean-up, which is no model, rewrites and costs nothing");
            return;
        }
        try (LazySpark spark = new LazySpark(
                        "peregrine rewrite --dry-run " + file.head().run());
                RunLock lock = RunLock.take(file.layout())) {
            StageContext context = StageContext.looking(spark.session(), file.layout(), Stage.REWRITE, file.seed());
            new RewriteJob(config).estimate(context).forEach(out::println);
        }
    }

    @Override
    protected List<StageJob> jobs(RunFile file) {
        return List.of(new RewriteJob(file.section("rewrite", RewriteConfig.class)));
    }
}
