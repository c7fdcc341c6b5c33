package io.peregrine.trainer.experiments.curriculum;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.order.SequenceRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** In which order the same sequences are trained on. */
enum SourceOrder {
    /** The plan's: every source with its share from the first step to the last, the hard ones too. */
    ANTI_CURRICULUM {
        @Override
        List<SequenceRef> of(List<SequenceRef> planned, List<Integer> easyFirst, SeedStream draws) {
            return planned;
        }
    },

    /** Source by source, the easiest first; in each source the plan's order. */
    CURRICULUM {
        @Override
        List<SequenceRef> of(List<SequenceRef> planned, List<Integer> easyFirst, SeedStream draws) {
            return planned.stream()
                    .sorted(Comparator.comparingInt(sequence -> easyFirst.indexOf(sequence.stream())))
                    .toList();
        }
    },

    /** Any order (Fisher and Yates): shares of the sources are those of the run in the mean only. */
    SHUFFLED {
        @Override
        List<SequenceRef> of(List<SequenceRef> planned, List<Integer> easyFirst, SeedStream draws) {
            List<SequenceRef> shuffled = new ArrayList<>(planned);
            for (int i = shuffled.size() - 1; i > 0; i--) {
                int j = draws.nextInt(i + 1);
                SequenceRef taken = shuffled.get(i);
                shuffled.set(i, shuffled.get(j));
                shuffled.set(j, taken);
            }
            return shuffled;
        }
    };

    /**
     * The sequences in this order.
     *
     * @param planned in the plan's order
     * @param easyFirst indices of the sources, from easy to hard
     * @param draws random numbers of the arm's seed
     */
    abstract List<SequenceRef> of(List<SequenceRef> planned, List<Integer> easyFirst, SeedStream draws);

    /** Name of its arm. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
