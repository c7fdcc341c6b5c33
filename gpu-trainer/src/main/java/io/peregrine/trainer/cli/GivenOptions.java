package io.peregrine.trainer.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The options that somebody gave to a command. */
public final class GivenOptions {
    private GivenOptions() {}

    /**
     * Refuses options that the command would not look at.
     *
     * @param why said behind the option's name
     * @param options their names
     * @throws ParameterException naming the first that was given
     */
    public static void refuse(CommandSpec spec, String why, List<String> options) {
        for (String option : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), option + " " + why);
            }
        }
    }
}
