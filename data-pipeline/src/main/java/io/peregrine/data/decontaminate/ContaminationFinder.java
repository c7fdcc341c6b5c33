package io.peregrine.data.decontaminate;

import io.peregrine.data.decontaminate.Contamination.Shared;
import io.peregrine.data.decontaminate.Contamination.SharedItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks for evaluation items in documents.
 *
 * <p>A run in common proves little where numbers are all alike: of the pairs of a GSM8K training problem and a test problem
 * that share one, 77 % share less than a twentieth of the test problem's runs, such as "a day for 0 days for a total of 0 0
 * 0 0". Those are reported and do not count. An item of up to 32 words still counts with one run of 13, one of 60 with
 * three. Peers that take a share ask for more: Llama 2 (arXiv:2307.09288, appendix A.6) for 80 % of the words, Tulu 3
 * (arXiv:2411.15124) for half.
 *
 * <p>Time linear in the text, for each length of runs; memory linear in the text. One thread at a time.
 */
public final class ContaminationFinder {
    private final EvaluationIndex index;
    private final Set<Long> exempt;
    private final Map<Integer, Integer> exemptRunsOf = new HashMap<>();
    private final double itemShareMin;
    private final int[] lengths;
    private final HashedWords words = new HashedWords();

    /**
     * @param exempt names of runs that do not count
     * @param itemShareMin share of an item's other runs that a document must have for the item to count, 0..1
     */
    public ContaminationFinder(EvaluationIndex index, Set<Long> exempt, double itemShareMin) {
        this.index = index;
        this.exempt = Set.copyOf(exempt);
        this.itemShareMin = itemShareMin;
        this.lengths = index.lengths();
        for (long run : exempt) {
            int place = index.find(run);
            for (int i = 0; place >= 0 && i < index.items(place); i++) {
                exemptRunsOf.merge(index.item(place, i), 1, Integer::sum);
            }
        }
    }

    /** What a text shares with the evaluation items. */
    public Contamination find(String text) {
        words.read(text);
        List<Shared> shared = new ArrayList<>();
        Set<Integer> places = new HashSet<>();
        Map<Integer, Found> found = new TreeMap<>();
        for (int i = 0; i < words.size(); i++) {
            for (int length : lengths) {
                int place = i + length <= words.size() ? index.find(words.run(i, length)) : -1;
                if (place >= 0 && !exempt.contains(words.run(i, length))) {
                    shared.add(new Shared(i, length, words.run(i, length)));
                    if (places.add(place)) {
                        count(place, i, length, found);
                    }
                }
            }
        }
        List<SharedItem> items = new ArrayList<>();
        boolean allCount = true;
        for (Map.Entry<Integer, Found> entry : found.entrySet()) {
            int item = entry.getKey();
            Found runs = entry.getValue();
            runs.share = (double) runs.count / (index.runsOf(item) - exemptRunsOf.getOrDefault(item, 0));
            boolean counts = runs.share >= itemShareMin;
            allCount &= counts;
            items.add(new SharedItem(
                    index.setOf(item),
                    index.idOf(item),
                    words.show(runs.word, runs.words),
                    runs.count,
                    runs.share,
                    counts));
        }
        if (!allCount) {
            shared.removeIf(run -> !names(index.find(run.run()), found));
        }
        return new Contamination(words.size(), covered(shared), shared, items);
    }

    /** Whether the run at this place names an item that counts. */
    private boolean names(int place, Map<Integer, Found> found) {
        for (int i = 0; i < index.items(place); i++) {
            if (found.get(index.item(place, i)).share >= itemShareMin) {
                return true;
            }
        }
        return false;
    }

    /** Number of words in the runs. */
    private static int covered(List<Shared> shared) {
        int covered = 0;
        int coveredTo = 0;
        for (Shared run : shared) {
            int end = run.word() + run.words();
            covered += Math.max(0, end - Math.max(run.word(), coveredTo));
            coveredTo = Math.max(coveredTo, end);
        }
        return covered;
    }

    private void count(int place, int word, int length, Map<Integer, Found> found) {
        for (int i = 0; i < index.items(place); i++) {
            found.computeIfAbsent(index.item(place, i), item -> new Found(word, length)).count++;
        }
    }

    /** The words of a run of the last text, for people. */
    public String show(Shared run) {
        return words.show(run.word(), run.words());
    }

    private static final class Found {
        private final int word;
        private final int words;
        private long count;
        private double share;

        Found(int word, int words) {
            this.word = word;
            this.words = words;
        }
    }
}
