package io.peregrine.data.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The formulas of a text with LaTeX in it: between dollar signs, {@code \(...\)}, {@code \[...\]}, and in the
 * environments for equations. The rows of an aligned environment are formulas by themselves, as browsers get them.
 * Comments are left out, macros that the source defines are put in.
 */
final class LatexFormulas {
    private static final Set<String> SINGLE = Set.of("equation", "displaymath", "math", "multline", "dmath");
    private static final Set<String> ROWS =
            Set.of("align", "eqnarray", "gather", "alignat", "flalign", "IEEEeqnarray", "xalignat");

    private final String text;
    private final List<String> formulas = new ArrayList<>();
    private int at;

    private LatexFormulas(String text) {
        this.text = text;
    }

    /**
     * @param body where the formulas are
     * @param definitions where the macros are defined; may be the same text
     */
    static List<String> of(String body, String definitions) {
        LatexMacros macros = LatexMacros.of(withoutComments(definitions));
        List<String> expanded = new ArrayList<>();
        for (String formula : in(withoutComments(body))) {
            expanded.add(macros.expand(formula));
        }
        return expanded;
    }

    /** The formulas of an extract, where a percent sign is only that. */
    static List<String> in(String text) {
        LatexFormulas scan = new LatexFormulas(text);
        scan.all();
        return scan.formulas;
    }

    private void all() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '$') {
                boolean display = text.startsWith("$$", at);
                until(display ? "$$" : "$", display ? 2 : 1);
            } else if (c == '\\' && text.startsWith("\\(", at)) {
                until("\\)", 2);
            } else if (c == '\\' && text.startsWith("\\[", at)) {
                until("\\]", 2);
            } else if (c == '\\' && text.startsWith("\\begin{", at)) {
                environment();
            } else {
                at += c == '\\' ? 2 : 1;
            }
        }
    }

    /** Takes what stands before the closing sign; one that is never closed is passed over. */
    private void until(String close, int openLength) {
        int start = at + openLength;
        int end = unescaped(close, start);
        if (end < 0) {
            at = start;
            return;
        }
        add(text.substring(start, end));
        at = end + close.length();
    }

    private int unescaped(String sign, int from) {
        int i = from;
        while (i < text.length()) {
            if (text.startsWith(sign, i)) {
                return i;
            }
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return -1;
    }

    private void environment() {
        int nameStart = at + "\\begin{".length();
        int nameEnd = text.indexOf('}', nameStart);
        if (nameEnd < 0) {
            at = nameStart;
            return;
        }
        String full = text.substring(nameStart, nameEnd);
        String name = full.endsWith("*") ? full.substring(0, full.length() - 1) : full;
        int end = text.indexOf("\\end{" + full + "}", nameEnd);
        boolean rows = ROWS.contains(name);
        if (end < 0 || !(rows || SINGLE.contains(name))) {
            at = nameEnd + 1;
            return;
        }
        String content = text.substring(nameEnd + 1, end);
        if (rows) {
            LatexScan.rows(content).forEach(this::add);
        } else {
            add(content);
        }
        at = end + full.length() + "\\end{}".length();
    }

    private void add(String formula) {
        if (formula.contains("\\begin{aligned}") || formula.contains("\\begin{split}")) {
            String inner = formula.replace("\\begin{aligned}", "")
                    .replace("\\end{aligned}", "")
                    .replace("\\begin{split}", "")
                    .replace("\\end{split}", "");
            LatexScan.rows(inner).stream().filter(row -> !row.isBlank()).forEach(formulas::add);
        } else if (!formula.isBlank()) {
            formulas.add(formula);
        }
    }

    private static String withoutComments(String source) {
        StringBuilder kept = new StringBuilder(source.length());
        for (String line : source.split("\n", -1)) {
            int end = 0;
            while (end < line.length() && line.charAt(end) != '%') {
                end += line.charAt(end) == '\\' ? 2 : 1;
            }
            kept.append(line, 0, Math.min(end, line.length())).append('\n');
        }
        return kept.toString();
    }

    /** What {@code \newcommand}, {@code \def} and {@code \DeclareMathOperator} of a source define. */
    static final class LatexMacros {
        private static final int PASSES_MAX = 5;
        private static final int CHARS_MAX = 20_000;

        private final Map<String, Macro> byName = new java.util.TreeMap<>();

        private record Macro(int arguments, String body) {}

        static LatexMacros of(String source) {
            LatexMacros macros = new LatexMacros();
            int at = source.indexOf('\\');
            while (at >= 0) {
                int next = at + 1;
                if (source.startsWith("\\newcommand", at) || source.startsWith("\\renewcommand", at)) {
                    next = macros.newCommand(source, source.indexOf("command", at) + "command".length());
                } else if (source.startsWith("\\DeclareMathOperator", at)) {
                    next = macros.newCommand(source, at + "\\DeclareMathOperator".length());
                } else if (source.startsWith("\\def\\", at)) {
                    next = macros.define(source, at + "\\def".length());
                }
                at = source.indexOf('\\', next);
            }
            return macros;
        }

        private int newCommand(String source, int from) {
            int at = from;
            if (at < source.length() && source.charAt(at) == '*') {
                at++;
            }
            boolean braced = at < source.length() && source.charAt(at) == '{';
            int start = braced ? at + 1 : at;
            if (start >= source.length() || source.charAt(start) != '\\') {
                return from;
            }
            int end = LatexScan.commandEnd(source, start);
            String name = source.substring(start, end);
            at = braced ? end + 1 : end;
            int arguments = 0;
            if (source.startsWith("[", at) && at + 2 < source.length() && source.charAt(at + 2) == ']') {
                arguments = Math.max(0, Character.digit(source.charAt(at + 1), 10));
                at += 3;
            }
            return body(source, at, name, arguments);
        }

        private int define(String source, int start) {
            int end = LatexScan.commandEnd(source, start);
            int at = end;
            int arguments = 0;
            while (at + 1 < source.length() && source.charAt(at) == '#') {
                arguments++;
                at += 2;
            }
            return body(source, at, source.substring(start, end), arguments);
        }

        private int body(String source, int at, String name, int arguments) {
            if (at >= source.length() || source.charAt(at) != '{') {
                return at;
            }
            int close = LatexScan.closing(source, at);
            byName.put(name, new Macro(arguments, source.substring(at + 1, close)));
            return close;
        }

        String expand(String formula) {
            String result = formula;
            for (int pass = 0; pass < PASSES_MAX && !byName.isEmpty(); pass++) {
                String next = once(result);
                if (next.equals(result) || next.length() > CHARS_MAX) {
                    return result;
                }
                result = next;
            }
            return result;
        }

        private String once(String formula) {
            StringBuilder out = new StringBuilder();
            int at = 0;
            while (at < formula.length()) {
                if (formula.charAt(at) != '\\') {
                    out.append(formula.charAt(at++));
                    continue;
                }
                int end = LatexScan.commandEnd(formula, at);
                Macro macro = byName.get(formula.substring(at, end));
                if (macro == null) {
                    out.append(formula, at, end);
                    at = end;
                    continue;
                }
                String body = macro.body;
                at = end;
                for (int k = 1; k <= macro.arguments; k++) {
                    at = LatexScan.skipSpace(formula, at);
                    int argumentEnd = LatexScan.argumentEnd(formula, at);
                    body = body.replace(
                            String.format(Locale.ROOT, "#%d", k),
                            LatexScan.unbraced(formula.substring(at, argumentEnd)));
                    at = argumentEnd;
                }
                out.append(body).append(' ');
            }
            return out.toString();
        }
    }
}
