package io.peregrine.data.decontaminate;

import io.peregrine.data.decontaminate.Contamination.Shared;
import io.peregrine.data.decontaminate.Contamination.SharedItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks for evaluation items in documents.
 *
 * <p>Time linear in the text, for each length of runs; memory linear in the text. One thread at a time.
 */
public final class ContaminationFinder {
    private final EvaluationIndex index;
    private final Set<Long> exempt;
    private final int[] lengths;
    private final HashedWords words = new HashedWords();

    /** @param exempt names of runs that do not count */
    public ContaminationFinder(EvaluationIndex index, Set<Long> exempt) {
        this.index = index;
        this.exempt = Set.copyOf(exempt);
        this.lengths = index.lengths();
    }

    /** What a text shares with the evaluation items. */
    public Contamination find(String text) {
        words.read(text);
        List<Shared> shared = new ArrayList<>();
        TreeSet<Integer> places = new TreeSet<>();
        Map<Integer, Found> found = new TreeMap<>();
        int covered = 0;
        int coveredTo = 0;
        for (int i = 0; i < words.size(); i++) {
            for (int length : lengths) {
                int place = i + length <= words.size() ? index.find(words.run(i, length)) : -1;
                if (place >= 0 && !exempt.contains(words.run(i, length))) {
                    shared.add(new Shared(i, length, words.run(i, length)));
                    covered += i + length - Math.max(i, coveredTo) > 0 ? i + length - Math.max(i, coveredTo) : 0;
                    coveredTo = Math.max(coveredTo, i + length);
                    if (places.add(place)) {
                        count(place, i, length, found);
                    }
                }
            }
        }
        List<SharedItem> items = new ArrayList<>();
        found.forEach((item, runs) -> items.add(new SharedItem(
                index.setOf(item),
                index.idOf(item),
                words.show(runs.word, runs.words),
                runs.count,
                (double) runs.count / index.runsOf(item))));
        return new Contamination(words.size(), covered, shared, items);
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

        Found(int word, int words) {
            this.word = word;
            this.words = words;
        }
    }
}
