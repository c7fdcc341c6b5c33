package io.peregrine.data.jobs;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code data}: looking at what the data stages made. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Shows what the data stages of a run made.",
        subcommands = {DataReportCommand.class, DataSummaryCommand.class})
public final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given; see " + names(spec.commandLine()));
    }

    private static String names(CommandLine command) {
        return String.join(", ", command.getSubcommands().keySet());
    }
}
