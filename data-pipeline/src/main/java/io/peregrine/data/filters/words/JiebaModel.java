package io.peregrine.data.filters.words;

import io.peregrine.data.text.Spans;
import java.util.Arrays;

/**
 * jieba's hidden Markov model of where in a word a character stands: at the beginning, in the middle, at the end, or alone.
 */
final class JiebaModel {
    private static final char FIRST_IDEOGRAPH = '\u4e00';
    private static final char LAST_IDEOGRAPH = '\u9fd5';
    private static final double NEVER = -3.14e100;

    /** In alphabetical order: of paths that are as probable, the one with the later letter counts. */
    private static final String STATES = "BEMS";

    private static final int BEGIN = 0;
    private static final int END = 1;
    private static final int ALONE = 3;

    private static final double[] START = {-0.26268660809250016, NEVER, NEVER, -1.4652633398537678};

    /** By state, and by the state before it: its logarithm, or NaN where it cannot be. */
    private static final double[][] FROM = {
        {Double.NaN, -0.5897149736854513, Double.NaN, -0.7211965654669841},
        {-0.51082562376599, Double.NaN, -0.33344856811948514, Double.NaN},
        {-0.916290731874155, Double.NaN, -1.2603623820268226, Double.NaN},
        {Double.NaN, -0.8085250474669937, Double.NaN, -0.6658631448798212}
    };

    private static final String DIGEST = "c76ec6cf62933a85ef0238f3cb24c70ca9e18f25241183dbe9121eb17884988e";

    private final double[][] emitted = new double[STATES.length()][LAST_IDEOGRAPH - FIRST_IDEOGRAPH + 1];

    private static final class Shared {
        private static final JiebaModel MODEL = new JiebaModel();
    }

    /** The model, which is read when it is asked for first. */
    static JiebaModel shared() {
        return Shared.MODEL;
    }

    private JiebaModel() {
        for (double[] row : emitted) {
            Arrays.fill(row, NEVER);
        }
        int state = 0;
        for (String line : JiebaFiles.lines("prob_emit.txt", DIGEST)) {
            int tab = line.indexOf('\t');
            if (tab < 0) {
                state = STATES.indexOf(line.strip());
            } else if (isIdeograph(line.charAt(0)) && tab == 1) {
                emitted[state][line.charAt(0) - FIRST_IDEOGRAPH] = Double.parseDouble(line.substring(tab + 1));
            }
        }
    }

    static boolean isIdeograph(char c) {
        return c >= FIRST_IDEOGRAPH && c <= LAST_IDEOGRAPH;
    }

    /** Adds the words of a range of ideographs. */
    void cut(CharSequence text, int from, int to, Spans words) {
        int start = from;
        byte[] states = states(text, from, to);
        for (int at = from; at < to; at++) {
            int state = states[at - from];
            if (state == BEGIN) {
                start = at;
            } else if (state == END || state == ALONE) {
                int begin = state == ALONE ? at : start;
                words.add(begin, at + 1);
                start = at + 1;
            }
        }
        if (start < to) {
            words.add(start, to);
        }
    }

    /** The most probable states. */
    private byte[] states(CharSequence text, int from, int to) {
        int length = to - from;
        byte[][] before = new byte[STATES.length()][length];
        double[] values = new double[STATES.length()];
        for (int state = 0; state < values.length; state++) {
            values[state] = START[state] + emitted[state][text.charAt(from) - FIRST_IDEOGRAPH];
        }
        for (int i = 1; i < length; i++) {
            int character = text.charAt(from + i) - FIRST_IDEOGRAPH;
            double[] next = new double[values.length];
            for (int state = 0; state < values.length; state++) {
                next[state] = Double.NEGATIVE_INFINITY;
                for (int last = 0; last < values.length; last++) {
                    double value = values[last] + FROM[state][last] + emitted[state][character];
                    if (value >= next[state]) {
                        next[state] = value;
                        before[state][i] = (byte) last;
                    }
                }
            }
            values = next;
        }
        byte[] states = new byte[length];
        states[length - 1] = (byte) (values[ALONE] >= values[END] ? ALONE : END);
        for (int i = length - 1; i > 0; i--) {
            states[i - 1] = before[states[i]][i];
        }
        return states;
    }
}
