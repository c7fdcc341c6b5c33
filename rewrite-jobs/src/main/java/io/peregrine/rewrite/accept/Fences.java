package io.peregrine.rewrite.accept;

import java.util.ArrayList;
import java.util.List;

/** The fenced blocks of a Markdown text, in order; one that is not closed goes to the end. */
public final class Fences {
    private static final int INDENT_MAX = 3;
    private static final int RUN_MIN = 3;

    private Fences() {}

    /**
     * One block.
     *
     * @param info what stands behind the opening fence, such as the language's name; may be empty
     * @param body the lines between the fences, each with its line end
     * @param source the block with its fences
     * @param closed whether a closing fence was there
     */
    public record Fence(String info, String body, String source, boolean closed) {}

    /** The blocks of a text. */
    public static List<Fence> of(String text) {
        List<Fence> fences = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        String opening = "";
        String info = "";
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            String line = text.substring(at, end < 0 ? text.length() : end);
            at = end < 0 ? text.length() : end + 1;
            int indent = indentOf(line);
            if (opening.isEmpty()) {
                int run = runAt(line, indent);
                if (run > 0) {
                    opening = line;
                    info = line.substring(indent + run).strip();
                }
            } else if (closes(line, indent, opening)) {
                fences.add(new Fence(info, body.toString(), opening + "\n" + body + line.strip() + "\n", true));
                body.setLength(0);
                opening = "";
            } else {
                body.append(line).append('\n');
            }
        }
        if (!opening.isEmpty()) {
            fences.add(new Fence(info, body.toString(), opening + "\n" + body, false));
        }
        return fences;
    }

    /** Whether a line opens a fenced block. */
    public static boolean opens(String line) {
        return runAt(line, indentOf(line)) > 0;
    }

    /** Whether a line closes the block that another line opened. */
    public static boolean closes(String line, String opening) {
        return closes(line, indentOf(line), opening);
    }

    private static boolean closes(String line, int indent, String opening) {
        int from = indentOf(opening);
        int run = run(line, indent, opening.charAt(from));
        return run >= runAt(opening, from) && line.substring(indent + run).isBlank();
    }

    /** Length of the opening fence at a place, or 0. A backtick after it would make it code inside a line. */
    private static int runAt(String line, int at) {
        if (at >= line.length() || at > INDENT_MAX) {
            return 0;
        }
        char mark = line.charAt(at);
        int run = mark == '`' || mark == '~' ? run(line, at, mark) : 0;
        return run < RUN_MIN || (mark == '`' && line.indexOf('`', at + run) >= 0) ? 0 : run;
    }

    private static int run(String line, int at, char mark) {
        int end = at;
        while (end < line.length() && line.charAt(end) == mark) {
            end++;
        }
        return end - at;
    }

    private static int indentOf(String line) {
        return run(line, 0, ' ');
    }
}
