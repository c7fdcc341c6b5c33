package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.dedup.LineDedupConfig;
import io.peregrine.data.manifest.TableVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * The part of stage 30 that changes texts: of the documents that are left, first repeated lines go, then repeated passages,
 * each if the settings say so.
 *
 * <ul>
 *   <li>{@code rewritten}: {@code id}, {@code original_id}, {@code lines_removed}, {@code words_removed} and {@code
 *       characters_removed} of every document in {@code unique} whose text changed.
 *   <li>{@code repeated_lines}: the removed lines that most {@code documents} had, and the {@code line} as the first had it.
 * </ul>
 *
 * <p>Kinds of documents that are dropped: {@code too-short-after-lines} and {@code too-short-after-spans}, with their
 * original id as {@code cluster}, size 1 and similarity 0, since nothing is kept instead; {@code exact-after-rewriting} for
 * texts that have become equal.
 */
final class DedupTexts {
    private final StageContext context;
    private final DedupConfig config;
    private final ScratchTables kept;

    DedupTexts(StageContext context, DedupConfig config, ScratchTables kept) {
        this.context = context;
        this.config = config;
        this.kept = kept;
    }

    /**
     * What came of it.
     *
     * @param unique documents that are kept
     * @param dropped documents that are not, as rows of the table of duplicates
     * @param tables tables written on the way
     * @param counts what to say in the manifest
     */
    record Result(
            Dataset<Row> unique,
            List<Dataset<Row>> dropped,
            Map<String, TableVersion> tables,
            Map<String, Long> counts) {}

    /** Rewrites documents, rows of {@code node} and the columns of a document. */
    Result rewrite(Dataset<Row> documents) {
        Map<String, TableVersion> tables = new LinkedHashMap<>();
        Map<String, Long> counts = new LinkedHashMap<>();
        if (config.lines().isEmpty() && config.spans().isEmpty()) {
            return new Result(documents, List.of(), tables, counts);
        }
        Dataset<Row> rows = kept.table("untouched", Rewriting.untouched(documents));
        Rewriting rewriting = new Rewriting(kept);
        if (config.lines().isPresent()) {
            LineDedupConfig settings = config.lines().get();
            Rewriting.Lines lines = rewriting.withoutRepeatedLines(rows, settings);
            rows = lines.documents();
            tables.put("repeated_lines", context.write(lines.frequent(), "repeated_lines", "documents", "line"));
        }
        if (config.spans().isPresent()) {
            Column left = col("too_short").equalTo("");
            rows = rewriting
                    .withoutRepeatedSpans(rows.where(left), config.spans().get())
                    .unionByName(rows.where(left.equalTo(lit(false))));
        }
        Dataset<Row> tooShort = rows.where(col("too_short").notEqual(""));
        Dataset<Row> placed = rows.where(col("too_short").equalTo(""))
                .withColumn("place", row_number().over(Window.partitionBy("id").orderBy("node")));
        Dataset<Row> unique = placed.where(col("place").equalTo(1)).drop("place");
        Dataset<Row> again = placed.where(col("place").gt(1)).drop("place");
        Column changed = col("id").notEqual(col("original_id"));
        tables.put(
                "rewritten",
                context.write(
                        unique.where(changed)
                                .select("id", "original_id", "lines_removed", "words_removed", "characters_removed"),
                        "rewritten",
                        "id"));
        Row sums = rows.agg(
                        count(when(changed, lit(1))),
                        Rewriting.orZero(sum("lines_removed")),
                        Rewriting.orZero(sum("words_removed")),
                        Rewriting.orZero(sum("characters_removed")))
                .head();
        counts.put("documents-rewritten", sums.getLong(0));
        counts.put("lines-removed", sums.getLong(1));
        counts.put("words-cut-in-spans", sums.getLong(2));
        counts.put("characters-removed", sums.getLong(3));
        return new Result(unique, List.of(dropped(tooShort, again)), tables, counts);
    }

    private static Dataset<Row> dropped(Dataset<Row> tooShort, Dataset<Row> again) {
        return tooShort.select(columns(col("too_short"), col("original_id"), lit(0.0)))
                .unionByName(again.select(columns(lit("exact-after-rewriting"), col("id"), lit(1.0))));
    }

    private static Column[] columns(Column kind, Column cluster, Column similarity) {
        List<Column> columns = new ArrayList<>(List.of(DedupJob.DOCUMENT_COLUMNS));
        columns.add(kind.as("kind"));
        columns.add(cluster.as("cluster"));
        columns.add(lit(1L).as("cluster_size"));
        columns.add(similarity.as("estimated_jaccard"));
        return columns.toArray(Column[]::new);
    }
}
