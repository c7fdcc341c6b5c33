package io.peregrine.data.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds tokens in a row that stand for a case, and puts the tokens of the case in their place.
 *
 * <p>Of matches that overlap the longest counts, and of those the first. As in spaCy, a match that does not count for
 * another's sake keeps those that overlap with it from counting all the same, and so does one whose characters, a space
 * between its tokens included, are no case.
 */
final class SpacySequences {
    private static final Comparator<Match> LONGEST_FIRST = Comparator.comparingInt(
                    (Match match) -> match.first() - match.last())
            .thenComparingInt(Match::first);

    private final SpacyCases cases;

    SpacySequences(SpacyCases cases) {
        this.cases = cases;
    }

    /** Tokens {@code first} to {@code last}, the latter not included. */
    private record Match(int first, int last) {}

    /** Whether a sequence without gaps is among the tokens from one on. */
    boolean begins(char[] text, Spans tokens, int from) {
        for (int first = from; first < tokens.size(); first++) {
            if (!cases.mayBegin(text, tokens.start(first), tokens.end(first))) {
                continue;
            }
            int node = SpacyCases.ROOT;
            for (int i = first; i < tokens.size() && node != SpacyCases.NONE; i++) {
                if (i > first && tokens.start(i) != tokens.end(i - 1)) {
                    break;
                }
                node = cases.next(node, text, tokens.start(i), tokens.end(i));
                if (node != SpacyCases.NONE && i > first && cases.end(node) != SpacyCases.NONE) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Puts cases in the place of their sequences, in a whole text. */
    void replace(char[] text, int length, Spans tokens) {
        List<Match> matches = matches(text, tokens);
        matches.sort(LONGEST_FIRST);
        int[] replacement = new int[tokens.size()];
        boolean[] taken = new boolean[tokens.size()];
        Arrays.fill(replacement, SpacyCases.NONE);
        int[] ends = new int[tokens.size()];
        for (Match match : matches) {
            boolean free = !taken[match.first()] && !taken[match.last() - 1];
            Arrays.fill(taken, match.first(), match.last(), true);
            int found = cases.find(text, tokens.start(match.first()), tokens.end(match.last() - 1));
            if (free && found != SpacyCases.NONE) {
                replacement[match.first()] = found;
                ends[match.first()] = match.last();
            }
        }
        Spans old = new Spans();
        for (int i = 0; i < tokens.size(); i++) {
            old.add(tokens.start(i), tokens.end(i));
        }
        tokens.clear();
        for (int i = 0; i < old.size(); i++) {
            if (replacement[i] == SpacyCases.NONE) {
                tokens.add(old.start(i), old.end(i));
            } else {
                cases.addTokens(replacement[i], old.start(i), tokens);
                i = ends[i] - 1;
            }
        }
    }

    private List<Match> matches(char[] text, Spans tokens) {
        List<Match> matches = new ArrayList<>();
        for (int first = 0; first < tokens.size(); first++) {
            if (!cases.mayBegin(text, tokens.start(first), tokens.end(first))) {
                continue;
            }
            int node = SpacyCases.ROOT;
            for (int i = first; i < tokens.size(); i++) {
                if (i > first && !isOneGap(text, tokens.end(i - 1), tokens.start(i))) {
                    break;
                }
                node = cases.next(node, text, tokens.start(i), tokens.end(i));
                if (node == SpacyCases.NONE) {
                    break;
                }
                if (cases.end(node) != SpacyCases.NONE) {
                    matches.add(new Match(first, i + 1));
                }
            }
        }
        return matches;
    }

    /** Whether no whitespace token is between two tokens: nothing, or one space. */
    private static boolean isOneGap(char[] text, int from, int to) {
        return to == from || (to == from + 1 && text[from] == ' ');
    }
}
