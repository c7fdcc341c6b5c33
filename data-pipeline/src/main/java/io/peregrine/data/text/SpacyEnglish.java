package io.peregrine.data.text;

import java.util.List;
import java.util.Map;

/**
 * The tokens of spaCy's blank English pipeline, version 3.8, without those that are whitespace.
 *
 * <p>A run of characters that are not whitespace is one token if it is a case of its own ({@link SpacyEnglishCases} says
 * into which tokens it is cut). Otherwise a prefix and a suffix are cut off as long as there are any and what is left is no
 * case. What remains is a case, an address, or is cut at its infixes. At last, tokens that stand side by side for a case
 * become that case.
 *
 * <p>Time is linear: every cut looks at few characters, and what it cuts off is not looked at again.
 *
 * @see <a href="https://spacy.io/usage/linguistic-features#how-tokenizer-works">How spaCy's tokenizer works</a>
 */
public final class SpacyEnglish implements WordSplitter {
    /** Name of this definition of a word. */
    public static final String PROFILE = "spacy-3.8-en";

    private static final SpacyCases CASES = cases();

    private final Spans suffixes = new Spans();
    private final SpacySequences sequences = new SpacySequences(CASES);
    private char[] buffer = new char[1024];
    private boolean sequencesFound;

    @Override
    public String profile() {
        return PROFILE;
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
        sequencesFound = false;
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
                plain &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                at++;
            }
            int number = CASES.find(text, start, at);
            if (number != SpacyCases.NONE) {
                CASES.addTokens(number, start, words);
            } else if (plain) {
                words.add(start, at);
            } else {
                int first = words.size();
                cut(text, start, at, words, suffixes, CASES);
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
    private static void cut(char[] text, int start, int end, Spans words, Spans suffixes, SpacyCases cases) {
        suffixes.clear();
        int from = start;
        int to = end;
        int number = SpacyCases.NONE;
        while (from < to) {
            int prefix = SpacyAffixes.prefix(text, from, to);
            if (prefix > 0 && (number = cases.find(text, from + prefix, to)) != SpacyCases.NONE) {
                words.add(from, from + prefix);
                from += prefix;
                break;
            }
            int suffix = SpacyAffixes.suffix(text, from + prefix, to);
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
        } else if (from < to) {
            middle(text, from, to, words);
        }
        for (int i = suffixes.size() - 1; i >= 0; i--) {
            words.add(suffixes.start(i), suffixes.end(i));
        }
    }

    /** Cuts what has neither prefix nor suffix at its infixes, unless it is an address. */
    private static void middle(char[] text, int from, int to, Spans words) {
        int start = from;
        int at = from;
        while (at < to) {
            int length = SpacyAffixes.infix(text, from, at, to);
            if (length == 0 || at == from) {
                at += Math.max(1, length);
                continue;
            }
            if (start == from && SpacyUrl.is(text, from, to)) {
                break;
            }
            if (at > start) {
                words.add(start, at);
            }
            words.add(at, at + length);
            at += length;
            start = at;
        }
        if (start < to) {
            words.add(start, to);
        }
    }

    private static SpacyCases cases() {
        Map<String, List<String>> english = SpacyEnglishCases.all();
        SpacyCases cases = new SpacyCases(english);
        SpacyCases none = new SpacyCases(Map.of());
        Spans tokens = new Spans();
        Spans suffixes = new Spans();
        for (String word : english.keySet()) {
            char[] text = word.toCharArray();
            if (isCut(text)) {
                tokens.clear();
                cut(text, 0, text.length, tokens, suffixes, none);
                cases.addSequence(word, tokens);
            }
        }
        return cases;
    }

    /** Whether the other rules cut a word anywhere. */
    private static boolean isCut(char[] word) {
        boolean cut = SpacyAffixes.prefix(word, 0, word.length) > 0 || SpacyAffixes.suffix(word, 0, word.length) > 0;
        for (int at = 0; at < word.length; at++) {
            cut |= SpacyAffixes.infix(word, 0, at, word.length) > 0;
        }
        return cut;
    }
}
