package io.peregrine.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table for people. Whole numbers are written with separators, others with four digits, whether JSON or not; what JSON does
 * not have is a dash.
 *
 * @param columns their names
 * @param rows as many cells each
 */
public record HtmlTable(List<String> columns, List<List<String>> rows) {
    public HtmlTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "row %s has %d cells: must have one for each of %s".formatted(row, row.size(), columns));
            }
        }
    }

    /** A table without rows yet. */
    public static HtmlTable of(String... columns) {
        return new HtmlTable(Arrays.asList(columns), List.of());
    }

    /** The same with a row more. */
    public HtmlTable row(Object... cells) {
        List<List<String>> more = new ArrayList<>(rows);
        more.add(Arrays.stream(cells).map(HtmlTable::cell).toList());
        return new HtmlTable(columns, more);
    }

    private static String cell(Object cell) {
        if (cell instanceof JsonNode json) {
            return cell(valueOf(json));
        }
        if (cell instanceof Long || cell instanceof Integer) {
            return String.format(Locale.ROOT, "%,d", ((Number) cell).longValue());
        }
        if (cell instanceof Double number) {
            return number.isNaN() ? "-" : String.format(Locale.ROOT, "%,.4g", number);
        }
        if (cell instanceof Boolean answer) {
            return answer ? "yes" : "no";
        }
        return String.valueOf(cell);
    }

    private static Object valueOf(JsonNode json) {
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        if (json.isNumber()) {
            return json.isIntegralNumber() ? (Object) json.longValue() : (Object) json.doubleValue();
        }
        return json.isMissingNode() || json.isNull() ? "-" : json.isTextual() ? json.textValue() : json.toString();
    }

    /** The table as HTML. */
    public String html() {
        StringBuilder html = new StringBuilder("<table>\n<thead><tr>");
        columns.forEach(column -> html.append("<th>").append(Svg.escape(column)).append("</th>"));
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            html.append("<tr>");
            row.forEach(cell -> html.append("<td>").append(Svg.escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        return html.append("</tbody>\n</table>\n").toString();
    }
}
