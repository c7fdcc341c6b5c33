package io.peregrine.mixture.jobs;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.mixture.BlockRange;
import io.peregrine.mixture.MixtureChange;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.mixture.plan.PlanLease;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Changes the mixture of a run that is being trained, from a block on. */
@Command(
        name = "change",
        mixinStandardHelpOptions = true,
        description = {
            "Changes the mixture of a run that is being trained, from a block on.",
            "",
            "The blocks before stay as they are, so training goes on from its last checkpoint and sees nothing twice and",
            "leaves nothing out. The run file says what is wanted now: other weights, schedule, caps or budget of the",
            "whole run, or one more stream. With --skip nothing changes but that these blocks are not trained on.",
            "From a block before the last checkpoint, training goes back to the last checkpoint before it."
        },
        footer = {
            "",
            "Examples:",
            "  peregrine mixture change my.yaml --reason 'more mathematics, as the loss on it is flat'",
            "  peregrine mixture change my.yaml --skip 120..124 --reason 'loss spike at step 31,400'",
            "  peregrine mixture revert my.yaml --reason 'no effect'"
        })
final class MixtureChangeCommand extends MixtureHistoryCommand {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");

    @Option(
            names = "--from-block",
            paramLabel = "N",
            description = "First block that may differ (default: the first that no checkpoint has read of).")
    private Optional<Integer> fromBlock = Optional.empty();

    @Option(
            names = "--skip",
            paramLabel = "FROM..TO",
            description = "Blocks that are not trained on, from FROM to the one before TO.")
    private Optional<String> skip = Optional.empty();

    MixtureChangeCommand() {
        super(Clock.systemUTC());
    }

    @Override
    MixtureHistory next(MixtureHistory history, RunFile file, String author, String reason, String at) {
        MixtureConfig settings = file.section("mixture", MixtureConfig.class);
        boolean same = settings.equals(history.current());
        if (skip.isPresent()) {
            if (!same) {
                throw new ConfigException(
                        "--skip", skip.get(), "the section 'mixture' differs too; change one thing at a time");
            }
            BlockRange blocks = range(skip.get());
            return history.with(
                    new MixtureChange(blocks.from(), Optional.empty(), Optional.of(blocks), author, reason, at));
        }
        if (same) {
            throw new ConfigException(
                    "mixture", "the settings in force", "nothing to change; edit the section, or say --skip FROM..TO");
        }
        int block = fromBlock.orElseGet(() -> firstUnread(file.layout()));
        return history.with(new MixtureChange(block, Optional.of(settings), Optional.empty(), author, reason, at));
    }

    private static BlockRange range(String skip) {
        Matcher range = RANGE.matcher(skip);
        if (!range.matches()) {
            throw new ConfigException("--skip", skip, "must be FROM..TO, two numbers of blocks");
        }
        return new BlockRange(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
    }

    private static int firstUnread(RunLayout layout) {
        PlanLease lease = PlanLease.read(layout.mixture())
                .filter(read -> read.position() > 0)
                .orElseThrow(() -> new DataException(
                        "%s: nothing has been trained on this plan yet; run 'mixture plan', or name --from-block"
                                .formatted(layout.mixture())));
        MixturePlan plan = PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME));
        return Math.toIntExact((lease.position() + plan.blockSize() - 1) / plan.blockSize());
    }
}
