package io.peregrine.mixture.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.config.SettingsFile;
import io.peregrine.data.jobs.StageCommand;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlanTrial;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.PlanLease;
import io.peregrine.mixture.plan.TrialPlanner;
import io.peregrine.mixture.shard.ShardChanges;
import io.peregrine.mixture.shard.ShardIndex;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The mixture on the command line: {@code mixture plan}, {@code build}, {@code change} and the rest. The command line adds
 * {@code export}, which reads the shards with the trainer's loader.
 */
@Command(
        name = "mixture",
        mixinStandardHelpOptions = true,
        description = "Chooses weights, plans which sequence is trained when, and writes the shards.",
        subcommands = {
            MixtureCommand.Plan.class,
            MixtureCommand.Build.class,
            MixtureStatusCommand.class,
            MixtureReportCommand.class,
            MixtureChangeCommand.class,
            MixtureRevertCommand.class,
            MixtureGcCommand.class,
            MixtureOptimizeCommand.class,
            MixtureScalingCommand.class
        })
public final class MixtureCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        CommandLine command = spec.commandLine();
        throw new ParameterException(
                command,
                "no subcommand given; one of " + command.getSubcommands().keySet());
    }

    /** Stage 60. */
    @Command(
            name = "plan",
            mixinStandardHelpOptions = true,
            description = {
                "Packs the documents by their lengths and plans the mixture (stage 60).",
                "",
                "Prints what the plan does with each stream: its share, the cap that binds, epochs, and a certificate of the"
                        + " fewest tokens between two exposures of a sequence; the same for each reuse group, whose streams"
                        + " hold versions of the same documents.",
                "",
                "A file without the head of a run, that says under 'supply' how much each stream has, is planned from that: it"
                        + " needs no tables and writes nothing."
            },
            footer = {
                "",
                "Examples:",
                "  peregrine mixture plan my.yaml",
                "  peregrine mixture plan my.yaml --set mixture.total-tokens=5000000",
                "  peregrine mixture plan conf/mixture/falcon-h1-code-heavy.yaml --set supply.math.tokens=200_000_000_000"
            })
    static final class Plan extends StageCommand {
        @Override
        protected boolean withoutRun(SettingsFile file, PrintWriter out) {
            boolean trial = !file.has("run") && file.has("mixture");
            if (trial) {
                MixturePlan plan = TrialPlanner.plan(file.as(PlanTrial.class));
                out.println(
                        "planned from stated sizes; nothing is written. Sequences are taken as full where the supply "
                                + "does not say how many there are");
                new PlanTable(plan, 0).print(out);
            }
            return trial;
        }

        @Override
        protected List<StageJob> jobs(RunFile file) {
            return List.of(MixtureJob.of(file.layout(), file.section("mixture", MixtureConfig.class)));
        }

        @Override
        protected void end(RunFile file, PrintWriter out) {
            Path folder = file.layout().mixture();
            MixturePlan plan = PlanFile.read(folder.resolve(MixturePlan.FILE_NAME));
            new PlanTable(plan, PlanLease.block(folder, plan.blockSize())).print(out);
        }
    }

    /** Stage 70. */
    @Command(
            name = "build",
            mixinStandardHelpOptions = true,
            description = {
                "Writes the shards that the plan orders (stage 70).",
                "",
                "Of each stream only those shards are written whose documents, tokenizer or packing are not those of last",
                "time; so it may be run from cron. Says of every stream what was done and why."
            },
            footer = {"", "Example:", "  peregrine mixture build my.yaml"})
    static final class Build extends StageCommand {
        private Optional<ShardIndex> before = Optional.empty();

        @Override
        protected List<StageJob> jobs(RunFile file) {
            return List.of(new ShardJob());
        }

        @Override
        protected void begin(RunFile file) {
            Path index = file.layout().shards().resolve(ShardIndex.FILE_NAME);
            before = Files.exists(index) ? Optional.of(ShardIndex.read(index)) : Optional.empty();
        }

        @Override
        protected void end(RunFile file, PrintWriter out) {
            ShardIndex after = ShardIndex.read(file.layout().shards().resolve(ShardIndex.FILE_NAME));
            ShardChanges.between(before, after).forEach(out::println);
        }
    }
}
