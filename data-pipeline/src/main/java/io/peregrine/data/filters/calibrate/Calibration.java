package io.peregrine.data.filters.calibrate;

import io.peregrine.data.config.YamlWriter;
import io.peregrine.data.rules.Profile;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was learned.
 *
 * @param profile the profile with limits and stop words of the languages that were learned; other languages as before
 * @param rows for each language each rule in the profile's order, then a row for {@link #ANY} rule
 * @param tooFew languages of the reference with too few documents, and how many
 * @param reference for each language that was learned how many documents it was learned from
 */
public record Calibration(Profile profile, List<Row> rows, Map<String, Integer> tooFew, Map<String, String> reference) {
    /** The reason of the row that stands for all rules together. */
    public static final String ANY = "(any)";

    private static final int PERCENT = 100;

    /** What became of a limit. */
    public enum Outcome {
        /** It was chosen by the method. */
        LEARNED,
        /** The settings keep it. */
        FIXED,
        /** The method gives none here, so it stays: nothing was measured, or the pivot's values have no spread. */
        UNDEFINED
    }

    /**
     * One rule in one language.
     *
     * @param documents in how many documents there was something to measure
     * @param published the limit before
     * @param learned the limit after
     * @param publishedDrops share of the reference that the rule drops with the limit before
     * @param learnedDrops share that it drops with the limit after
     */
    public record Row(
            String language,
            String reason,
            int documents,
            double published,
            double learned,
            double publishedDrops,
            double learnedDrops,
            Outcome outcome) {}

    public Calibration {
        rows = List.copyOf(rows);
        tooFew = Collections.unmodifiableMap(new TreeMap<>(tooFew));
        reference = Collections.unmodifiableMap(new TreeMap<>(reference));
    }

    /** The profile as a file that {@link io.peregrine.data.rules.Profiles#load} reads; the same bytes for the same input. */
    public String yaml() {
        StringBuilder comment = new StringBuilder("Learned from reference text; do not edit, calibrate again.\n");
        reference.forEach((language, from) ->
                comment.append(language).append(": ").append(from).append('\n'));
        tooFew.forEach((language, count) -> comment.append(language)
                .append(": not learned, the reference has only ")
                .append(count)
                .append(" documents\n"));
        return YamlWriter.write(comment.toString(), profile);
    }

    /** The rows as a Markdown table. */
    public String markdown() {
        StringBuilder table =
                new StringBuilder("| language | rule | measured | before | after | drops before | drops after |"
                        + " limit |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for (Row row : rows) {
            boolean any = row.reason().equals(ANY);
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %s | %s | %.2f %% | %.2f %% | %s |\n",
                    row.language(),
                    row.reason(),
                    row.documents(),
                    any ? "" : YamlWriter.plain(row.published()),
                    any ? "" : YamlWriter.plain(row.learned()),
                    PERCENT * row.publishedDrops(),
                    PERCENT * row.learnedDrops(),
                    any ? "" : row.outcome().name().toLowerCase(Locale.ROOT)));
        }
        return table.toString();
    }
}
