package io.peregrine.data.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * French compounds that stay whole: those that begin with one of some words and a hyphen, or with an elided one, those whose
 * parts are linked by a preposition, and some stems. Case does not matter, nor which of the hyphens and apostrophes.
 *
 * <p>The list of them says what it is by its shape: {@code head-}, {@code head'}, {@code -link-}, and a stem that one letter
 * or more follow ({@code +}) or any number ({@code *}). In a stem an equals sign is a straight apostrophe and no other.
 */
final class SpacyFrench implements SpacyLanguage.WholeWords {
    /** Longer words are cut by the other rules, which spaCy does not limit; it keeps the time linear. */
    private static final int LONGEST = 100;

    private static final String HYPHENS = "-\u2013\u2014\u2010\u2011";
    private static final String PRONOUNS = "ce cl\u00e9s elle en il ils je l\u00e0 moi nous on t vous"
            + " CE CL\u00c9S ELLE EN IL ILS JE L\u00c0 MOI NOUS ON T VOUS";

    private static final char CURLED = '\u2019';
    private static final char STRAIGHT_ONLY = '=';

    private final Set<String> heads;
    private final Set<String> links;
    private final List<String> stems = new ArrayList<>();

    SpacyFrench() {
        List<String> lines = SpacyLists.read("fr-compounds");
        links = lines.stream().filter(line -> line.startsWith("-")).collect(Collectors.toUnmodifiableSet());
        heads = lines.stream()
                .filter(line -> !line.startsWith("-") && (line.endsWith("-") || line.endsWith("'")))
                .collect(Collectors.toUnmodifiableSet());
        lines.stream().filter(line -> line.endsWith("+") || line.endsWith("*")).forEach(stems::add);
    }

    /** Pronouns with the hyphen that joins them to the verb before. */
    static List<String> pronouns() {
        return HYPHENS.chars()
                .mapToObj(Character::toString)
                .flatMap(hyphen -> Stream.of(PRONOUNS.split(" ")).map(hyphen::concat))
                .toList();
    }

    @Override
    public boolean has(char[] text, int from, int to) {
        if (to - from > LONGEST || !isLetter(text[from])) {
            return false;
        }
        int joint = from + 1;
        while (joint < to && isLetter(text[joint])) {
            joint++;
        }
        if (joint == to || joint + 1 == to || (!isHyphen(text[joint]) && !isApostrophe(text[joint]))) {
            return false;
        }
        return beginsWithHead(text, from, joint, to) || isLinked(text, joint, to) || isStem(text, from, to);
    }

    /** A head, a letter, and more letters, hyphens and apostrophes. */
    private boolean beginsWithHead(char[] text, int from, int joint, int to) {
        if (!isLower(text[joint + 1])) {
            return false;
        }
        for (int at = joint + 2; at < to; at++) {
            if (!isLower(text[at]) && !isHyphen(text[at]) && !isApostrophe(text[at])) {
                return false;
            }
        }
        return heads.contains(normal(text, from, joint + 1));
    }

    /** Letters, a link between hyphens, perhaps an elided article, and letters. */
    private boolean isLinked(char[] text, int joint, int to) {
        int end = joint + 1;
        while (end < to && isLetter(text[end])) {
            end++;
        }
        if (end == to || !isHyphen(text[end]) || !isHyphen(text[joint])) {
            return false;
        }
        int last = end + 1;
        if (to - last > 2 && Character.toLowerCase(text[last]) == 'l' && isApostrophe(text[last + 1])) {
            last += 2;
        }
        if (last == to) {
            return false;
        }
        for (int at = last; at < to; at++) {
            if (!isLetter(text[at])) {
                return false;
            }
        }
        return links.contains(normal(text, joint, end + 1));
    }

    private boolean isStem(char[] text, int from, int to) {
        String word = normal(text, from, to);
        for (String stem : stems) {
            int length = stem.length() - 1;
            boolean more = stem.charAt(length) == '+';
            if (word.length() >= (more ? length + 1 : length) && fits(text, from, word, stem, length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean fits(char[] text, int from, String word, String stem, int length) {
        for (int i = 0; i < length; i++) {
            char wanted = stem.charAt(i);
            boolean fits = wanted == STRAIGHT_ONLY ? text[from + i] == '\'' : word.charAt(i) == wanted;
            if (!fits) {
                return false;
            }
        }
        for (int i = length; i < word.length(); i++) {
            if (!isLower(text[from + i])) {
                return false;
            }
        }
        return true;
    }

    /** Lower case, with plain hyphens and apostrophes; as long as the range. */
    private static String normal(char[] text, int from, int to) {
        StringBuilder normal = new StringBuilder(to - from);
        for (int at = from; at < to; at++) {
            char c = text[at];
            normal.append(isHyphen(c) ? '-' : isApostrophe(c) ? '\'' : Character.toLowerCase(c));
        }
        return normal.toString();
    }

    private static boolean isHyphen(char c) {
        return HYPHENS.indexOf(c) >= 0;
    }

    private static boolean isApostrophe(char c) {
        return c == '\'' || c == CURLED;
    }

    private static boolean isLetter(char c) {
        return SpacyCharacters.is(c, SpacyCharacters.LETTER);
    }

    /** A letter that is in lower case, or has one that is. */
    private static boolean isLower(char c) {
        return SpacyCharacters.is(c, SpacyCharacters.LOWER)
                || SpacyCharacters.is(Character.toLowerCase(c), SpacyCharacters.LOWER);
    }
}
