package io.peregrine.rewrite.prompts;

import io.peregrine.rewrite.accept.Fences;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cuts a text into its paragraphs, each with the blank lines behind it. A fenced block of code, a display formula ({@code
 * $$}, {@code \[}) and an environment of LaTeX that sets a formula, a table or a listing stay in one piece, blank lines
 * included; one that never ends goes to the end of the text.
 */
final class Paragraphs {
    private static final String BEGIN = "\\begin{";
    private static final String END = "\\end{";
    private static final int NAME_MAX = 20;

    /** Environments of formulas, tables and listings; others, such as {@code document} or {@code proof}, hold prose. */
    private static final Set<String> WHOLE = Set.of(
            "equation",
            "align",
            "alignat",
            "gather",
            "multline",
            "flalign",
            "eqnarray",
            "displaymath",
            "math",
            "split",
            "aligned",
            "gathered",
            "array",
            "matrix",
            "pmatrix",
            "bmatrix",
            "vmatrix",
            "cases",
            "tabular",
            "tabularx",
            "table",
            "longtable",
            "verbatim",
            "lstlisting",
            "minted",
            "tikzpicture",
            "algorithm",
            "algorithmic");

    private String fence = "";
    private String closing = "";
    private String opening = "";
    private int depth;

    private Paragraphs() {}

    /** The paragraphs of a text, which put together are the text. */
    static List<String> of(String text) {
        Paragraphs reader = new Paragraphs();
        List<String> paragraphs = new ArrayList<>();
        int start = 0;
        boolean blankBefore = false;
        for (int at = 0; at < text.length(); at = lineEnd(text, at)) {
            String line = text.substring(at, lineEnd(text, at)).stripTrailing();
            if (blankBefore && !line.isBlank()) {
                paragraphs.add(text.substring(start, at));
                start = at;
            }
            blankBefore = line.isBlank() && !reader.isInside();
            reader.read(line);
        }
        paragraphs.add(text.substring(start));
        return List.copyOf(paragraphs);
    }

    /** A paragraph cut before and behind each block in it that stays in one piece. */
    static List<String> blocksOf(String paragraph) {
        Paragraphs reader = new Paragraphs();
        List<String> blocks = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < paragraph.length(); at = lineEnd(paragraph, at)) {
            boolean before = reader.isInside();
            reader.read(paragraph.substring(at, lineEnd(paragraph, at)).stripTrailing());
            boolean opens = !before && reader.isInside();
            boolean closes = before && !reader.isInside();
            int cut = opens ? at : closes ? lineEnd(paragraph, at) : start;
            if (cut > start) {
                blocks.add(paragraph.substring(start, cut));
                start = cut;
            }
        }
        if (start < paragraph.length()) {
            blocks.add(paragraph.substring(start));
        }
        return List.copyOf(blocks);
    }

    private boolean isInside() {
        return !fence.isEmpty() || depth > 0;
    }

    /** Index after the line that begins here and its line end. */
    private static int lineEnd(String text, int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end + 1;
    }

    /** Follows what is open across lines. */
    private void read(String line) {
        if (!fence.isEmpty()) {
            fence = Fences.closes(line, fence) ? "" : fence;
        } else if (depth > 0) {
            depth += opening.equals(closing) ? 0 : count(line, opening);
            depth = Math.max(0, depth - count(line, closing));
        } else if (Fences.opens(line)) {
            fence = line;
        } else {
            open(line.stripLeading());
        }
    }

    private void open(String line) {
        if (line.startsWith("$$")) {
            opening = "$$";
            closing = "$$";
            depth = count(line, "$$") % 2;
        } else if (line.startsWith("\\[")) {
            opening = "\\[";
            closing = "\\]";
            depth = Math.max(0, 1 - count(line, closing));
        } else if (line.startsWith(BEGIN)) {
            int end = line.indexOf('}');
            String name = end < 0 || end > BEGIN.length() + NAME_MAX ? "" : line.substring(BEGIN.length(), end);
            if (WHOLE.contains(name.endsWith("*") ? name.substring(0, name.length() - 1) : name)) {
                opening = BEGIN + name + "}";
                closing = END + name + "}";
                depth = Math.max(0, count(line, opening) - count(line, closing));
            }
        }
    }

    private static int count(String line, String mark) {
        int count = 0;
        for (int at = line.indexOf(mark); at >= 0; at = line.indexOf(mark, at + mark.length())) {
            count++;
        }
        return count;
    }
}
