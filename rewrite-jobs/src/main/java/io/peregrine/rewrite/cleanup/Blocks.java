package io.peregrine.rewrite.cleanup;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into {@link Block}s, line by line. */
final class Blocks {
    private static final Pattern FENCE = Pattern.compile(" {0,3}(`{3,}|~{3,})[^`]*");
    private static final Pattern INDENTED = Pattern.compile("(?: {4}|\t).*");
    private static final Pattern TABLE = Pattern.compile("\\s*\\|.*\\|\\s*");
    private static final Pattern LATEX_BEGIN =
            Pattern.compile("\\s*(?:\\\\begin\\{([A-Za-z*]+)}|(\\$\\$)|(\\\\\\[)).*");
    private static final Pattern ATX_HEADING = Pattern.compile(" {0,3}(#{1,6})[ \t]+(\\S.*)");
    private static final Pattern SETEXT = Pattern.compile(" {0,3}(={3,}|-{3,})\\s*");
    private static final String RULE_MARKS = "-_*=~";
    private static final int RULE_MARKS_MIN = 3;
    private static final Pattern BULLET =
            Pattern.compile("(\\s*)[-*+\\u2022\\u2023\\u25E6\\u25AA\\u25CF\\u00B7][ \t\u00A0]+(\\S.*)");
    private static final Pattern NUMBERED = Pattern.compile("(\\s*)(\\p{Nd}{1,3})[.)][ \t\u00A0]+(\\S.*)");

    private final List<String> lines;
    private final List<Block> blocks = new ArrayList<>();
    private final List<String> open = new ArrayList<>();
    private Block.Kind openKind = Block.Kind.PARAGRAPH;

    private Blocks(List<String> lines) {
        this.lines = lines;
    }

    /** The blocks of a text whose line ends are line feeds. */
    static List<Block> of(String text) {
        return new Blocks(List.of(text.split("\n", -1))).read();
    }

    private List<Block> read() {
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            int verbatimEnd = verbatimEnd(at);
            if (verbatimEnd > at) {
                close();
                blocks.add(new Block(Block.Kind.VERBATIM, lines.subList(at, verbatimEnd)));
                at = verbatimEnd;
                continue;
            }
            if (line.isBlank()) {
                close();
            } else if (!Boilerplate.is(line)) {
                readText(line);
            }
            at++;
        }
        close();
        return blocks;
    }

    /** The line after the verbatim block that begins here, or {@code at} if none does. */
    private int verbatimEnd(int at) {
        String line = lines.get(at);
        Matcher fence = FENCE.matcher(line);
        if (fence.matches()) {
            String mark = fence.group(1);
            return endOf(
                    at, after -> after.strip().startsWith(mark) && after.strip().length() == mark.length());
        }
        Matcher latex = LATEX_BEGIN.matcher(line);
        if (latex.matches()) {
            String end =
                    latex.group(1) != null ? "\\end{" + latex.group(1) + "}" : latex.group(2) != null ? "$$" : "\\]";
            int from = latex.end(latex.group(1) != null ? 1 : latex.group(2) != null ? 2 : 3);
            return line.indexOf(end, from) >= 0 ? at + 1 : endOf(at, after -> after.contains(end));
        }
        boolean table = TABLE.matcher(line).matches() && !Boilerplate.is(line);
        int end = at;
        if (open.isEmpty() || table) {
            Pattern kind = table ? TABLE : INDENTED;
            while (end < lines.size() && kind.matcher(lines.get(end)).matches() && !isListItem(lines.get(end))) {
                end++;
            }
        }
        return end;
    }

    /** An unclosed block goes to the end of the text: what cannot be understood is left alone. */
    private int endOf(int at, java.util.function.Predicate<String> isEnd) {
        int end = at + 1;
        while (end < lines.size() && !isEnd.test(lines.get(end))) {
            end++;
        }
        return Math.min(end + 1, lines.size());
    }

    private static boolean isListItem(String line) {
        return BULLET.matcher(line).matches() || NUMBERED.matcher(line).matches();
    }

    private void readText(String line) {
        Matcher heading = ATX_HEADING.matcher(line);
        Matcher bullet = BULLET.matcher(line);
        Matcher numbered = NUMBERED.matcher(line);
        if (SETEXT.matcher(line).matches() && openKind == Block.Kind.PARAGRAPH && open.size() == 1) {
            heading(line.contains("=") ? "#" : "##", open.get(0).strip());
            open.clear();
        } else if (isRule(line)) {
            close();
        } else if (heading.matches()) {
            close();
            heading(heading.group(1), withoutClosingMarks(heading.group(2).strip()));
        } else if (bullet.matches()) {
            close();
            open(Block.Kind.LIST_ITEM, indent(bullet.group(1)) + "- " + bullet.group(2));
        } else if (numbered.matches()) {
            close();
            open(Block.Kind.LIST_ITEM, indent(numbered.group(1)) + numbered.group(2) + ". " + numbered.group(3));
        } else {
            open.add(line);
        }
    }

    /** A line of marks, as between chapters. */
    private static boolean isRule(String line) {
        int marks = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (RULE_MARKS.indexOf(c) >= 0) {
                marks++;
            } else if (!Character.isWhitespace(c)) {
                return false;
            }
        }
        return marks >= RULE_MARKS_MIN;
    }

    /** {@code Title ##} is {@code Title}; {@code C#} is left. */
    private static String withoutClosingMarks(String heading) {
        int end = heading.length();
        while (end > 0 && heading.charAt(end - 1) == '#') {
            end--;
        }
        boolean closing = end == 0 || Character.isWhitespace(heading.charAt(end - 1));
        return closing ? heading.substring(0, end).strip() : heading;
    }

    private void heading(String marks, String text) {
        if (!text.isEmpty()) {
            blocks.add(new Block(Block.Kind.HEADING, List.of(marks + " " + text)));
        }
    }

    /** Two spaces for each level, four characters or a tab being one. */
    private static String indent(String whitespace) {
        int columns = whitespace.replace("\t", "    ").length();
        return "  ".repeat((columns + 2) / 4);
    }

    private void open(Block.Kind kind, String line) {
        openKind = kind;
        open.add(line);
    }

    private void close() {
        if (!open.isEmpty()) {
            blocks.add(new Block(openKind, open));
            open.clear();
        }
        openKind = Block.Kind.PARAGRAPH;
    }
}
