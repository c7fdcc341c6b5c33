package io.peregrine.data.language;

import java.util.Arrays;
import java.util.List;

/**
 * For every known group of one to three characters, what it adds to the log-score of each language of one script.
 *
 * <p>Characters have small numbers, so a group is one {@code int} in an open-addressing table. Groups that speak of many
 * languages are rows of floats, added by the processor's wide instructions; the others are lists. Every group of three
 * begins with a known group of two, so two unknown characters are asked once.
 *
 * <p>Immutable, shared by all threads.
 */
final class NgramTable {
    /** Longest group of UTF-16 units. */
    static final int LONGEST = 3;

    private static final int CHARACTER_BITS = 10;
    private static final int NOTHING = -1;

    /** Languages from which on adding a whole row is faster than a list: measured on Latin script, flat from 12 to 48. */
    private static final int ROW_MIN = 32;

    private final List<String> languages;
    private final int[] words;
    private final int stride;
    private final short[] characters = new short[Character.MAX_VALUE + 1];
    private final int[] singles = new int[1 << CHARACTER_BITS];
    private final long[] slots;
    private final int rows;
    private final float[] rowWeights;
    private final int[] firsts;
    private final byte[] listLanguages;
    private final float[] listWeights;

    /**
     * @param grams sorted by their texts, all of one script or without letters
     * @param outcomes which of the model's outcomes are languages of the script
     * @param names the model's names of its outcomes
     * @param words lists by language
     */
    NgramTable(List<NgramModel.Gram> grams, List<Integer> outcomes, String[] names, MarkerWords words) {
        this.languages = outcomes.stream()
                .map(outcome -> LanguageCodes.bcp47(names[outcome]))
                .toList();
        this.words = languages.stream().mapToInt(words::position).toArray();
        this.stride = (outcomes.size() + 7) / 8 * 8;
        int[] column = new int[names.length];
        Arrays.fill(column, NOTHING);
        outcomes.forEach(outcome -> column[outcome] = outcomes.indexOf(outcome));
        int[] sizes = grams.stream().mapToInt(gram -> size(gram, column)).toArray();
        this.rows = (int) Arrays.stream(sizes).filter(size -> size >= ROW_MIN).count();
        int lists = (int) Arrays.stream(sizes).filter(size -> size < ROW_MIN).count();
        int listed = Arrays.stream(sizes).filter(size -> size < ROW_MIN).sum();
        this.rowWeights = new float[rows * stride];
        this.firsts = new int[lists + 1];
        this.listLanguages = new byte[listed];
        this.listWeights = new float[listed];
        this.slots = new long[Integer.highestOneBit(Math.max(1, grams.size())) * 4];
        Arrays.fill(singles, NOTHING);
        int row = 0;
        int list = 0;
        for (int i = 0; i < sizes.length; i++) {
            boolean wide = sizes[i] >= ROW_MIN;
            put(grams.get(i).text(), wide ? row : rows + list);
            if (wide) {
                fillRow(grams.get(i), column, row++);
            } else {
                fillList(grams.get(i), column, list++);
            }
        }
    }

    private static int size(NgramModel.Gram gram, int[] column) {
        int size = 0;
        for (int outcome : gram.outcomes()) {
            size += column[outcome] == NOTHING ? 0 : 1;
        }
        return size;
    }

    private void fillRow(NgramModel.Gram gram, int[] column, int row) {
        for (int i = 0; i < gram.outcomes().length; i++) {
            int language = column[gram.outcomes()[i]];
            if (language != NOTHING) {
                rowWeights[row * stride + language] = (float) gram.weights()[i];
            }
        }
    }

    private void fillList(NgramModel.Gram gram, int[] column, int list) {
        int next = firsts[list];
        for (int i = 0; i < gram.outcomes().length; i++) {
            int language = column[gram.outcomes()[i]];
            if (language != NOTHING) {
                listLanguages[next] = (byte) language;
                listWeights[next++] = (float) gram.weights()[i];
            }
        }
        firsts[list + 1] = next;
    }

    private void put(String gram, int entry) {
        int key = 0;
        for (int i = 0; i < gram.length(); i++) {
            key = key << CHARACTER_BITS | number(gram.charAt(i));
        }
        if (gram.length() == 1) {
            singles[key] = entry;
            return;
        }
        int slot = home(key);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = (long) key << 32 | (entry + 1);
    }

    private int number(char c) {
        if (characters[c] == 0) {
            int known = 1;
            for (short number : characters) {
                known += number != 0 ? 1 : 0;
            }
            if (known >= 1 << CHARACTER_BITS) {
                throw new IllegalStateException("the model has more than %d characters in one script".formatted(known));
            }
            characters[c] = (short) known;
        }
        return characters[c];
    }

    /** Our code of each column of the scores. Two columns may have one code: the model has Latvian and Estonian twice. */
    List<String> languages() {
        return languages;
    }

    /** Position of each column's list of marker words, -1 where there is none. Not to be changed. */
    int[] words() {
        return words;
    }

    /** Length of an array of scores; what is beyond {@link #languages()} stays 0. */
    int stride() {
        return stride;
    }

    /** Number of groups. */
    int size() {
        return rows + firsts.length - 1;
    }

    /**
     * Adds what the distinct groups of a text say to the scores.
     *
     * @param text normalised units, to {@code length}
     * @param seen last generation in which a group was met, by group; of {@link #size()} and updated
     * @return number of distinct known groups
     */
    int score(char[] text, int length, float[] scores, int[] seen, int generation) {
        int distinct = 0;
        int first = length > 0 ? characters[text[0]] : 0;
        int second = length > 1 ? characters[text[1]] : 0;
        for (int at = 0; at < length; at++) {
            int third = at + 2 < length ? characters[text[at + 2]] : 0;
            if (first != 0) {
                distinct += meet(singles[first], scores, seen, generation);
                if (second != 0) {
                    int two = find(first << CHARACTER_BITS | second);
                    distinct += meet(two, scores, seen, generation);
                    if (two != NOTHING && third != 0) {
                        int three = find((first << CHARACTER_BITS | second) << CHARACTER_BITS | third);
                        distinct += meet(three, scores, seen, generation);
                    }
                }
            }
            first = second;
            second = third;
        }
        return distinct;
    }

    private int meet(int entry, float[] scores, int[] seen, int generation) {
        if (entry == NOTHING || seen[entry] == generation) {
            return 0;
        }
        seen[entry] = generation;
        if (entry < rows) {
            int from = entry * stride;
            for (int i = 0; i < stride; i++) {
                scores[i] += rowWeights[from + i];
            }
        } else {
            for (int i = firsts[entry - rows]; i < firsts[entry - rows + 1]; i++) {
                scores[listLanguages[i]] += listWeights[i];
            }
        }
        return 1;
    }

    private int find(int key) {
        int slot = home(key);
        while (slots[slot] != 0) {
            if ((int) (slots[slot] >>> 32) == key) {
                return (int) slots[slot] - 1;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return NOTHING;
    }

    private int home(int key) {
        return ((key * 0x9E3779B1) >>> 7) & (slots.length - 1);
    }
}
