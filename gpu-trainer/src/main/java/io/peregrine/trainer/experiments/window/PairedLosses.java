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
 * @param before the losses at the baselines in place of the drops
 * @param controls how many controls there are
 * @param withoutControl how many sequences have no two controls of their length, and are left out
 */
record PairedLosses(RetentionSample sample, RetentionSample before, int controls, int withoutControl) {

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
        TreeMap<Integer, List<Sequence>> byLength = new TreeMap<>();
        for (long row : selection.controls(source)) {
            Sequence control = new Sequence(source, row);
            LossSum after = now.of(control).orElseThrow();
            if (after.predictions() > 0) {
                byLength.computeIfAbsent(lengthOf(after), it -> new ArrayList<>())
                        .add(control);
            }
        }
        int controls = byLength.values().stream().mapToInt(List::size).sum();
        byLength.values().removeIf(group -> group.size() < Pool.CONTROLS_MIN || baselines.isEmpty());
        List<Integer> lengths = List.copyOf(byLength.keySet());
        List<Pool> drops = new ArrayList<>();
        List<Pool> levels = new ArrayList<>();
        for (List<Sequence> group : byLength.values()) {
            drops.add(new Pool(group.stream()
                    .map(it -> baselines.stream()
                            .map(baseline -> mean(losses.get(baseline), it) - mean(now, it))
                            .toList())
                    .toList()));
            levels.add(new Pool(group.stream()
                    .map(it -> baselines.stream()
                            .map(baseline -> mean(losses.get(baseline), it))
                            .toList())
                    .toList()));
        }
        List<Drop> exposed = new ArrayList<>();
        List<Drop> exposedBefore = new ArrayList<>();
        for (Exposure exposure : exposures) {
            Sequence sequence = new Sequence(source, exposure.row());
            LossSum after = now.of(sequence).orElseThrow();
            int pool = after.predictions() == 0 ? -1 : lengths.indexOf(lengthOf(after));
            if (pool >= 0) {
                int baseline = selection.baselineOf(exposure);
                double level = mean(losses.get(baseline), sequence);
                double age = exposure.ageSequences() * tokensPerSequence;
                int index = baselines.indexOf(baseline);
                exposed.add(new Drop(exposure.bin(), exposure.step(), age, pool, index, level - mean(now, sequence)));
                exposedBefore.add(new Drop(exposure.bin(), exposure.step(), age, pool, index, level));
            }
        }
        return new PairedLosses(
                new RetentionSample(exposed, drops),
                new RetentionSample(exposedBefore, levels),
                controls,
                exposures.size() - exposed.size());
    }

    /** The losses of all sources: every sequence is still held against controls of its own. */
    static PairedLosses together(List<PairedLosses> losses) {
        return new PairedLosses(
                RetentionSample.union(losses.stream().map(PairedLosses::sample).toList()),
                RetentionSample.union(losses.stream().map(PairedLosses::before).toList()),
                losses.stream().mapToInt(PairedLosses::controls).sum(),
                losses.stream().mapToInt(PairedLosses::withoutControl).sum());
    }

    private static double mean(LossFile losses, Sequence sequence) {
        return losses.of(sequence).orElseThrow().mean();
    }

    private static int lengthOf(LossSum loss) {
        return (int) Math.floor(2 * Math.log(loss.predictions()) / Math.log(2));
    }
}
