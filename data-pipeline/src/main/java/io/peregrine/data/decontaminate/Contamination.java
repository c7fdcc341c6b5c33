package io.peregrine.data.decontaminate;

import java.util.List;

/**
 * What a document shares with evaluation items.
 *
 * @param words words of the document
 * @param wordsShared words of the document that lie in a shared run
 * @param shared the places of runs shared with an item that counts, in order; they may overlap
 * @param items the items that the document shares a run with, those that do not count too, in the order of the settings
 */
public record Contamination(int words, int wordsShared, List<Shared> shared, List<SharedItem> items) {
    /**
     * A place where a run of words of an evaluation item begins.
     *
     * @param word index of the first word
     * @param words length of the run
     * @param run name of the run
     */
    public record Shared(int word, int words, long run) {}

    /**
     * An item that shares something with the document.
     *
     * @param set name of the evaluation set
     * @param item name of the item in the set
     * @param ngram the first run of words that the document shares with it, simplified
     * @param runs different runs that the document shares with it
     * @param itemShare these over all different runs of the item that are not exempt, 0..1
     * @param counts whether the share is large enough
     */
    public record SharedItem(String set, String item, String ngram, long runs, double itemShare, boolean counts) {}

    public Contamination {
        shared = List.copyOf(shared);
        items = List.copyOf(items);
    }

    /** Whether there is none: no item counts. */
    public boolean isEmpty() {
        return shared.isEmpty();
    }

    /** Share of the document's words that lie in a shared run, 0..1. */
    public double documentShare() {
        return words == 0 ? 0 : (double) wordsShared / words;
    }

    /** The item of most shared runs among those that count, or among all if none does; the first of equals. */
    public SharedItem worst() {
        SharedItem worst = items.get(0);
        for (SharedItem item : items) {
            boolean isWorse = item.counts() == worst.counts() ? item.runs() > worst.runs() : item.counts();
            worst = isWorse ? item : worst;
        }
        return worst;
    }
}
