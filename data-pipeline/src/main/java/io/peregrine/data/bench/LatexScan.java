package io.peregrine.data.bench;

import java.util.ArrayList;
import java.util.List;

/** Where commands, groups and rows of LaTeX begin and end. */
final class LatexScan {
    private LatexScan() {}

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
