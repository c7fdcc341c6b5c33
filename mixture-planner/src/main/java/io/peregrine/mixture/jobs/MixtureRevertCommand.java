package io.peregrine.mixture.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import java.time.Clock;
import picocli.CommandLine.Command;

/** Takes the last change of a mixture back. */
@Command(
        name = "revert",
        mixinStandardHelpOptions = true,
        description = {
            "Takes the last change of a run's mixture back.",
            "",
            "The plan is again what it was, digest and all; training goes on from the last checkpoint that both plans",
            "agree on. The run file has to say again what it said before the change. What was taken back stays in the",
            "history. To go back later without losing what was trained since, change the mixture once more instead."
        },
        footer = {"", "Example:", "  peregrine mixture revert my.yaml --reason 'no effect'"})
final class MixtureRevertCommand extends MixtureHistoryCommand {
    MixtureRevertCommand() {
        super(Clock.systemUTC());
    }

    @Override
    MixtureHistory next(MixtureHistory history, RunFile file, String author, String reason, String at) {
        MixtureHistory before = history.reverting(author, reason, at)
                .orElseThrow(
                        () -> new DataException("%s: the mixture has not been changed, so there is nothing to take back"
                                .formatted(file.layout().mixture())));
        if (!before.current().equals(file.section("mixture", MixtureConfig.class))) {
            throw new DataException(
                    "%s: the section 'mixture' is not what it was before the last change; put it back first"
                            .formatted(file.layout().root()));
        }
        return before;
    }
}
