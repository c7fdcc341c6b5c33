package io.peregrine.data.decontaminate;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Every run of words of every item of the evaluation sets, by its hash. Built once, on the driver; immutable afterwards,
 * safe for all threads, and sent to executors as it is.
 *
 * <p>A text of at least {@code ngram-words} words gives all its runs of that length. A shorter one gives itself as one run
 * if it has {@code short-words-min} words; a still shorter one gives nothing and is counted. A run of fewer than {@code
 * different-words-min} different words other than numbers is left out: a row of numbers is in too many texts to prove
 * anything (without this rule, 25 % of the GSM8K training split met MMLU, by eight numbers in a row). A run that several
 * items share names the first {@value #ITEMS_PER_RUN_MAX} of them in the order of the settings.
 *
 * <p>Memory: 8 bytes a different run, 4 for where its items begin, 4 an item of it, and about one for the directory; twice
 * that while it is built.
 */
public final class EvaluationIndex implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Items that a run names at most; what more items share is a phrase of the set rather than a text of an item. */
    public static final int ITEMS_PER_RUN_MAX = 16;

    private static final int DIRECTORY_BITS_MAX = 24;

    private final int[] lengths;
    private final String[] itemSets;
    private final String[] itemIds;
    private final int[] itemRuns;
    private final long[] runs;
    private final int[] firstItem;
    private final int[] items;
    private final int[] directory;
    private final int directoryShift;
    private final LinkedHashMap<String, SetFacts> facts;

    /**
     * What is known of a set.
     *
     * @param items its items
     * @param itemsUncovered items of which nothing is looked for
     * @param textsTooShort texts that are too short to be looked for
     */
    public record SetFacts(long items, long itemsUncovered, long textsTooShort) implements Serializable {}

    private EvaluationIndex(Builder builder) {
        RunTable table = builder.table;
        table.sort();
        this.lengths = builder.lengths.stream().mapToInt(Integer::intValue).toArray();
        this.itemSets = builder.sets.toArray(String[]::new);
        this.itemIds = builder.ids.toArray(String[]::new);
        this.itemRuns = new int[itemSets.length];
        this.facts = builder.facts;
        long[] distinct = new long[table.size()];
        int[] first = new int[table.size() + 1];
        int[] named = new int[table.size()];
        int size = 0;
        int kept = 0;
        int i = 0;
        while (i < table.size()) {
            long run = table.run(i);
            distinct[size] = run;
            first[size++] = kept;
            int before = -1;
            for (; i < table.size() && table.run(i) == run; i++) {
                int item = table.item(i);
                if (item != before && kept - first[size - 1] < ITEMS_PER_RUN_MAX) {
                    itemRuns[item]++;
                    named[kept++] = item;
                }
                before = item;
            }
        }
        first[size] = kept;
        this.runs = Arrays.copyOf(distinct, size);
        this.firstItem = Arrays.copyOf(first, size + 1);
        this.items = Arrays.copyOf(named, kept);
        int bits = Math.min(DIRECTORY_BITS_MAX, 1 + Integer.SIZE - Integer.numberOfLeadingZeros(size >>> 2));
        this.directoryShift = Long.SIZE - bits;
        this.directory = new int[(1 << bits) + 1];
        for (long run : runs) {
            directory[(int) (run >>> directoryShift) + 1]++;
        }
        for (int entry = 1; entry < directory.length; entry++) {
            directory[entry] += directory[entry - 1];
        }
    }

    /**
     * Reads the sets of the settings and indexes them.
     *
     * @param base folder that relative paths start from
     */
    public static EvaluationIndex of(DecontaminateConfig config, Path base) {
        Builder builder = new Builder(config);
        EvaluationSets.read(config, base, builder::add);
        return builder.build();
    }

    /** What is known of each set, in the order of the settings. */
    public Map<String, SetFacts> facts() {
        return Collections.unmodifiableMap(facts);
    }

    /** Number of different runs of words. */
    public int size() {
        return runs.length;
    }

    /** Lengths that runs have, in words, ascending. */
    int[] lengths() {
        return lengths.clone();
    }

    /** The place of a run, or -1 if no item has it. */
    int find(long run) {
        int bucket = (int) (run >>> directoryShift);
        for (int i = directory[bucket]; i < directory[bucket + 1]; i++) {
            if (runs[i] == run) {
                return i;
            }
        }
        return -1;
    }

    /** Number of items that the run at a place names. */
    int items(int place) {
        return firstItem[place + 1] - firstItem[place];
    }

    /** One of the items that the run at a place names. */
    int item(int place, int index) {
        return items[firstItem[place] + index];
    }

    String setOf(int item) {
        return itemSets[item];
    }

    String idOf(int item) {
        return itemIds[item];
    }

    /** Number of different runs that name an item. */
    int runsOf(int item) {
        return itemRuns[item];
    }

    /** Gathers items. */
    static final class Builder {
        private final DecontaminateConfig config;
        private final RunTable table;
        private final TreeSet<Integer> lengths = new TreeSet<>();
        private final List<String> sets = new ArrayList<>();
        private final List<String> ids = new ArrayList<>();
        private final LinkedHashMap<String, SetFacts> facts = new LinkedHashMap<>();
        private final HashedWords words = new HashedWords();

        Builder(DecontaminateConfig config) {
            this.config = config;
            this.table = new RunTable(config.ngramsMax());
        }

        void add(EvaluationItem item) {
            int before = table.size();
            long tooShort = 0;
            for (String text : item.texts()) {
                words.read(text);
                tooShort += addWords(sets.size()) ? 0 : 1;
            }
            sets.add(item.set());
            ids.add(item.id());
            SetFacts own = new SetFacts(1, table.size() == before ? 1 : 0, tooShort);
            facts.merge(
                    item.set(),
                    own,
                    (a, b) -> new SetFacts(
                            a.items + b.items, a.itemsUncovered + b.itemsUncovered, a.textsTooShort + b.textsTooShort));
        }

        private boolean addWords(int item) {
            int length = Math.min(words.size(), config.ngramWords());
            if (length < config.shortWordsMin()) {
                return false;
            }
            for (int i = 0; i + length <= words.size(); i++) {
                if (words.different(i, length) >= config.differentWordsMin()) {
                    lengths.add(length);
                    table.add(words.run(i, length), item);
                }
            }
            return true;
        }

        EvaluationIndex build() {
            return new EvaluationIndex(this);
        }
    }
}
