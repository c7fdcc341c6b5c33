package io.peregrine.data.text;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that spaCy's tokenizer knows of one language.
 *
 * @param code ISO 639-1
 * @param punctuation what is cut off of words
 * @param cases words that are cut up as they say
 * @param wholeWords what is never cut, whatever the punctuation
 */
record SpacyLanguage(String code, SpacyPunctuation punctuation, SpacyCases cases, WholeWords wholeWords) {
    /** Says of ranges whether they are words as a whole. */
    @FunctionalInterface
    interface WholeWords {
        WholeWords NONE = (text, from, to) -> false;

        boolean has(char[] text, int from, int to);
    }

    /** Makes a language of its cases, the tokens by word, joined they are the word. */
    static SpacyLanguage of(
            String code, SpacyPunctuation punctuation, Map<String, List<String>> tokens, WholeWords wholeWords) {
        SpacyCases cases = new SpacyCases(new TreeMap<>(tokens));
        SpacyLanguage plain = new SpacyLanguage(code, punctuation, new SpacyCases(Map.of()), wholeWords);
        SpacyWords splitter = new SpacyWords(plain);
        Spans spans = new Spans();
        Map<String, List<String>> sequences = new TreeMap<>();
        tokens.keySet().forEach(word -> {
            if (word.indexOf(' ') >= 0 || punctuation.cuts(word.toCharArray())) {
                splitter.split(word, spans);
                sequences.put(word, spans.words(word));
            }
        });
        cases.addSequences(sequences);
        return new SpacyLanguage(code, punctuation, cases, wholeWords);
    }
}
