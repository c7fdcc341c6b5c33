package io.peregrine.trainer.experiments.window;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.window.AgeBins;
import io.peregrine.mixture.window.TrainedSteps;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.ops.backend.Backend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a person asks for.
 *
 * @param settings how much is measured
 * @param edgesTokens edges of the bins of age, in place of evenly spaced ones; empty for those
 * @param steps of the checkpoints to measure at, in place of evenly spaced ones; empty for those
 * @param sources streams to measure; empty for all
 * @param backend who computes
 */
record WindowRequest(
        WindowSettings settings, List<Long> edgesTokens, List<Integer> steps, List<String> sources, Backend backend) {
    /** Steps of the narrowest bin: fewer cannot be told from what one step happened to do. */
    private static final int BIN_STEPS_MIN = 4;

    WindowRequest {
        edgesTokens = List.copyOf(edgesTokens);
        steps = List.copyOf(steps);
        sources = List.copyOf(sources);
    }

    /** The streams to measure, by name. */
    List<String> sourcesOf(MixturePlan plan) {
        List<String> planned = plan.streams().stream()
                .filter(PlannedStream::planned)
                .map(PlannedStream::name)
                .toList();
        for (String source : sources) {
            if (!planned.contains(source)) {
                throw new ConfigException("--source", source, "must be a stream that the plan has: " + planned);
            }
        }
        return sources.isEmpty()
                ? planned
                : sources.stream().distinct().sorted().toList();
    }

    /**
     * The checkpoints to measure at, oldest first.
     *
     * @param all of the run, oldest first
     * @throws ConfigException if one is not there or has none before it
     */
    List<Checkpoint> checkpointsOf(List<Checkpoint> all) {
        List<Integer> there = all.stream().map(WindowSelection::stepOf).toList();
        if (all.size() < 2) {
            throw new ConfigException(
                    "--checkpoints",
                    there,
                    "a gap needs two checkpoints, one before and one after; train for longer, or keep earlier ones (train.checkpoints.keep-log-spaced)");
        }
        List<Checkpoint> later = all.subList(1, all.size());
        for (int step : steps) {
            if (!there.contains(step)) {
                throw new ConfigException("--checkpoints", step, "no checkpoint of this step; there are " + there);
            }
            if (step == there.get(0)) {
                throw new ConfigException(
                        "--checkpoints",
                        step,
                        "the first checkpoint has none before it to compare with; there are " + there);
            }
        }
        return steps.isEmpty()
                ? evenlySpaced(later)
                : later.stream()
                        .filter(checkpoint -> steps.contains(WindowSelection.stepOf(checkpoint)))
                        .toList();
    }

    /** The last one, and as many before it as are asked for, nearest to even spacing of the steps' logarithms. */
    private List<Checkpoint> evenlySpaced(List<Checkpoint> later) {
        int count = Math.min(settings.checkpoints(), later.size());
        double first = Math.log(later.get(0).state().step());
        double last = Math.log(later.get(later.size() - 1).state().step());
        List<Checkpoint> left = new ArrayList<>(later);
        return IntStream.range(0, count)
                .mapToDouble(i -> last - i * (last - first) / count)
                .mapToObj(wanted -> {
                    Checkpoint nearest = left.stream()
                            .min(Comparator.comparingDouble(
                                    it -> Math.abs(Math.log(it.state().step()) - wanted)))
                            .orElseThrow();
                    left.remove(nearest);
                    return nearest;
                })
                .sorted(Comparator.comparingLong(it -> it.state().step()))
                .toList();
    }

    /**
     * The bins of age.
     *
     * @param firstStep of the earliest checkpoint
     * @param lastStep of the last one that is measured
     * @throws ConfigException if they are older than anything that was trained on between checkpoints
     */
    AgeBins binsOf(TrainedSteps trained, int firstStep, int lastStep, double tokensPerSequence) {
        long batch = trained.sequences(lastStep);
        long covered = trained.ageSequences(firstStep + 1, lastStep);
        if (edgesTokens.isEmpty()) {
            return AgeBins.logSpaced(settings.bins(), batch, covered + 1, BIN_STEPS_MIN * batch);
        }
        long oldest = edgesTokens.get(edgesTokens.size() - 1);
        if (oldest > (covered + 1) * tokensPerSequence) {
            throw new ConfigException(
                    "--bins",
                    oldest,
                    "step %d has trained on %d tokens since the first checkpoint, at step %d: ages beyond these have nothing to be compared with; train for longer, or ask for less"
                            .formatted(lastStep, Math.round(covered * tokensPerSequence), firstStep));
        }
        return new AgeBins(edgesTokens.stream()
                .map(tokens -> Math.max(1, Math.round(tokens / tokensPerSequence)))
                .toList());
    }
}
