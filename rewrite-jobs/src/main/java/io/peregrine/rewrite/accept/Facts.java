package io.peregrine.rewrite.accept;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a rewrite must leave as it is, each kind as a multiset: found by patterns that know no language, run over the whole
 * text once. Quantifiers are possessive, and those over groups are bounded, so that no text makes them slow or deep.
 */
final class Facts {
    /** A number with its separators and exponents inside: {@code 1,234.5}, {@code 10:30}, {@code 2/3}. */
    static final Pattern NUMBER = Pattern.compile("\\p{Nd}++(?:[.,:/]\\p{Nd}++){0,16}+");

    static final Pattern URL = Pattern.compile("(?i)\\b(?:https?|ftp)://[^\\s<>\"]++");

    /** A command, or a formula between dollars on one line. White space inside is part of it. */
    static final Pattern LATEX = Pattern.compile("\\\\[A-Za-z]++|\\$[^$\\n]{1,500}+\\$");

    private static final Pattern FENCE = Pattern.compile(" {0,3}(```|~~~)");

    private Facts() {}

    /** Each match and how often it occurs. */
    static Map<String, Integer> of(Pattern kind, String text) {
        Map<String, Integer> facts = new TreeMap<>();
        Matcher matcher = kind.matcher(text);
        while (matcher.find()) {
            facts.merge(matcher.group(), 1, Integer::sum);
        }
        return facts;
    }

    /** Each fenced block, from fence to fence or to the end, and how often it occurs. */
    static Map<String, Integer> codeOf(String text) {
        Map<String, Integer> facts = new TreeMap<>();
        StringBuilder block = new StringBuilder();
        String fence = "";
        for (String line : text.split("\n", -1)) {
            Matcher matcher = FENCE.matcher(line);
            boolean opens = fence.isEmpty() && matcher.lookingAt();
            boolean closes = !fence.isEmpty() && line.strip().startsWith(fence);
            if (opens || !fence.isEmpty()) {
                block.append(line).append('\n');
            }
            if (opens) {
                fence = matcher.group(1);
            } else if (closes) {
                facts.merge(block.toString(), 1, Integer::sum);
                block.setLength(0);
                fence = "";
            }
        }
        if (!block.isEmpty()) {
            facts.merge(block.toString(), 1, Integer::sum);
        }
        return facts;
    }

    /** Occurrences that only one of the two has. */
    static long difference(Map<String, Integer> one, Map<String, Integer> other) {
        Map<String, Integer> left = new TreeMap<>(one);
        other.forEach((fact, count) -> left.merge(fact, -count, Integer::sum));
        return left.values().stream().mapToLong(Math::abs).sum();
    }
}
