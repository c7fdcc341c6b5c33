package io.peregrine.data.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One spelling for formulas that are set alike, so that they can be compared.
 *
 * <p>Left out: white space and spacing commands, styles and sizes ({@code \displaystyle}, {@code \left}, {@code \big}),
 * labels and numbers, roman type ({@code \mathrm}, {@code \text}, {@code \operatorname}), braces that only group or hold
 * one token, punctuation at the end. One name for commands of one meaning ({@code \le} and {@code \leq}). A subscript
 * stands before a superscript; {@code a \over b} is a {@code \frac}; alignment signs outside arrays go.
 */
final class LatexNormal {
    private static final Set<String> DROPPED = Set.of(
            "\\left",
            "\\right",
            "\\middle",
            "\\big",
            "\\Big",
            "\\bigg",
            "\\Bigg",
            "\\bigl",
            "\\bigr",
            "\\Bigl",
            "\\Bigr",
            "\\biggl",
            "\\biggr",
            "\\Biggl",
            "\\Biggr",
            "\\bigm",
            "\\Bigm",
            "\\,",
            "\\;",
            "\\:",
            "\\!",
            "\\ ",
            "\\>",
            "\\quad",
            "\\qquad",
            "\\displaystyle",
            "\\textstyle",
            "\\scriptstyle",
            "\\scriptscriptstyle",
            "\\limits",
            "\\nolimits",
            "\\nonumber",
            "\\notag",
            "\\mathrm",
            "\\text",
            "\\textrm",
            "\\textup",
            "\\textnormal",
            "\\mbox",
            "\\hbox",
            "\\rm",
            "\\operatorname",
            "\\operatorname*",
            "\\mathop",
            "\\mathbin",
            "\\mathrel",
            "\\mathord",
            "\\mathopen",
            "\\mathclose",
            "\\mathpunct",
            "\\mathit",
            "\\it",
            "\\mit",
            "\\mathnormal",
            "\\ensuremath",
            "\\normalfont",
            "\\em",
            "\\emph",
            "\\textit",
            "\\hfill",
            "\\strut",
            "\\mathstrut",
            "\\noindent",
            "\\allowbreak",
            "\\/",
            "\\thinspace",
            "\\enspace",
            "\\negthinspace",
            "\\medspace",
            "\\thickspace",
            "\\unskip",
            "\\ignorespaces",
            "\\protect",
            "\\centering",
            "\\small",
            "\\large",
            "\\hline",
            "\\smash",
            "\\mathsurround",
            "\\relax",
            "\\null",
            "\\space",
            "\\nobreakspace");

    /** Commands that go together with their argument. */
    private static final Set<String> DROPPED_WITH_ARGUMENT = Set.of(
            "\\label",
            "\\tag",
            "\\tag*",
            "\\phantom",
            "\\hphantom",
            "\\vphantom",
            "\\hspace",
            "\\hspace*",
            "\\vspace",
            "\\vspace*",
            "\\mspace",
            "\\color",
            "\\eqno",
            "\\leqno");

    private static final Map<String, String> SYNONYMS = Map.ofEntries(
            Map.entry("\\le", "\\leq"),
            Map.entry("\\ge", "\\geq"),
            Map.entry("\\ne", "\\neq"),
            Map.entry("\\leqslant", "\\leq"),
            Map.entry("\\geqslant", "\\geq"),
            Map.entry("\\to", "\\rightarrow"),
            Map.entry("\\longrightarrow", "\\rightarrow"),
            Map.entry("\\gets", "\\leftarrow"),
            Map.entry("\\longleftarrow", "\\leftarrow"),
            Map.entry("\\implies", "\\Rightarrow"),
            Map.entry("\\Longrightarrow", "\\Rightarrow"),
            Map.entry("\\impliedby", "\\Leftarrow"),
            Map.entry("\\Longleftarrow", "\\Leftarrow"),
            Map.entry("\\iff", "\\Leftrightarrow"),
            Map.entry("\\Longleftrightarrow", "\\Leftrightarrow"),
            Map.entry("\\longleftrightarrow", "\\leftrightarrow"),
            Map.entry("\\longmapsto", "\\mapsto"),
            Map.entry("\\land", "\\wedge"),
            Map.entry("\\lor", "\\vee"),
            Map.entry("\\lnot", "\\neg"),
            Map.entry("\\owns", "\\ni"),
            Map.entry("\\lbrace", "\\{"),
            Map.entry("\\rbrace", "\\}"),
            Map.entry("\\lbrack", "["),
            Map.entry("\\rbrack", "]"),
            Map.entry("\\vert", "|"),
            Map.entry("\\lvert", "|"),
            Map.entry("\\rvert", "|"),
            Map.entry("\\mid", "|"),
            Map.entry("\\Vert", "\\|"),
            Map.entry("\\lVert", "\\|"),
            Map.entry("\\rVert", "\\|"),
            Map.entry("\\parallel", "\\|"),
            Map.entry("\\ldots", "\\dots"),
            Map.entry("\\cdots", "\\dots"),
            Map.entry("\\dotsc", "\\dots"),
            Map.entry("\\dotsb", "\\dots"),
            Map.entry("\\dotsm", "\\dots"),
            Map.entry("\\dotsi", "\\dots"),
            Map.entry("\\dotso", "\\dots"),
            Map.entry("\\hdots", "\\dots"),
            Map.entry("\\ast", "*"),
            Map.entry("\\colon", ":"),
            Map.entry("\\dfrac", "\\frac"),
            Map.entry("\\tfrac", "\\frac"),
            Map.entry("\\cfrac", "\\frac"),
            Map.entry("\\dbinom", "\\binom"),
            Map.entry("\\tbinom", "\\binom"),
            Map.entry("\\boldsymbol", "\\mathbf"),
            Map.entry("\\bm", "\\mathbf"),
            Map.entry("\\textbf", "\\mathbf"),
            Map.entry("\\mathscr", "\\mathcal"),
            Map.entry("\\Bbb", "\\mathbb"),
            Map.entry("\\mathds", "\\mathbb"),
            Map.entry("\\frak", "\\mathfrak"),
            Map.entry("\\widehat", "\\hat"),
            Map.entry("\\widetilde", "\\tilde"),
            Map.entry("\\overline", "\\bar"),
            Map.entry("\\emptyset", "\\varnothing"),
            Map.entry("\\setminus", "\\backslash"),
            Map.entry("\\smallsetminus", "\\backslash"),
            Map.entry("\\dag", "\\dagger"),
            Map.entry("\\centerdot", "\\cdot"),
            Map.entry("\\doteq", "\\dot="),
            Map.entry("\\square", "\\Box"),
            Map.entry("\\lt", "<"),
            Map.entry("\\gt", ">"),
            Map.entry("\\triangleleft", "\\lhd"),
            Map.entry("\\unlhd", "\\trianglelefteq"),
            Map.entry("\\restriction", "\\upharpoonright"),
            Map.entry("\\mathbbmss", "\\mathbb"),
            Map.entry("\\mathbbm", "\\mathbb"),
            Map.entry("\\bold", "\\mathbf"),
            Map.entry("\\pmb", "\\mathbf"),
            Map.entry("\\overrightarrow", "\\vec"),
            Map.entry("\\i", "\\imath"),
            Map.entry("\\textsf", "\\mathsf"),
            Map.entry("\\texttt", "\\mathtt"),
            Map.entry("\\arrowvert", "|"));

    /** Font commands hold for each token of their argument; the old ones for the rest of the group. */
    private static final Set<String> FONTS =
            Set.of("\\mathbb", "\\mathbf", "\\mathcal", "\\mathfrak", "\\mathsf", "\\mathtt");

    private static final Map<String, String> OLD_FONTS = Map.of(
            "\\bf", "\\mathbf", "\\cal", "\\mathcal", "\\sf", "\\mathsf", "\\tt", "\\mathtt", "\\bfseries", "\\mathbf");

    /** What environments for matrices put around their cells. */
    private static final Map<String, List<String>> FENCES = Map.of(
            "pmatrix", List.of("(", ")"),
            "bmatrix", List.of("[", "]"),
            "Bmatrix", List.of("\\{", "\\}"),
            "vmatrix", List.of("|", "|"),
            "Vmatrix", List.of("\\|", "\\|"),
            "cases", List.of("\\{", ""),
            "matrix", List.of("", ""),
            "smallmatrix", List.of("", ""),
            "aligned", List.of("", ""),
            "gathered", List.of("", ""));

    private static final Map<String, String> NEGATED = Map.of(
            "=", "\\neq ", "\\in ", "\\notin ", "\\mid ", "\\nmid ", "|", "\\nmid ", "<", "\\nless ", ">", "\\ngtr ");

    private static final Set<String> TWO_ARGUMENTS =
            Set.of("\\frac", "\\binom", "\\overset", "\\underset", "\\stackrel");
    private static final Set<String> ONE_ARGUMENT = Set.of(
            "\\sqrt",
            "\\hat",
            "\\tilde",
            "\\bar",
            "\\vec",
            "\\dot",
            "\\ddot",
            "\\underline",
            "\\overrightarrow",
            "\\overleftarrow",
            "\\underbrace",
            "\\overbrace",
            "\\check",
            "\\breve",
            "\\acute",
            "\\grave",
            "\\pmod",
            "\\not",
            "\\substack",
            "\\xrightarrow",
            "\\boxed");

    private static final Set<String> WORDS = Set.of(
            "\\sin",
            "\\cos",
            "\\tan",
            "\\cot",
            "\\sec",
            "\\csc",
            "\\arcsin",
            "\\arccos",
            "\\arctan",
            "\\sinh",
            "\\cosh",
            "\\tanh",
            "\\coth",
            "\\log",
            "\\ln",
            "\\lg",
            "\\exp",
            "\\lim",
            "\\limsup",
            "\\liminf",
            "\\sup",
            "\\inf",
            "\\max",
            "\\min",
            "\\det",
            "\\dim",
            "\\ker",
            "\\hom",
            "\\deg",
            "\\gcd",
            "\\arg",
            "\\Pr",
            "\\mod",
            "\\bmod");

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
        return latex.startsWith(name, at) && commandEnd(latex, at) == at + name.length();
    }

    /** A command that stands between what it sets one over the other. */
    private void stacked(List<String> out, String command, int depth) {
        at = commandEnd(latex, at);
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
        int end = commandEnd(latex, at);
        String name = latex.substring(at, end);
        at = end;
        return command(SYNONYMS.getOrDefault(name, name), depth);
    }

    private List<String> command(String name, int depth) {
        if (DROPPED_WITH_ARGUMENT.contains(name)) {
            argument(depth);
            return List.of();
        }
        if (name.equals("\\\\") || DROPPED.contains(name)) {
            at = (name.equals("\\left") || name.equals("\\right")) && latex.startsWith(".", at) ? at + 1 : at;
            return name.equals("\\\\") ? List.of("\\\\") : List.of();
        }
        if (WORDS.contains(name)) {
            List<String> letters = new ArrayList<>();
            name.substring(1).chars().forEach(letter -> letters.add(String.valueOf((char) letter)));
            return letters;
        }
        if (FONTS.contains(name)) {
            return inFont(name, argumentTokens(depth));
        }
        if (OLD_FONTS.containsKey(name)) {
            return inFont(OLD_FONTS.get(name), sequence(depth));
        }
        if (name.equals("\\begin") || name.equals("\\end")) {
            return environment(name, depth);
        }
        if (name.equals("\\not")) {
            String negated = argument(depth);
            return List.of(NEGATED.getOrDefault(negated, "\\not{" + negated + "}"));
        }
        int arguments = TWO_ARGUMENTS.contains(name) ? 2 : ONE_ARGUMENT.contains(name) ? 1 : 0;
        if (arguments == 0) {
            return List.of(name.length() > 1 && Character.isLetter(name.charAt(1)) ? name + " " : name);
        }
        StringBuilder out = new StringBuilder(name);
        at = skipSpace(latex, at);
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
        List<String> fences = FENCES.getOrDefault(name, List.of("", ""));
        String kept = FENCES.containsKey(name) ? "array" : name;
        if (begin && name.equals("array")) {
            skipColumns();
        }
        String written = command + "{" + kept + "}";
        return List.of(begin ? fences.get(0) + written : written + fences.get(1));
    }

    private void skipColumns() {
        at = skipSpace(latex, at);
        if (latex.startsWith("[", at)) {
            at = skipSpace(latex, Math.max(at, latex.indexOf(']', at)) + 1);
        }
        if (at < latex.length() && latex.charAt(at) == '{') {
            at = argumentEnd(latex, at);
        }
    }

    /** The next group or token, in normal form. */
    private String argument(int depth) {
        return String.join("", argumentTokens(depth));
    }

    private List<String> argumentTokens(int depth) {
        at = skipSpace(latex, at);
        while (at < latex.length() && latex.charAt(at) == '\\' && isDropped()) {
            at = skipSpace(latex, commandEnd(latex, at));
        }
        if (at >= latex.length() || latex.charAt(at) == '}') {
            return List.of();
        }
        return token(depth);
    }

    private boolean isDropped() {
        return DROPPED.contains(latex.substring(at, commandEnd(latex, at)));
    }

    /** The rows of an aligned environment: cut at double backslashes outside braces and inner environments. */
    static List<String> rows(String content) {
        List<String> rows = new ArrayList<>();
        int depth = 0;
        int start = 0;
        int i = 0;
        while (i < content.length()) {
            char c = content.charAt(i);
            depth += c == '{' || content.startsWith("\\begin{", i) ? 1 : 0;
            depth -= c == '}' || content.startsWith("\\end{", i) ? 1 : 0;
            if (depth <= 0 && content.startsWith("\\\\", i)) {
                rows.add(content.substring(start, i));
                start = i + 2;
            }
            i += c == '\\' ? 2 : 1;
        }
        rows.add(content.substring(Math.min(start, content.length())));
        return rows;
    }

    /** Where the command that begins at a backslash ends. */
    static int commandEnd(String text, int backslash) {
        int end = backslash + 1;
        while (end < text.length() && isLetter(text.charAt(end))) {
            end++;
        }
        if (end == backslash + 1) {
            return Math.min(end + 1, text.length());
        }
        return end < text.length() && text.charAt(end) == '*' ? end + 1 : end;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static int skipSpace(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) <= ' ') {
            i++;
        }
        return i;
    }

    /** Where the group or token that begins here ends. */
    static int argumentEnd(String text, int from) {
        if (from >= text.length()) {
            return text.length();
        }
        return switch (text.charAt(from)) {
            case '{' -> Math.min(closing(text, from) + 1, text.length());
            case '\\' -> commandEnd(text, from);
            default -> from + 1;
        };
    }

    /** The brace that closes the one here, or the end. */
    static int closing(String text, int open) {
        int depth = 0;
        int i = open;
        while (i < text.length()) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
            i += c == '\\' ? 2 : 1;
        }
        return text.length();
    }

    static String unbraced(String argument) {
        return argument.startsWith("{") && argument.endsWith("}")
                ? argument.substring(1, argument.length() - 1)
                : argument;
    }
}
