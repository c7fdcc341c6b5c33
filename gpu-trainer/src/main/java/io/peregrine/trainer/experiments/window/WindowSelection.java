package io.peregrine.trainer.experiments.window;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.window.AgeBins;
import io.peregrine.mixture.window.Exposure;
import io.peregrine.mixture.window.SequenceSampler;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.experiments.window.LossFile.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which sequences are measured at which checkpoints.
 *
 * <p>The baseline of a sequence is the last checkpoint before the step that trained on it: the closer the two checkpoints, the
 * less else has changed between them. Controls are one set per source for all bins and checkpoints: what the last of them has
 * not seen, none has.
 */
final class WindowSelection {
    private final List<Checkpoint> all;
    private final List<Checkpoint> measured;
    private final List<String> sources;
    private final SortedMap<String, List<Long>> controls = new TreeMap<>();
    private final Map<Integer, Map<String, List<Exposure>>> exposures = new TreeMap<>();
    private final SortedMap<Integer, SortedSet<Sequence>> wanted = new TreeMap<>();

    /**
     * Selects.
     *
     * @param all checkpoints of the run, oldest first, at least two
     * @param measured those to measure the gap at, later than the first
     * @param sources streams of the plan
     */
    WindowSelection(
            MixturePlan plan,
            SequenceSampler sampler,
            AgeBins bins,
            List<Checkpoint> all,
            List<Checkpoint> measured,
            List<String> sources,
            WindowSettings settings) {
        this.all = all;
        this.measured = measured;
        this.sources = sources;
        int first = stepOf(all.get(0));
        int last = stepOf(measured.get(measured.size() - 1));
        for (String source : sources) {
            int stream = plan.streams().indexOf(plan.stream(source));
            List<Long> unseen = sampler.unseen(stream, last, settings.controls());
            controls.put(source, unseen);
            for (Checkpoint checkpoint : measured) {
                int step = stepOf(checkpoint);
                List<Exposure> ofSource = new ArrayList<>();
                for (int bin = 0; bin < bins.count(); bin++) {
                    ofSource.addAll(sampler.exposed(stream, bins, bin, step, first + 1, settings.perBin()));
                }
                exposures.computeIfAbsent(step, it -> new TreeMap<>()).put(source, ofSource);
                for (Exposure exposure : ofSource) {
                    Sequence sequence = new Sequence(source, exposure.row());
                    want(step, sequence);
                    want(baselineOf(exposure), sequence);
                }
            }
        }
        // Every checkpoint that anything is measured at needs the controls, too.
        for (int step : List.copyOf(wanted.keySet())) {
            controls.forEach((source, rows) -> rows.forEach(row -> want(step, new Sequence(source, row))));
        }
        if (wanted.isEmpty()) {
            throw new ConfigException(
                    "--source",
                    sources,
                    "no sequence of these was seen exactly once between two checkpoints; choose other sources or earlier checkpoints");
        }
    }

    private void want(int step, Sequence sequence) {
        wanted.computeIfAbsent(step, it -> new TreeSet<>()).add(sequence);
    }

    /** The step of a checkpoint. */
    static int stepOf(Checkpoint checkpoint) {
        return Math.toIntExact(checkpoint.state().step());
    }

    /** Step of the last checkpoint before a sequence was trained on. */
    int baselineOf(Exposure exposure) {
        int baseline = 0;
        for (Checkpoint checkpoint : all) {
            baseline = stepOf(checkpoint) < exposure.step() ? stepOf(checkpoint) : baseline;
        }
        return baseline;
    }

    List<Checkpoint> measured() {
        return measured;
    }

    List<String> sources() {
        return sources;
    }

    /** Rows of a source that were never trained on. */
    List<Long> controls(String source) {
        return controls.get(source);
    }

    /** Sequences of a source, of all bins, that a measured checkpoint has seen once. */
    List<Exposure> exposures(int step, String source) {
        return exposures.get(step).get(source);
    }

    /** What is to be measured at each checkpoint, by its step. */
    SortedMap<Integer, SortedSet<Sequence>> wanted() {
        return wanted;
    }
}
