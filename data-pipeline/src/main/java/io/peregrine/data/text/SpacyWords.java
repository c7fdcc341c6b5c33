package io.peregrine.data.text;

import java.util.List;
import java.util.Optional;

/**
 * The tokens of spaCy's blank pipelines, version 3.8, without those that are whitespace.
 *
 * <p>A run of characters that are not whitespace is one token if it is a case of its own, cut up as its language says.
 * Otherwise a prefix and a suffix are cut off as long as there are any and what is left is no case and no word that stays
 * whole. What remains is a case, a whole word, an address, or is cut at its infixes. At last, tokens that stand side by side
 * for a case become that case.
 *
 * <p>Time is linear: every cut looks at few characters, and what it cuts off is not looked at again.
 *
 * @see <a href="https://spacy.io/usage/linguistic-features#how-tokenizer-works">How spaCy's tokenizer works</a>
 */
public final class SpacyWords implements WordSplitter {
    /** Name of the English tokens, for settings and manifests. */
    public static final String ENGLISH = SpacyLanguages.PREFIX + "en";

    private final SpacyLanguage language;
    private final SpacyPunctuation punctuation;
    private final SpacyCases cases;
    private final SpacySequences sequences;
    private final Spans suffixes = new Spans();
    private char[] buffer = new char[1024];

    SpacyWords(SpacyLanguage language) {
        this.language = language;
        this.punctuation = language.punctuation();
        this.cases = language.cases();
        this.sequences = new SpacySequences(cases);
    }

    /** The English tokens. */
    public static SpacyWords english() {
        return named(ENGLISH).orElseThrow();
    }

    /** The tokens that have a name such as {@value #ENGLISH}, if they are known. */
    public static Optional<SpacyWords> named(String profile) {
        return SpacyLanguages.named(profile).map(SpacyWords::new);
    }

    /** The names of all tokens that are known, in alphabetical order. */
    public static List<String> names() {
        return SpacyLanguages.names();
    }

    @Override
    public String profile() {
        return SpacyLanguages.PREFIX + language.code();
    }

    @Override
    public void split(CharSequence text, Spans words) {
        int length = text.length();
        if (buffer.length < length) {
            buffer = new char[(int) Math.min(Integer.MAX_VALUE - 8L, length * 2L)];
        }
        if (text instanceof String string) {
            string.getChars(0, length, buffer, 0);
        } else {
            for (int i = 0; i < length; i++) {
                buffer[i] = text.charAt(i);
            }
        }
        split(buffer, length, words);
    }

    /** Replaces the content of {@code words} by the words of the first so many units. */
    public void split(char[] text, int length, Spans words) {
        words.clear();
        boolean sequencesFound = cases.isSpaced();
        int at = 0;
        while (at < length) {
            char c = text[at];
            if (isSpace(c)) {
                at++;
                continue;
            }
            int start = at;
            boolean plain = true;
            while (at < length && !isSpace(c = text[at])) {
                plain &= (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c > 127 && SpacyCharacters.is(c, SpacyCharacters.PLAIN));
                at++;
            }
            int number = cases.find(text, start, at);
            if (number != SpacyCases.NONE) {
                cases.addTokens(number, start, words);
            } else if (plain) {
                words.add(start, at);
            } else {
                int first = words.size();
                cut(text, start, at, words);
                sequencesFound |= words.size() > first + 1 && sequences.begins(text, words, first);
            }
        }
        if (sequencesFound) {
            sequences.replace(text, length, words);
        }
    }

    private static boolean isSpace(char c) {
        return c <= ' ' ? CodePoints.is(c, CodePoints.SPACE) : c > 127 && CodePoints.is(c, CodePoints.SPACE);
    }

    /** Cuts up a range without whitespace that is no case as a whole. */
    private void cut(char[] text, int start, int end, Spans words) {
        suffixes.clear();
        int from = start;
        int to = end;
        int number = SpacyCases.NONE;
        boolean whole = false;
        while (from < to) {
            whole = language.wholeWords().has(text, from, to);
            if (whole) {
                break;
            }
            int prefix = punctuation.prefix(text, from, to);
            if (prefix > 0 && (number = cases.find(text, from + prefix, to)) != SpacyCases.NONE) {
                words.add(from, from + prefix);
                from += prefix;
                break;
            }
            int suffix = punctuation.suffix(text, from + prefix, to);
            if (suffix > 0 && (number = cases.find(text, from, to - suffix)) != SpacyCases.NONE) {
                suffixes.add(to - suffix, to);
                to -= suffix;
                break;
            }
            if (prefix + suffix == 0) {
                break;
            }
            if (prefix > 0) {
                words.add(from, from + prefix);
                from += prefix;
            }
            if (suffix > 0) {
                suffixes.add(to - suffix, to);
                to -= suffix;
            }
            number = cases.find(text, from, to);
            if (number != SpacyCases.NONE) {
                break;
            }
        }
        if (number != SpacyCases.NONE) {
            cases.addTokens(number, from, words);
        } else if (whole) {
            words.add(from, to);
        } else if (from < to) {
            middle(text, from, to, words);
        }
        for (int i = suffixes.size() - 1; i >= 0; i--) {
            words.add(suffixes.start(i), suffixes.end(i));
        }
    }

    /** Cuts what has neither prefix nor suffix at its infixes, unless it is an address. */
    private void middle(char[] text, int from, int to, Spans words) {
        int start = from;
        int at = from;
        while (at < to) {
            int length = punctuation.infix(text, from, at, to);
            if (length == SpacyRule.NONE || at == from) {
                at += Math.max(1, length);
                continue;
            }
            if (start == from && SpacyUrl.is(text, from, to)) {
                break;
            }
            if (at > start) {
                words.add(start, at);
            }
            if (length > 0) {
                words.add(at, at + length);
            }
            start = at + length;
            at = Math.max(at + 1, start);
        }
        if (start < to) {
            words.add(start, to);
        }
    }
}
