package io.peregrine.data.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One spelling for formulas that are set alike, so that they can be compared.
 *
 * <p>Left out: white space and spacing commands, styles and sizes ({@code \displaystyle}, {@code \left}, {@code \big}),
 * labels and numbers, roman type ({@code \mathrm}, {@code \text}, {@code \operatorname}), braces that only group or hold
 * one token, punctuation at the end. One name for commands of one meaning ({@code \le} and {@code \leq}). A subscript
 * stands before a superscript; {@code a \over b} is a {@code \frac}; alignment signs outside arrays go.
 */
final class LatexNormal {
    private static final int DEPTH_MAX = 60;
    private static final String TRAILING = ".,;:";

    private final String latex;
    private int at;

    private LatexNormal(String latex) {
        this.latex = latex;
    }

    /** The formula's normal form; empty if nothing of it is left. */
    static String of(String formula) {
        LatexNormal parser = new LatexNormal(formula);
        StringBuilder out = new StringBuilder();
        while (parser.at < formula.length()) {
            int before = parser.at;
            out.append(String.join("", parser.sequence(0)));
            parser.at = parser.at == before ? before + 1 : parser.at;
        }
        int end = out.length();
        while (end > 0 && TRAILING.indexOf(out.charAt(end - 1)) >= 0) {
            end--;
        }
        return out.substring(0, end);
    }

    /** Tokens up to a closing brace that is not ours, each in normal form. */
    private List<String> sequence(int depth) {
        List<String> out = new ArrayList<>();
        while (at < latex.length() && latex.charAt(at) != '}') {
            char c = latex.charAt(at);
            if (c == '^' || c == '_') {
                at++;
                scripts(out, c, argument(depth));
            } else if (c == '\'') {
                int primes = 0;
                while (at < latex.length() && latex.charAt(at) == '\'') {
                    primes++;
                    at++;
                }
                scripts(out, '^', "\\prime ".repeat(primes));
            } else if (isCommand("\\over")) {
                stacked(out, "\\frac", depth);
            } else if (isCommand("\\choose")) {
                stacked(out, "\\binom", depth);
            } else {
                if (isCommand("\\end")
                        && !out.isEmpty()
                        && out.get(out.size() - 1).equals("\\\\")) {
                    out.remove(out.size() - 1);
                }
                out.addAll(token(depth));
            }
        }
        return out;
    }

    private boolean isCommand(String name) {
        return latex.startsWith(name, at) && LatexScan.commandEnd(latex, at) == at + name.length();
    }

    /** A command that stands between what it sets one over the other. */
    private void stacked(List<String> out, String command, int depth) {
        at = LatexScan.commandEnd(latex, at);
        String above = String.join("", out);
        out.clear();
        out.add(command + "{" + above + "}{" + String.join("", sequence(depth)) + "}");
    }

    /** Appends a script to what it belongs to, a subscript before a superscript. */
    private static void scripts(List<String> out, char sign, String script) {
        String written = sign + "{" + script + "}";
        int last = out.size() - 1;
        if (sign == '_' && last >= 0 && out.get(last).startsWith("^{")) {
            out.add(last, written);
        } else if (sign == '^' && last >= 0 && out.get(last).startsWith("^{")) {
            out.set(last, out.get(last).substring(0, out.get(last).length() - 1) + script + "}");
        } else {
            out.add(written);
        }
    }

    private List<String> token(int depth) {
        char c = latex.charAt(at);
        if (c == '{') {
            if (depth >= DEPTH_MAX) {
                at++;
                return List.of();
            }
            at++;
            List<String> inner = sequence(depth + 1);
            at++;
            return inner;
        }
        if (latex.startsWith("...", at)) {
            at += "...".length();
            return List.of("\\dots ");
        }
        if (c <= ' ' || c == '~' || c == '&' || c == '$' || c == '\u00A0') {
            at++;
            return List.of();
        }
        if (c != '\\') {
            at++;
            return List.of(String.valueOf(c));
        }
        int end = LatexScan.commandEnd(latex, at);
        String name = latex.substring(at, end);
        at = end;
        return command(LatexVocabulary.SYNONYMS.getOrDefault(name, name), depth);
    }

    private List<String> command(String name, int depth) {
        if (LatexVocabulary.DROPPED_WITH_ARGUMENT.contains(name)) {
            argument(depth);
            return List.of();
        }
        if (name.equals("\\\\") || LatexVocabulary.DROPPED.contains(name)) {
            at = (name.equals("\\left") || name.equals("\\right")) && latex.startsWith(".", at) ? at + 1 : at;
            return name.equals("\\\\") ? List.of("\\\\") : List.of();
        }
        if (LatexVocabulary.WORDS.contains(name)) {
            List<String> letters = new ArrayList<>();
            name.substring(1).chars().forEach(letter -> letters.add(String.valueOf((char) letter)));
            return letters;
        }
        if (LatexVocabulary.FONTS.contains(name)) {
            return inFont(name, argumentTokens(depth));
        }
        if (LatexVocabulary.OLD_FONTS.containsKey(name)) {
            return inFont(LatexVocabulary.OLD_FONTS.get(name), sequence(depth));
        }
        if (name.equals("\\begin") || name.equals("\\end")) {
            return environment(name, depth);
        }
        if (name.equals("\\not")) {
            String negated = argument(depth);
            return List.of(LatexVocabulary.NEGATED.getOrDefault(negated, "\\not{" + negated + "}"));
        }
        int arguments =
                LatexVocabulary.TWO_ARGUMENTS.contains(name) ? 2 : LatexVocabulary.ONE_ARGUMENT.contains(name) ? 1 : 0;
        if (arguments == 0) {
            return List.of(name.length() > 1 && Character.isLetter(name.charAt(1)) ? name + " " : name);
        }
        StringBuilder out = new StringBuilder(name);
        at = LatexScan.skipSpace(latex, at);
        if (name.equals("\\sqrt") && at < latex.length() && latex.charAt(at) == '[') {
            int close = latex.indexOf(']', at);
            if (close > 0) {
                out.append('[').append(of(latex.substring(at + 1, close))).append(']');
                at = close + 1;
            }
        }
        for (int k = 0; k < arguments; k++) {
            out.append('{').append(argument(depth)).append('}');
        }
        return List.of(out.toString());
    }

    private static List<String> inFont(String font, List<String> tokens) {
        List<String> out = new ArrayList<>();
        for (String token : tokens) {
            boolean script = token.startsWith("^") || token.startsWith("_");
            boolean letter = token.length() == 1 && Character.isLetterOrDigit(token.charAt(0));
            out.add(!script && (letter || token.startsWith("\\")) ? font + "{" + token + "}" : token);
        }
        return out;
    }

    /** Matrices are arrays in what the environment puts around them. */
    private List<String> environment(String command, int depth) {
        String name = argument(depth);
        boolean begin = command.equals("\\begin");
        List<String> fences = LatexVocabulary.FENCES.getOrDefault(name, List.of("", ""));
        String kept = LatexVocabulary.FENCES.containsKey(name) ? "array" : name;
        if (begin && name.equals("array")) {
            skipColumns();
        }
        String written = command + "{" + kept + "}";
        return List.of(begin ? fences.get(0) + written : written + fences.get(1));
    }

    private void skipColumns() {
        at = LatexScan.skipSpace(latex, at);
        if (latex.startsWith("[", at)) {
            at = LatexScan.skipSpace(latex, Math.max(at, latex.indexOf(']', at)) + 1);
        }
        if (at < latex.length() && latex.charAt(at) == '{') {
            at = LatexScan.argumentEnd(latex, at);
        }
    }

    /** The next group or token, in normal form. */
    private String argument(int depth) {
        return String.join("", argumentTokens(depth));
    }

    private List<String> argumentTokens(int depth) {
        at = LatexScan.skipSpace(latex, at);
        while (at < latex.length() && latex.charAt(at) == '\\' && isDropped()) {
            at = LatexScan.skipSpace(latex, LatexScan.commandEnd(latex, at));
        }
        if (at >= latex.length() || latex.charAt(at) == '}') {
            return List.of();
        }
        return token(depth);
    }

    private boolean isDropped() {
        return LatexVocabulary.DROPPED.contains(latex.substring(at, LatexScan.commandEnd(latex, at)));
    }
}
