package io.peregrine.data.extract;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import org.jsoup.nodes.Element;

/** What tells tables of data from tables for layout, and tables from what is laid out as one. */
final class Tables {
    /** Tables made of {@code div}s, as the javadoc tool writes them since JDK 16. */
    private static final Pattern GRID = Pattern.compile("(two|three)-column-(summary|search|release-notes)");

    /** A cell of a table of data is a phrase, rarely a paragraph; longer ones mean a table for layout. */
    private static final int CELL_CHARS_MAX = 1500;

    private Tables() {}

    /** Whether a cell holds a paragraph or more, or the only one holds most of the table. */
    static boolean hasLongCell(Element table, TextMass mass) {
        long cells = 0;
        for (Element part : table.children()) {
            if (part.normalName().equals("tr")) {
                for (Element cell : part.children()) {
                    cells++;
                    if (mass.chars(cell) > CELL_CHARS_MAX) {
                        return true;
                    }
                }
            } else if (hasLongCell(part, mass)) {
                return true;
            }
        }
        return cells == 1 && mass.chars(table) > CELL_CHARS_MAX / 4;
    }

    /** Whether an element is laid out as a table of two or three columns. */
    static boolean isGrid(Element element) {
        String names = element.className();
        return names.contains("-column-") && GRID.matcher(names).find();
    }

    /** Columns of a grid. */
    static int gridColumns(Element grid) {
        Matcher matcher = GRID.matcher(grid.className());
        return matcher.find() && matcher.group(1).equals("two") ? 2 : 3;
    }
}
