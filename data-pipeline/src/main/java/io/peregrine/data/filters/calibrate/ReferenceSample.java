package io.peregrine.data.filters.calibrate;

import io.peregrine.data.Document;
import java.io.Serializable;
import java.util.Collection;
import java.util.Set;
import java.util.TreeMap;

/**
 * Documents of each language with the smallest ids. An id is a hash of the text, so this is a random sample, the same for
 * every order and partitioning, and a text that comes twice is in it once.
 */
final class ReferenceSample implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int documentsMax;
    private final int charactersMax;
    private final TreeMap<String, TreeMap<String, String>> texts = new TreeMap<>();
    private final TreeMap<String, Long> seen = new TreeMap<>();
    private final TreeMap<String, Long> tooLong = new TreeMap<>();

    ReferenceSample(int documentsMax, int charactersMax) {
        this.documentsMax = documentsMax;
        this.charactersMax = charactersMax;
    }

    void add(String language, String text) {
        seen.merge(language, 1L, Long::sum);
        if (text.length() > charactersMax) {
            tooLong.merge(language, 1L, Long::sum);
        } else {
            put(language, Document.idOf(text), text);
        }
    }

    void merge(ReferenceSample other) {
        other.seen.forEach((language, count) -> seen.merge(language, count, Long::sum));
        other.tooLong.forEach((language, count) -> tooLong.merge(language, count, Long::sum));
        other.texts.forEach((language, documents) -> documents.forEach((id, text) -> put(language, id, text)));
    }

    private void put(String language, String id, String text) {
        TreeMap<String, String> documents = texts.computeIfAbsent(language, l -> new TreeMap<>());
        if (documents.size() < documentsMax || id.compareTo(documents.lastKey()) < 0) {
            documents.put(id, text);
            if (documents.size() > documentsMax) {
                documents.pollLastEntry();
            }
        }
    }

    /** Every language of which a document was added, whether or not it is in the sample. */
    Set<String> languages() {
        return seen.keySet();
    }

    /** The sampled texts of a language, in the order of their ids. */
    Collection<String> texts(String language) {
        return texts.getOrDefault(language, new TreeMap<>()).values();
    }

    long seen(String language) {
        return seen.getOrDefault(language, 0L);
    }

    long tooLong(String language) {
        return tooLong.getOrDefault(language, 0L);
    }
}
