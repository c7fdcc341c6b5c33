package io.peregrine.trainer.experiments.window;

import io.peregrine.mixture.window.Exposure;
import io.peregrine.mixture.window.RetentionSample;
import io.peregrine.mixture.window.RetentionSample.Drop;
import io.peregrine.mixture.window.RetentionSample.Pool;
import io.peregrine.trainer.experiments.window.LossFile.Sequence;
import io.peregrine.trainer.model.LossSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The losses of one source at one checkpoint as drops since each sequence's baseline. Sequences are held against controls of
 * about their own length: of as many predictions, to within a factor of the root of two.
 *
 * @param sample the drops
 * @param controls how many controls there are
 * @param withoutControl how many sequences have no two controls of their length, and are left out
 */
record PairedLosses(RetentionSample sample, int controls, int withoutControl) {

    /**
     * Pairs the losses.
     *
     * @param losses by checkpoint's step
     * @param tokensPerSequence what turns ages into tokens
     */
    static PairedLosses of(
            WindowSelection selection,
            Map<Integer, LossFile> losses,
            int step,
            String source,
            double tokensPerSequence) {
        List<Exposure> exposures = selection.exposures(step, source);
        TreeSet<Integer> steps = new TreeSet<>();
        exposures.forEach(exposure -> steps.add(selection.baselineOf(exposure)));
        List<Integer> baselines = List.copyOf(steps);
        LossFile now = losses.get(step);
        TreeMap<Integer, List<List<Double>>> byLength = new TreeMap<>();
        int controls = 0;
        for (long row : selection.controls(source)) {
            Sequence control = new Sequence(source, row);
            LossSum after = now.of(control).orElseThrow();
            if (after.predictions() > 0) {
                controls++;
                byLength.computeIfAbsent(lengthOf(after), it -> new ArrayList<>())
                        .add(baselines.stream()
                                .map(baseline -> drop(losses.get(baseline), after, control))
                                .toList());
            }
        }
        List<Pool> pools = new ArrayList<>();
        Map<Integer, Integer> poolOf = new TreeMap<>();
        byLength.forEach((length, drops) -> {
            if (drops.size() >= Pool.CONTROLS_MIN && !baselines.isEmpty()) {
                poolOf.put(length, pools.size());
                pools.add(new Pool(drops));
            }
        });
        List<Drop> drops = new ArrayList<>();
        int withoutControl = 0;
        for (Exposure exposure : exposures) {
            Sequence sequence = new Sequence(source, exposure.row());
            LossSum after = now.of(sequence).orElseThrow();
            if (after.predictions() == 0 || !poolOf.containsKey(lengthOf(after))) {
                withoutControl++;
                continue;
            }
            int baseline = selection.baselineOf(exposure);
            drops.add(new Drop(
                    exposure.bin(),
                    exposure.step(),
                    exposure.ageSequences() * tokensPerSequence,
                    poolOf.get(lengthOf(after)),
                    baselines.indexOf(baseline),
                    drop(losses.get(baseline), after, sequence)));
        }
        return new PairedLosses(new RetentionSample(drops, pools), controls, withoutControl);
    }

    private static double drop(LossFile before, LossSum after, Sequence sequence) {
        return before.of(sequence).orElseThrow().mean() - after.mean();
    }

    private static int lengthOf(LossSum loss) {
        return (int) Math.floor(2 * Math.log(loss.predictions()) / Math.log(2));
    }
}
