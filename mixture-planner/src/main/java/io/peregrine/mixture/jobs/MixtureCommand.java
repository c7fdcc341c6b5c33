package io.peregrine.mixture.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.jobs.StageCommand;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.mixture.MixtureConfig;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The mixture on the command line: {@code mixture plan}, {@code build}, {@code status}. */
@Command(
        name = "mixture",
        mixinStandardHelpOptions = true,
        description = "Plans which sequence is trained when, and writes the shards.",
        subcommands = {MixtureCommand.Plan.class, MixtureCommand.Build.class, MixtureStatusCommand.class})
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
            description = "Packs the documents by their lengths and plans the mixture (stage 60).")
    static final class Plan extends StageCommand {
        @Override
        protected List<StageJob> jobs(RunFile file) {
            return List.of(new MixtureJob(file.section("mixture", MixtureConfig.class)));
        }
    }

    /** Stage 70. */
    @Command(
            name = "build",
            mixinStandardHelpOptions = true,
            description = "Writes the shards that the plan orders (stage 70).")
    static final class Build extends StageCommand {
        @Override
        protected List<StageJob> jobs(RunFile file) {
            return List.of(new ShardJob());
        }
    }
}
