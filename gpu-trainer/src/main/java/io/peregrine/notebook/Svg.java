package io.peregrine.notebook;

import java.util.List;
import java.util.Locale;

/** SVG text: what the charts share. Lengths are pixels. */
final class Svg {
    static final int FONT = 12;

    private static final int LEGEND_ROW = 18;

    /** Colours that stay apart for colour-blind eyes and in print (Okabe and Ito, Color Universal Design). */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5f5f5f", "#8c6d1f");

    /** Mean width of a letter in parts of the font's size: what is left free beside a text. */
    private static final double LETTER = 0.56;

    private final StringBuilder text = new StringBuilder();

    /** A picture on white, which a dark notebook needs as well. */
    Svg(int width, int height, String title) {
        put(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"%d\" role=\"img\" aria-label=\"%s\">",
                width, height, width, height, FONT, escape(title));
        put("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
        put("<text x=\"12\" y=\"20\" font-size=\"14\" font-weight=\"bold\" fill=\"#222222\">%s</text>", escape(title));
    }

    static String colour(int index) {
        return COLOURS.get(index % COLOURS.size());
    }

    static double widthOf(String label) {
        return label.length() * FONT * LETTER;
    }

    void line(double x1, double y1, double x2, double y2, String style) {
        put("<path d=\"M%.1f %.1fL%.1f %.1f\" %s/>", x1, y1, x2, y2, style);
    }

    void rect(double x, double y, double width, double height, String style) {
        put("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" %s/>", x, y, width, height, style);
    }

    void circle(double x, double y, double radius, String style) {
        put("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" %s/>", x, y, radius, style);
    }

    void path(CharSequence data, String style) {
        put("<path d=\"%s\" %s/>", data, style);
    }

    /** @param anchor {@code start}, {@code middle} or {@code end} */
    void label(double x, double y, String anchor, String label) {
        put("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#444444\">%s</text>", x, y, anchor, escape(label));
    }

    void upward(double x, double y, String label) {
        put(
                "<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\" fill=\"#444444\">%s</text>",
                x, y, escape(label));
    }

    /** Coloured names from {@code x} on, in as many rows as they need. */
    void legend(double x, double y, double end, List<String> names) {
        double at = x;
        double row = y;
        for (int i = 0; i < names.size(); i++) {
            if (at > x && at + lengthOf(names.get(i)) > end) {
                at = x;
                row += LEGEND_ROW;
            }
            rect(at, row - 9, 10, 10, "fill=\"%s\"".formatted(colour(i)));
            label(at + 14, row, "start", names.get(i));
            at += lengthOf(names.get(i));
        }
    }

    /** How much the rows of a legend after its first take. */
    static int moreRows(double x, double end, List<String> names) {
        double at = x;
        int rows = 0;
        for (String name : names) {
            if (at > x && at + lengthOf(name) > end) {
                at = x;
                rows++;
            }
            at += lengthOf(name);
        }
        return rows * LEGEND_ROW;
    }

    private static double lengthOf(String name) {
        return 30 + widthOf(name);
    }

    /** The whole picture. */
    String end() {
        return text.append("</svg>\n").toString();
    }

    private void put(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    static String escape(String label) {
        return label.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
