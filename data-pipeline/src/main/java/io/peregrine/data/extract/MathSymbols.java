package io.peregrine.data.extract;

import io.peregrine.data.text.UnicodeText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What characters and names of formulas are in LaTeX. */
final class MathSymbols {
    private static final Map<Integer, String> BY_CODE_POINT = read();

    /** Names that LaTeX sets upright by a command of their own. */
    private static final Set<String> FUNCTIONS = Set.of(
            "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "coth",
            "log", "ln", "lg", "exp", "lim", "limsup", "liminf", "sup", "inf", "max", "min", "det", "dim", "ker", "hom",
            "deg", "gcd", "arg", "Pr");

    /** Letters that are in Unicode's letterlike block instead of where their alphabet is. */
    private static final Map<Integer, String> LETTERLIKE = Map.ofEntries(
            Map.entry(0x2102, "\\mathbb{C}"),
            Map.entry(0x210D, "\\mathbb{H}"),
            Map.entry(0x2115, "\\mathbb{N}"),
            Map.entry(0x2119, "\\mathbb{P}"),
            Map.entry(0x211A, "\\mathbb{Q}"),
            Map.entry(0x211D, "\\mathbb{R}"),
            Map.entry(0x2124, "\\mathbb{Z}"),
            Map.entry(0x210B, "\\mathcal{H}"),
            Map.entry(0x2110, "\\mathcal{I}"),
            Map.entry(0x2112, "\\mathcal{L}"),
            Map.entry(0x211B, "\\mathcal{R}"),
            Map.entry(0x212C, "\\mathcal{B}"),
            Map.entry(0x2130, "\\mathcal{E}"),
            Map.entry(0x2131, "\\mathcal{F}"),
            Map.entry(0x2133, "\\mathcal{M}"),
            Map.entry(0x212D, "\\mathfrak{C}"),
            Map.entry(0x210C, "\\mathfrak{H}"),
            Map.entry(0x2128, "\\mathfrak{Z}"));

    /** First code points of the mathematical alphabets of 52 letters each, and how LaTeX sets them. */
    private static final int[] ALPHABETS = {
        0x1D400, 0x1D434, 0x1D468, 0x1D49C, 0x1D4D0, 0x1D504, 0x1D538, 0x1D56C, 0x1D5A0, 0x1D5D4, 0x1D608, 0x1D63C,
        0x1D670, 0x1D6A4
    };

    private static final int FIRST_BOLD_DIGIT = 0x1D7CE;

    private static final String[] ALPHABET_COMMANDS = {
        "\\mathbf",
        "",
        "\\mathbf",
        "\\mathcal",
        "\\mathcal",
        "\\mathfrak",
        "\\mathbb",
        "\\mathfrak",
        "\\mathsf",
        "\\mathsf",
        "\\mathsf",
        "\\mathsf",
        "\\mathtt"
    };

    private MathSymbols() {}

    private static Map<Integer, String> read() {
        Map<Integer, String> symbols = new HashMap<>();
        try (InputStream in = MathSymbols.class.getResourceAsStream("math-symbols.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    int space = line.indexOf(' ');
                    symbols.put(Integer.parseInt(line.substring(0, space), 16), line.substring(space + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return symbols;
    }

    static boolean isFunction(String name) {
        return FUNCTIONS.contains(name);
    }

    /** One character in LaTeX; empty for what is invisible. */
    static String latex(int codePoint) {
        String command = BY_CODE_POINT.get(codePoint);
        if (command != null) {
            return command;
        }
        if (codePoint >= 0x2061 && codePoint <= 0x2064) {
            // Function application, invisible times, separator and plus.
            return "";
        }
        if (LETTERLIKE.containsKey(codePoint)) {
            return LETTERLIKE.get(codePoint);
        }
        if (codePoint >= ALPHABETS[0] && codePoint <= 0x1D7FF) {
            return styled(codePoint);
        }
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)
                ? " "
                : Character.toString(codePoint);
    }

    private static String styled(int codePoint) {
        String plain = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC);
        String letter = BY_CODE_POINT.getOrDefault(plain.codePointAt(0), plain);
        for (int i = 0; i < ALPHABET_COMMANDS.length; i++) {
            if (codePoint >= ALPHABETS[i] && codePoint < ALPHABETS[i + 1]) {
                return ALPHABET_COMMANDS[i].isEmpty() ? letter : ALPHABET_COMMANDS[i] + "{" + letter + "}";
            }
        }
        if (codePoint >= FIRST_BOLD_DIGIT && codePoint < FIRST_BOLD_DIGIT + 10) {
            return "\\mathbf{" + letter + "}";
        }
        return letter;
    }

    /** The command for MathML's {@code mathvariant}; empty for italic and what LaTeX has no command for. */
    static String variant(String mathvariant) {
        return switch (UnicodeText.lower(mathvariant)) {
            case "normal" -> "\\mathrm";
            case "bold", "bold-italic" -> "\\mathbf";
            case "double-struck" -> "\\mathbb";
            case "script", "bold-script" -> "\\mathcal";
            case "fraktur", "bold-fraktur" -> "\\mathfrak";
            case "sans-serif", "bold-sans-serif", "sans-serif-italic", "sans-serif-bold-italic" -> "\\mathsf";
            case "monospace" -> "\\mathtt";
            default -> "";
        };
    }

    /** The command for an accent above; empty if the character is none. */
    static String accent(String above, boolean wide) {
        return switch (above) {
            case "\u00AF", "\u203E", "\u0304", "\u0305", "\u2212", "\u2015", "\u2013" -> wide ? "\\overline" : "\\bar";
            case "^", "\u02C6", "\u0302" -> wide ? "\\widehat" : "\\hat";
            case "~", "\u02DC", "\u0303", "\u223C" -> wide ? "\\widetilde" : "\\tilde";
            case "\u2192", "\u20D7", "\u27F6" -> wide ? "\\overrightarrow" : "\\vec";
            case "\u2190" -> "\\overleftarrow";
            case "\u02D9", "\u0307", "." -> "\\dot";
            case "\u00A8", "\u0308", ".." -> "\\ddot";
            case "\u02C7", "\u030C" -> "\\check";
            case "\u02D8", "\u0306" -> "\\breve";
            case "\u00B4", "\u0301" -> "\\acute";
            case "`", "\u0300" -> "\\grave";
            case "\u23DE", "\uFE37" -> "\\overbrace";
            case "\u2322" -> "\\overset{\\frown}";
            default -> "";
        };
    }

    /** The command for an accent below; empty if the character is none. */
    static String accentBelow(String below) {
        return switch (below) {
            case "_", "\u00AF", "\u203E", "\u0332", "\u2212", "\u2013", "\u2015" -> "\\underline";
            case "\u23DF", "\uFE38" -> "\\underbrace";
            default -> "";
        };
    }
}
