package io.peregrine.data.decontaminate;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Settings of the decontamination stage. */
public record DecontaminateConfig(
        @Key(doc = "the evaluation sets; without one, the stage passes every document on")
        List<EvaluationSet> sets,

        @Key(unit = "words", doc = "length of a run of words that must not be shared (GPT-3: 13; datatrove: 12)")
        int ngramWords,

        @Key(
                unit = "words",
                doc = "texts of an item shorter than a run are looked for whole if they have this many words, else not")
        int shortWordsMin,

        @Key(
                unit = "words",
                doc =
                        "a run counts if it has this many different words that are no numbers; so tables and formulas do not")
        int differentWordsMin,

        @Key(
                unit = "0..1",
                doc =
                        "least share of an item's runs that a document must have for the item to count; 0 counts every run, as"
                                + " GPT-3 and datatrove do, and takes word problems that share a phrase and any numbers")
        double itemShareMin,

        @Key(doc = "drop a contaminated document, or mask the shared runs of words in it")
        Action action,

        @Key(doc = "what stands in place of masked words") String maskText,

        @Key(unit = "0..1", doc = "a document more of whose words are shared is dropped, not masked")
        double maskShareMax,

        @Key(
                unit = "documents",
                doc = "runs of words that more training documents hold are common phrases and exempt; 0 exempts none")
        long exemptDocumentsMax,

        @Key(unit = "runs", doc = "most runs of words of all sets together; the index takes about 20 bytes for each")
        int ngramsMax)
        implements Serializable {
    public static final DecontaminateConfig DEFAULTS =
            new DecontaminateConfig(List.of(), 13, 8, 6, 0.05, Action.DROP, "", 0.5, 100, 20_000_000);

    private static final int NGRAM_WORDS_MAX = 100;

    /** What happens to a document that holds an evaluation text. */
    public enum Action {
        DROP,
        MASK
    }

    /** One evaluation set. */
    public record EvaluationSet(
            @Key(doc = "name of the set in tables and reports")
            String name,

            @Key(doc = "files of one JSON object a line, plain or gzip")
            List<String> paths,

            @Key(doc = "keys of the object whose texts must not be learned; of a list of texts, each counts by itself")
            List<String> fields,

            @Key(doc = "what texts of the set may begin with that is no part of the item, such as 'Question:'")
            Optional<String> prefix) {
        private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*");

        public EvaluationSet {
            paths = List.copyOf(paths);
            fields = List.copyOf(fields);
            if (!NAME.matcher(name).matches()) {
                throw new ConfigException("name", name, "must be lower-case letters, digits, '.', '_' and '-'");
            }
            if (paths.isEmpty()) {
                throw new ConfigException("paths", paths, "must name a file");
            }
            if (fields.isEmpty()) {
                throw new ConfigException("fields", fields, "must name a key");
            }
            if (prefix.isPresent() && prefix.get().isBlank()) {
                throw new ConfigException("prefix", "'" + prefix.get() + "'", "must have a word, or be left out");
            }
        }
    }

    public DecontaminateConfig {
        sets = List.copyOf(sets);
        List<String> names = sets.stream().map(EvaluationSet::name).toList();
        if (new HashSet<>(names).size() < names.size()) {
            throw new ConfigException("sets", names, "must have names of their own");
        }
        if (ngramWords < 2 || ngramWords > NGRAM_WORDS_MAX) {
            throw new ConfigException("ngram-words", ngramWords, "must be 2 to " + NGRAM_WORDS_MAX + " words");
        }
        if (shortWordsMin < 1 || shortWordsMin > ngramWords) {
            throw new ConfigException("short-words-min", shortWordsMin, "must be 1 to ngram-words");
        }
        if (differentWordsMin < 0 || differentWordsMin > shortWordsMin) {
            throw new ConfigException("different-words-min", differentWordsMin, "must be 0 to short-words-min");
        }
        if (!(itemShareMin >= 0 && itemShareMin <= 1)) {
            throw new ConfigException("item-share-min", itemShareMin, "must be 0 to 1");
        }
        if (!(maskShareMax >= 0 && maskShareMax <= 1)) {
            throw new ConfigException("mask-share-max", maskShareMax, "must be 0 to 1");
        }
        if (exemptDocumentsMax < 0) {
            throw new ConfigException("exempt-documents-max", exemptDocumentsMax, "must be >= 0 documents");
        }
        if (ngramsMax < 1) {
            throw new ConfigException("ngrams-max", ngramsMax, "must be >= 1 runs");
        }
    }

    /** These settings without the sets, which an {@link EvaluationIndex} holds: what goes to executors. */
    public DecontaminateConfig withoutSets() {
        return new DecontaminateConfig(
                List.of(),
                ngramWords,
                shortWordsMin,
                differentWordsMin,
                itemShareMin,
                action,
                maskText,
                maskShareMax,
                exemptDocumentsMax,
                ngramsMax);
    }
}
