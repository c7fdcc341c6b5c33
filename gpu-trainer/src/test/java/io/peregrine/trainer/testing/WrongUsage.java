package io.peregrine.trainer.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Command lines that are refused for what stands in them. */
public final class WrongUsage {
    private WrongUsage() {}

    /**
     * Runs a command, which is to end as wrong usage does.
     *
     * @param arguments with spaces in between
     * @param why a part of what it says
     */
    public static void assertRefused(CommandLine command, String arguments, String why) {
        StringWriter errors = new StringWriter();
        command.setErr(new PrintWriter(errors));
        assertThat(command.execute(arguments.split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains(why);
    }
}
