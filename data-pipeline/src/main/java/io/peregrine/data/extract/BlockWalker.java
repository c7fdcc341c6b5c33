package io.peregrine.data.extract;

import io.peregrine.data.extract.Block.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** Walks an element and cuts its text into blocks, leaving boilerplate out. One walk makes one list of blocks. */
final class BlockWalker {
    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "aside",
            "body",
            "center",
            "details",
            "div",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "header",
            "hgroup",
            "main",
            "nav",
            "p",
            "section",
            "summary",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr",
            "li",
            "dd",
            "dt",
            "caption",
            "legend",
            "hr");

    private final TextMass mass;
    private final Boilerplate boilerplate;
    private final InlineText inline = new InlineText();
    private final List<Block> blocks = new ArrayList<>();
    private Kind kind = Kind.PARAGRAPH;
    private String marker = "";
    private int listDepth;
    private int group;
    private int groups;
    private boolean inRow;
    private int quotes;

    BlockWalker(TextMass mass, Boilerplate boilerplate) {
        this.mass = mass;
        this.boilerplate = boilerplate;
    }

    /** The blocks found so far, in document order. */
    List<Block> blocks() {
        return blocks;
    }

    /** Takes an element's children as text. */
    void walk(Element root) {
        children(root);
        flush();
    }

    /** Takes an element as a heading of the first level, whatever it is. */
    void heading(Element element) {
        children(element);
        flushAs(Kind.HEADING, 1, "");
    }

    /** Takes what stands between two elements in the order of the page, the first of which does not hold the second. */
    void between(Element first, Element second) {
        Set<Element> above = above(second);
        for (Element up = first; up != null; up = up.parent()) {
            if (siblings(up.nextSibling(), above, second)) {
                break;
            }
        }
        flush();
    }

    /** Takes what stands in an element before another that it holds. */
    void before(Element inner, Element outer) {
        siblings(outer.firstChild(), above(inner), inner);
        flush();
    }

    private static Set<Element> above(Element element) {
        Set<Element> above = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Element up = element; up != null; up = up.parent()) {
            above.add(up);
        }
        return above;
    }

    /** Takes siblings up to the one that holds the end; whether that one was met. */
    private boolean siblings(Node from, Set<Element> above, Element end) {
        for (Node node = from; node != null; node = node.nextSibling()) {
            if (node instanceof Element element) {
                if (element == end) {
                    return true;
                }
                if (above.contains(element)) {
                    flush();
                    return siblings(element.firstChild(), above, end);
                }
                element(element);
            } else if (node instanceof TextNode text) {
                inline.append(text.getWholeText());
            }
        }
        return false;
    }

    private void children(Element element) {
        for (Node child : element.childNodes()) {
            if (child instanceof TextNode text) {
                inline.append(text.getWholeText());
            } else if (child instanceof Element below) {
                element(below);
            }
        }
    }

    private void element(Element element) {
        if (Formulas.isFormula(element)) {
            inline.formula(Formulas.latex(element));
            return;
        }
        if (Boilerplate.isNeverText(element) || boilerplate.isFurniture(element)) {
            return;
        }
        switch (element.normalName()) {
            case "br" -> inline.lineBreak();
            case "sup" -> script(element, '^');
            case "sub" -> script(element, '_');
            case "a" -> {
                inline.openLink();
                children(element);
                inline.closeLink();
            }
            case "h1", "h2", "h3", "h4", "h5", "h6" -> headingElement(element);
            case "pre" -> code(element);
            case "blockquote" -> quote(element);
            case "ul", "ol" -> list(element);
            case "li" -> item(element, "- ");
            case "dt" -> inKind(element, Kind.TERM);
            case "dd" -> inKind(element, Kind.DEFINITION);
            case "table" -> table(element);
            default -> other(element);
        }
    }

    private void other(Element element) {
        if (element.hasClass("member-signature") || element.hasClass("type-signature")) {
            code(element);
        } else if (element.normalName().equals("div") && Tables.isGrid(element)) {
            grid(element);
        } else if (BLOCKS.contains(element.normalName())) {
            flush();
            children(element);
            flush();
        } else {
            children(element);
        }
    }

    private void script(Element element, char sign) {
        if (element.selectFirst("a") != null) {
            // A reference mark, not an exponent.
            return;
        }
        inline.script(element.text(), sign);
    }

    private void headingElement(Element element) {
        if (inRow) {
            children(element);
            return;
        }
        flush();
        children(element);
        flushAs(Kind.HEADING, element.normalName().charAt(1) - '0', "");
    }

    private void code(Element element) {
        if (inRow) {
            children(element);
            return;
        }
        flush();
        String text = Listings.text(element);
        if (!text.isBlank() && !Listings.isLineNumbers(text)) {
            int links = Math.toIntExact(mass.linkChars(element));
            blocks.add(new Block(
                    Kind.CODE, 0, Listings.language(element), text, TextMass.visible(text), links, group, quotes > 0));
        }
    }

    private void quote(Element element) {
        int depth = mass.isLayout(element) ? 0 : 1;
        flush();
        quotes += depth;
        children(element);
        flush();
        quotes -= depth;
    }

    private void list(Element list) {
        if (inRow) {
            children(list);
            return;
        }
        flush();
        int outer = group;
        int depth = mass.isLayout(list) ? 0 : 1;
        group = outer == 0 && depth == 1 ? ++groups : outer;
        listDepth += depth;
        int number = 1;
        boolean ordered = list.normalName().equals("ol");
        for (Node child : list.childNodes()) {
            if (child instanceof Element entry && entry.normalName().equals("li")) {
                item(entry, ordered ? number++ + ". " : "- ");
            } else if (child instanceof Element other) {
                element(other);
            } else if (child instanceof TextNode text) {
                inline.append(text.getWholeText());
            }
        }
        flush();
        listDepth -= depth;
        group = outer;
    }

    private void item(Element item, String mark) {
        if (Boilerplate.isNeverText(item) || boilerplate.isFurniture(item)) {
            return;
        }
        flush();
        Kind outerKind = kind;
        String outerMarker = marker;
        if (mass.isLayout(item)) {
            kind = Kind.PARAGRAPH;
            marker = "";
        } else {
            kind = Kind.ITEM;
            marker = mark;
        }
        children(item);
        flush();
        kind = outerKind;
        marker = outerMarker;
    }

    private void inKind(Element element, Kind inner) {
        flush();
        Kind outerKind = kind;
        String outerMarker = marker;
        kind = inner;
        marker = "";
        children(element);
        flush();
        kind = outerKind;
        marker = outerMarker;
    }

    private void table(Element table) {
        if (inRow) {
            children(table);
            return;
        }
        flush();
        if (Formulas.isEquationTable(table)) {
            for (Element row : table.getElementsByTag("tr")) {
                inline.formula(Formulas.row(row));
                flush();
            }
            return;
        }
        if (mass.isLayout(table) || Tables.hasLongCell(table, mass)) {
            children(table);
            flush();
            return;
        }
        int outer = group;
        group = outer == 0 ? ++groups : outer;
        rows(table);
        group = outer;
    }

    /** Nested tables are layout, so the rows of a data table lie at most one level below it. */
    private void rows(Element table) {
        for (Element part : table.children()) {
            switch (part.normalName()) {
                case "tr" -> row(part);
                case "thead", "tbody", "tfoot" -> rows(part);
                case "caption" -> {
                    // Captions with parts are tabs of a script.
                    if (part.childrenSize() == 0) {
                        children(part);
                        flush();
                    }
                }
                default -> {}
            }
        }
    }

    private void row(Element row) {
        inRow = true;
        for (Element cell : row.children()) {
            if (!Boilerplate.isNeverText(cell)) {
                children(cell);
                inline.cellBorder();
            }
        }
        inRow = false;
        flushAs(Kind.ROW, 0, "");
    }

    private void grid(Element grid) {
        flush();
        int columns = Tables.gridColumns(grid);
        int outer = group;
        group = outer == 0 ? ++groups : outer;
        int filled = 0;
        for (Element cell : grid.children()) {
            if (!cell.hasClass("table-header")) {
                inRow = true;
                children(cell);
                inline.cellBorder();
                inRow = false;
                if (++filled % columns == 0) {
                    flushAs(Kind.ROW, 0, "");
                }
            }
        }
        flushAs(Kind.ROW, 0, "");
        group = outer;
    }

    private void flush() {
        if (inRow) {
            inline.append(" ");
        } else {
            flushAs(kind, kind == Kind.ITEM ? listDepth : 0, marker);
        }
    }

    private void flushAs(Kind blockKind, int level, String mark) {
        InlineText.Taken taken = inline.take();
        if (taken.text().isEmpty()) {
            return;
        }
        Optional<String> ownMark =
                blockKind == Kind.ITEM && !mark.isBlank() ? ItemMark.of(taken.text()) : Optional.empty();
        if (ownMark.isPresent()) {
            marker = ownMark.get();
            return;
        }
        blocks.add(
                new Block(blockKind, level, mark, taken.text(), taken.chars(), taken.linkChars(), group, quotes > 0));
        if (blockKind == Kind.ITEM) {
            // What follows in the same item stands below its first line.
            marker = " ".repeat(mark.length());
        }
    }
}
