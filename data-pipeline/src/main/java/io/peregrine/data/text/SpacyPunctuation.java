package io.peregrine.data.text;

import java.util.ArrayList;
import java.util.List;

/**
 * What spaCy cuts off at the beginning and the end of a word and inside of it, in one language.
 *
 * <p>As with spaCy, the first prefix and the first infix that fit are taken, and of the suffixes the longest. Rules are
 * found by the character with which their cut begins, or ends if it is a suffix.
 */
final class SpacyPunctuation {
    private final Rules prefixes;
    private final Rules suffixes;
    private final Rules infixes;

    /** Each list in the order in which its rules are tried. */
    SpacyPunctuation(List<SpacyRule> prefixes, List<SpacyRule> suffixes, List<SpacyRule> infixes) {
        this.prefixes = new Rules(prefixes);
        this.suffixes = new Rules(suffixes);
        this.infixes = new Rules(infixes);
    }

    /** Rules by the character that they ask for. */
    private static final class Rules {
        private static final SpacyRule[] NO_RULES = {};

        private final SpacyRule[][] ascii = new SpacyRule[128][];
        private final SpacyRule[] others;

        Rules(List<SpacyRule> rules) {
            for (int c = 0; c < ascii.length; c++) {
                List<SpacyRule> fitting = new ArrayList<>();
                for (SpacyRule rule : rules) {
                    if (rule.key().has(c)) {
                        fitting.add(rule);
                    }
                }
                ascii[c] = fitting.toArray(NO_RULES);
            }
            others = rules.stream()
                    .filter(rule -> rule.key().reachesBeyondAscii())
                    .toArray(SpacyRule[]::new);
        }

        SpacyRule[] of(char c) {
            return c < ascii.length ? ascii[c] : others;
        }
    }

    /** Length of what is cut off at the beginning of a range, or 0. */
    int prefix(char[] text, int from, int to) {
        for (SpacyRule rule : prefixes.of(text[from])) {
            int length = rule.ahead(text, from, from, to);
            if (length != SpacyRule.NONE) {
                return length;
            }
        }
        return 0;
    }

    /** Length of what is cut off at the end of a range, or 0. */
    int suffix(char[] text, int from, int to) {
        if (from == to) {
            return 0;
        }
        int longest = 0;
        for (SpacyRule rule : suffixes.of(text[to - 1])) {
            longest = Math.max(longest, rule.behind(text, from, to));
        }
        return longest;
    }

    /**
     * Length of what cuts a range in two at an index, or {@link SpacyRule#NONE}; 0 if it is cut and nothing is between the
     * parts.
     */
    int infix(char[] text, int from, int at, int to) {
        for (SpacyRule rule : infixes.of(text[at])) {
            int length = rule.ahead(text, from, at, to);
            if (length != SpacyRule.NONE) {
                return length;
            }
        }
        return SpacyRule.NONE;
    }

    /** Whether there is something to cut in a word. */
    boolean cuts(char[] word) {
        boolean cuts = prefix(word, 0, word.length) > 0 || suffix(word, 0, word.length) > 0;
        for (int at = 0; at < word.length; at++) {
            cuts |= infix(word, 0, at, word.length) != SpacyRule.NONE;
        }
        return cuts;
    }
}
