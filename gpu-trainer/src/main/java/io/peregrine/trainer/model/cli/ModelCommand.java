package io.peregrine.trainer.model.cli;

import io.peregrine.trainer.experiments.coordinates.CoordCheckCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./peregrine model}. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description = {"Shows what a model's config.json stands for, and sets and checks its muP multipliers.", ""},
        subcommands = {ModelShowCommand.class, ModelMuPCommand.class, CoordCheckCommand.class})
public final class ModelCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: show, mup, coord-check");
    }
}
