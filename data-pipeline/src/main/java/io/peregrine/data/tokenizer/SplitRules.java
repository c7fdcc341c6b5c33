package io.peregrine.data.tokenizer;

import io.peregrine.data.config.Key;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How texts are cut into pre-tokens: what {@link PreTokenizer} is told.
 *
 * @param digits how numbers are cut
 * @param punctuation how punctuation and symbols are cut
 * @param latexCommands whether a backslash and the ASCII letters behind it are one piece
 */
public record SplitRules(
        @Key(
                doc =
                        "single: digit by digit; three: in groups of three from the left, as GPT-4; run: a whole number, as GPT-2")
        Digits digits,

        @Key(doc = "single: each character by itself; run: neighbours together, with contractions such as 's, as GPT-2")
        Punctuation punctuation,

        @Key(doc = "whether a LaTeX command such as \\frac is one piece, so that it can become one token")
        boolean latexCommands)
        implements Serializable {
    /** Falcon-H1's choice, digits and punctuation both one by one (arXiv:2507.22448, section on the tokenizer). */
    public static final SplitRules DEFAULTS = new SplitRules(Digits.SINGLE, Punctuation.SINGLE, true);

    /** How numbers are cut. */
    public enum Digits {
        SINGLE,
        THREE,
        RUN
    }

    /** How punctuation is cut. */
    public enum Punctuation {
        SINGLE,
        RUN
    }

    /** Every set of rules there is. */
    static List<SplitRules> all() {
        List<SplitRules> all = new ArrayList<>();
        for (Digits digits : Digits.values()) {
            for (Punctuation punctuation : Punctuation.values()) {
                all.add(new SplitRules(digits, punctuation, true));
                all.add(new SplitRules(digits, punctuation, false));
            }
        }
        return all;
    }
}
