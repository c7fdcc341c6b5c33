package io.peregrine.trainer.train;

import io.peregrine.data.DataException;
import io.peregrine.data.progress.Progress;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.RunState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains past spikes: at each one back to the last checkpoint before it, in a branch {@code spike-N} that goes on past the
 * sequences that were read since.
 *
 * <p>A branch is there whole or not at all. Killed before it is, a run goes on from its last checkpoint and comes to the
 * same spike and the same branch; killed behind, it goes on with the branch. What it went back from stays.
 *
 * <p>Thread: one.
 */
final class SpikeRollbacks {
    private static final Logger LOG = LoggerFactory.getLogger(SpikeRollbacks.class);
    private static final String PREFIX = "spike-";

    private final Branches branches;
    private final SpikeConfig config;
    private final Rollback.Now now;
    private final int sequenceLength;
    private final Supplier<Instant> clock;

    /**
     * @param now what the run is
     * @param clock for the records of branches, and nothing else
     */
    SpikeRollbacks(Branches branches, SpikeConfig config, Rollback.Now now, Supplier<Instant> clock) {
        this.branches = branches;
        this.config = config;
        this.now = now;
        this.sequenceLength = now.plan().sequenceLength();
        this.clock = clock;
    }

    /**
     * Trains to the end, through as many branches as it takes.
     *
     * @param start a branch's name or {@link Branch#MAIN}; if a spike has led on from it, training goes on there
     * @param setups by name
     * @param entered told of each branch that training goes on in, before it touches a file of it
     */
    TrainingSummary train(
            String start,
            Function<String, TrainingSetup> setups,
            Consumer<String> entered,
            Progress progress,
            int device) {
        String at = start;
        int rollbacks = 0;
        for (Optional<String> next = ledTo(at); next.isPresent(); next = ledTo(at)) {
            at = next.get();
            rollbacks++;
        }
        while (true) {
            String name = at;
            TrainingEnd end = setups.apply(name).train(() -> entered.accept(name), progress, device);
            if (end instanceof TrainingEnd.Finished finished) {
                return finished.summary();
            }
            at = goBack(at, ((TrainingEnd.Spiked) end).spike(), rollbacks++);
        }
    }

    /** The branch that a spike in this one led to, if it goes on with the run as it is now. */
    private Optional<String> ledTo(String parent) {
        if (!config.rollsBack()) {
            return Optional.empty();
        }
        return branches.all().stream()
                .filter(branch -> branch.parent().equals(parent) && SpikeFile.isIn(branches.folder(branch.name())))
                .filter(branch -> branches.checkpoints(branch.name())
                        .latest()
                        .filter(last -> isOfThisRun(last.state()))
                        .isPresent())
                .map(Branch::name)
                .max(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
    }

    private boolean isOfThisRun(RunState state) {
        return now.plan().continues(state.planDigest(), state.position())
                && state.configDigest().equals(now.configDigest())
                && state.seed() == now.seed();
    }

    private String goBack(String parent, Spike spike, int before) {
        String where = branches.folder(parent) + ": " + spike.said();
        if (before >= config.maxRollbacks()) {
            throw new DataException(
                    "%s; it is not gone back from after %d rollbacks (train.spikes.max-rollbacks): what follows spikes too, so that the cause is hardly the data; lower train.learning-rate, lengthen train.warmup-tokens or raise train.spikes.skip-tokens"
                            .formatted(where, before));
        }
        List<Checkpoint> good = branches.checkpoints(parent).all().stream()
                .filter(checkpoint -> checkpoint.state().tokens() <= spike.tokensBefore())
                .toList();
        if (good.isEmpty()) {
            throw new DataException(
                    "%s; there is no checkpoint before it to go back to: lower train.checkpoints.every-steps or train.learning-rate"
                            .formatted(where));
        }
        long skipTo = spike.position() + (config.skipTokens() + sequenceLength - 1) / sequenceLength;
        if (skipTo >= now.plan().totalSequences()) {
            throw new DataException(
                    "%s; the plan has no sequences behind position %d to go on with: raise mixture.total-tokens or lower train.spikes.skip-tokens"
                            .formatted(where, skipTo));
        }
        Rollback rollback =
                new Rollback(parent, spike.tokensBefore(), Optional.of(skipTo), Optional.of(branches.freeName(PREFIX)));
        Branch branch = rollback.make(branches, now, clock.get(), Optional.of(spike));
        LOG.warn("{}; back to step {}, in branch {}, which {}", where, branch.step(), branch.name(), branch.reads());
        return branch.name();
    }
}
