package io.peregrine.data.quality.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quality}: classifiers of the family quality. */
@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a linear quality classifier, and scores documents with it.",
            "",
            "A run uses a model by naming it: filter.english.quality.model, with 'quality' among the families of the set"
                    + " and a limit for quality_low."
        },
        subcommands = {QualityTrainCommand.class, QualityScoreCommand.class})
public final class QualityCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given; see train, score");
    }
}
