package io.peregrine.data.filters.words;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;

/**
 * Chinese words as jieba 0.42 cuts them in its accurate mode, which is what spaCy's Chinese pipeline takes over, without
 * those that are whitespace.
 *
 * <p>Runs of ideographs, ASCII letters, digits and {@code + # & . _ % -} are cut into the dictionary's words of the greatest
 * joint frequency; where single characters are left side by side, a hidden Markov model says which of them are a word. Every
 * other character is a word of its own. Time is linear in the length of a run.
 *
 * @see <a href="https://github.com/fxsjy/jieba">jieba</a>
 */
public final class JiebaWords implements WordSplitter {
    public static final String PROFILE = "jieba-0.42";

    private static final String JOINED = "+#&._%-";

    private final JiebaDictionary dictionary = JiebaDictionary.shared();
    private final JiebaModel model = JiebaModel.shared();

    /** By index in the run, and one more: the logarithm of the best cut from there on, and where its first word ends. */
    private double[] best = new double[1024];

    private int[] ends = new int[1024];

    @Override
    public String profile() {
        return PROFILE;
    }

    @Override
    public void split(CharSequence text, Spans words) {
        words.clear();
        int length = text.length();
        int at = 0;
        while (at < length) {
            int end = at;
            while (end < length && isJoined(text.charAt(end))) {
                end++;
            }
            if (end > at) {
                cutRun(text, at, end, words);
                at = end;
            } else {
                int c = Character.codePointAt(text, at);
                if (!CodePoints.is(c, CodePoints.SPACE)) {
                    words.add(at, at + Character.charCount(c));
                }
                at += Character.charCount(c);
            }
        }
    }

    private static boolean isJoined(char c) {
        return isAsciiWord(c) || JiebaModel.isIdeograph(c) || JOINED.indexOf(c) >= 0;
    }

    private static boolean isAsciiWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void cutRun(CharSequence text, int from, int to, Spans words) {
        findBest(text, from, to);
        int singles = from;
        int at = from;
        while (at < to) {
            int end = from + ends[at - from];
            if (end - at > 1) {
                cutSingles(text, singles, at, words);
                words.add(at, end);
                singles = end;
            }
            at = end;
        }
        cutSingles(text, singles, to, words);
    }

    /** From the end to the beginning; of cuts that are as good, the one whose first word is longest. */
    private void findBest(CharSequence text, int from, int to) {
        int length = to - from;
        if (best.length <= length) {
            int room = (int) Math.min(Integer.MAX_VALUE - 8L, length * 3L / 2 + 64);
            best = new double[room];
            ends = new int[room];
        }
        best[length] = 0;
        for (int at = length - 1; at >= 0; at--) {
            double greatest = Double.NEGATIVE_INFINITY;
            int greatestEnd = at + 1;
            int node = JiebaDictionary.ROOT;
            for (int end = at + 1; end <= length; end++) {
                node = dictionary.next(node, text.charAt(from + end - 1));
                if (node == JiebaDictionary.NONE) {
                    break;
                }
                if (dictionary.isWord(node)) {
                    double value = dictionary.logProbability(node) + best[end];
                    if (value >= greatest) {
                        greatest = value;
                        greatestEnd = end;
                    }
                }
            }
            best[at] = greatest == Double.NEGATIVE_INFINITY ? dictionary.logUnknown() + best[at + 1] : greatest;
            ends[at] = greatestEnd;
        }
    }

    /** Cuts characters that the dictionary left single. */
    private void cutSingles(CharSequence text, int from, int to, Spans words) {
        if (to - from < 2) {
            if (to > from) {
                words.add(from, to);
            }
            return;
        }
        if (dictionary.hasWord(text, from, to)) {
            for (int at = from; at < to; at++) {
                words.add(at, at + 1);
            }
            return;
        }
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && JiebaModel.isIdeograph(text.charAt(end))) {
                end++;
            }
            if (end > at) {
                model.cut(text, at, end, words);
            } else {
                end = at;
                while (end < to && !JiebaModel.isIdeograph(text.charAt(end))) {
                    end++;
                }
                cutLatin(text, at, end, words);
            }
            at = end;
        }
    }

    /** Letters and digits, perhaps with decimals and a percent sign, are a word, and so is what is between two of those. */
    private static void cutLatin(CharSequence text, int from, int to, Spans words) {
        int start = from;
        int at = from;
        while (at < to) {
            if (!isAsciiWord(text.charAt(at))) {
                at++;
                continue;
            }
            if (at > start) {
                words.add(start, at);
            }
            int end = at;
            while (end < to && isAsciiWord(text.charAt(end))) {
                end++;
            }
            if (end + 1 < to && text.charAt(end) == '.' && isDigit(text.charAt(end + 1))) {
                end++;
                while (end < to && isDigit(text.charAt(end))) {
                    end++;
                }
            }
            if (end < to && text.charAt(end) == '%') {
                end++;
            }
            words.add(at, end);
            at = end;
            start = end;
        }
        if (start < to) {
            words.add(start, to);
        }
    }
}
