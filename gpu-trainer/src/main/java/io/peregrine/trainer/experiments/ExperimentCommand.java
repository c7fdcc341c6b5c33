package io.peregrine.trainer.experiments;

import io.peregrine.trainer.experiments.arms.CompareCommand;
import io.peregrine.trainer.experiments.curriculum.CurriculumCommand;
import io.peregrine.trainer.experiments.rates.RatesCommand;
import io.peregrine.trainer.experiments.reuse.ReuseCommand;
import io.peregrine.trainer.experiments.window.MemorizationWindowCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./peregrine experiment}. */
@Command(
        name = "experiment",
        mixinStandardHelpOptions = true,
        description = {
            "Trains what differs in one thing and says what the difference is; measures what a model remembers.",
            ""
        },
        subcommands = {
            CompareCommand.class,
            RatesCommand.class,
            CurriculumCommand.class,
            ReuseCommand.class,
            MemorizationWindowCommand.class
        })
public final class ExperimentCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say which: " + String.join(", ", spec.subcommands().keySet()));
    }
}
