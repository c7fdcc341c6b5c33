package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import io.peregrine.data.Document;
import io.peregrine.data.dedup.LineDedupConfig;
import io.peregrine.data.dedup.RepeatedLines;
import io.peregrine.data.dedup.RepeatedSpans;
import io.peregrine.data.dedup.SpanDedupConfig;
import io.peregrine.data.text.CodePoints;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Takes repeated lines, and repeated passages, out of texts.
 *
 * <p>All that is grouped is grouped by hash with a count and a minimum, combined before it is shuffled, so a line that
 * every document has makes no task larger than another. What a document loses is collected by document: never more than
 * the document has.
 */
final class Rewriting {
    /** A document with what it lost on the way. Documents are in the order of {@code node}. */
    static final StructType SCHEMA = new StructType(DocumentRows.SCHEMA.fields())
            .add("node", DataTypes.StringType, false)
            .add("original_id", DataTypes.StringType, false)
            .add("lines_removed", DataTypes.LongType, false)
            .add("words_removed", DataTypes.LongType, false)
            .add("characters_removed", DataTypes.LongType, false)
            .add("too_short", DataTypes.StringType, false);

    private static final Encoder<Row> REWRITTEN = Encoders.row(SCHEMA);
    private static final StructType NAMES = new StructType()
            .add("high", DataTypes.LongType, false)
            .add("low", DataTypes.LongType, false)
            .add("node", DataTypes.StringType, false);
    private static final Encoder<Row> NAME_ROWS = Encoders.row(NAMES);
    private static final Encoder<Row> PLACES =
            Encoders.row(new StructType(NAMES.fields()).add("position", DataTypes.IntegerType, false));
    private static final Encoder<Row> SEEDS = Encoders.row(new StructType()
            .add("hash", DataTypes.LongType, false)
            .add("node", DataTypes.StringType, false)
            .add("position", DataTypes.IntegerType, false));
    private static final Encoder<Row> SAMPLES =
            Encoders.row(new StructType(NAMES.fields()).add("line", DataTypes.StringType, false));
    private static final String[] NAME = {"high", "low"};
    private static final Column[] COLUMNS =
            List.of(SCHEMA.fieldNames()).stream().map(name -> col(name)).toArray(Column[]::new);

    private final ScratchTables kept;

    Rewriting(ScratchTables kept) {
        this.kept = kept;
    }

    /** Documents that have lost nothing yet, from columns of a document and {@code node}. */
    static Dataset<Row> untouched(Dataset<Row> documents) {
        return documents
                .withColumn("original_id", col("id"))
                .withColumn("lines_removed", lit(0L))
                .withColumn("words_removed", lit(0L))
                .withColumn("characters_removed", lit(0L))
                .withColumn("too_short", lit(""))
                .select(COLUMNS);
    }

    /** What was removed as a line, the most frequent first: {@code documents}, {@code line}, {@code first_node}. */
    record Lines(Dataset<Row> documents, Dataset<Row> frequent) {}

    /** Removes the lines that more documents than the limit have. */
    Lines withoutRepeatedLines(Dataset<Row> documents, LineDedupConfig config) {
        int charactersMin = config.lineCharactersMin();
        Dataset<Row> names = documents
                .select("node", "text")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> {
                            RepeatedLines lines = new RepeatedLines(charactersMin);
                            return Rows.flatMap(rows, row -> names(lines, row));
                        },
                        NAME_ROWS);
        Dataset<Row> repeated = kept.table(
                "repeated-lines",
                names.groupBy("high", "low")
                        .agg(count(lit(1)).as("documents"), min("node").as("first"))
                        .where(col("documents").gt(config.documentsMax())));
        Dataset<Row> going = names.join(repeated, NAME);
        Dataset<Row> lost = kept.table(
                "lost-lines",
                (config.keepFirst() ? going.where(col("node").notEqual(col("first"))) : going)
                        .groupBy("node")
                        .agg(collect_list(struct(col("high"), col("low"))).as("names")));
        int documentMin = config.documentCharactersMin();
        Dataset<Row> changed = documents
                .join(lost, "node")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> {
                            RepeatedLines lines = new RepeatedLines(charactersMin);
                            return Rows.map(rows, row -> withoutLines(lines, row, documentMin));
                        },
                        REWRITTEN);
        Dataset<Row> result = kept.table(
                "without-lines",
                changed.unionByName(documents
                        .join(lost.select("node"), new String[] {"node"}, "left_anti")
                        .select(COLUMNS)));
        return new Lines(result, frequent(documents, repeated, config));
    }

    private static Iterator<Row> names(RepeatedLines lines, Row row) {
        return lines.names(row.getString(1)).stream()
                .map(name -> RowFactory.create(name.high(), name.low(), row.getString(0)))
                .iterator();
    }

    private static Set<RepeatedLines.Name> names(List<Row> rows) {
        Set<RepeatedLines.Name> names = new HashSet<>();
        rows.forEach(row -> names.add(new RepeatedLines.Name(row.getLong(0), row.getLong(1))));
        return names;
    }

    private static Row withoutLines(RepeatedLines lines, Row row, int documentMin) {
        RepeatedLines.Rest rest = lines.without(row.getAs("text"), names(row.getList(row.fieldIndex("names"))));
        return rewritten(row, rest.text(), rest.lines(), 0, documentMin, "too-short-after-lines");
    }

    /** The lines that most documents have, as the first of them has them. */
    private static Dataset<Row> frequent(Dataset<Row> documents, Dataset<Row> repeated, LineDedupConfig config) {
        Dataset<Row> largest = repeated.orderBy(desc("documents"), col("high"), col("low"))
                .limit(config.largestLines())
                .select("high", "low", "documents");
        Set<RepeatedLines.Name> wanted = names(largest.select("high", "low").collectAsList());
        int charactersMin = config.lineCharactersMin();
        Dataset<Row> samples = documents
                .select("node", "text")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> {
                            RepeatedLines lines = new RepeatedLines(charactersMin);
                            return Rows.flatMap(rows, row -> samples(lines, row, wanted));
                        },
                        SAMPLES)
                .groupBy("high", "low")
                .agg(min(struct(col("node"), col("line"))).as("first"));
        return largest.join(samples, NAME)
                .select(
                        col("documents"),
                        col("first.line").as("line"),
                        col("first.node").as("first_node"));
    }

    private static Iterator<Row> samples(RepeatedLines lines, Row row, Set<RepeatedLines.Name> wanted) {
        return lines.samples(row.getString(1), wanted).stream()
                .map(sample ->
                        RowFactory.create(sample.name().high(), sample.name().low(), row.getString(0), sample.line()))
                .iterator();
    }

    /** Cuts the passages that occurred before. */
    Dataset<Row> withoutRepeatedSpans(Dataset<Row> documents, SpanDedupConfig config) {
        int wordsMin = config.wordsMin();
        Dataset<Row> seeds = documents
                .select("node", "text")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> {
                            RepeatedSpans spans = new RepeatedSpans(wordsMin);
                            return Rows.flatMap(rows, row -> seeds(spans, row));
                        },
                        SEEDS);
        Dataset<Row> repeatedSeeds =
                seeds.groupBy("hash").count().where(col("count").gt(1)).select("hash");
        Dataset<Row> places = seeds.join(repeatedSeeds, new String[] {"hash"}, "left_semi")
                .groupBy("node")
                .agg(collect_list(col("position")).as("positions"));
        Dataset<Row> windows = kept.table(
                "windows",
                documents
                        .select("node", "text")
                        .join(places, "node")
                        .mapPartitions(
                                (MapPartitionsFunction<Row, Row>) rows -> {
                                    RepeatedSpans spans = new RepeatedSpans(wordsMin);
                                    return Rows.flatMap(rows, row -> windows(spans, row));
                                },
                                PLACES));
        Dataset<Row> repeated = windows.groupBy("high", "low")
                .agg(
                        count(lit(1)).as("places"),
                        min(struct(col("node"), col("position"))).as("first"))
                .where(col("places").gt(1))
                .select("high", "low", "first");
        Dataset<Row> lost = kept.table(
                "lost-spans",
                windows.join(repeated, NAME)
                        .where(struct(col("node"), col("position")).notEqual(col("first")))
                        .groupBy("node")
                        .agg(collect_list(col("position")).as("positions")));
        int documentMin = config.documentCharactersMin();
        Dataset<Row> changed = documents
                .join(lost, "node")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> {
                            RepeatedSpans spans = new RepeatedSpans(wordsMin);
                            return Rows.map(rows, row -> withoutSpans(spans, row, documentMin));
                        },
                        REWRITTEN);
        return kept.table(
                "without-spans",
                changed.unionByName(documents
                        .join(lost.select("node"), new String[] {"node"}, "left_anti")
                        .select(COLUMNS)));
    }

    private static Iterator<Row> seeds(RepeatedSpans spans, Row row) {
        List<Row> seeds = new ArrayList<>();
        spans.seeds(
                row.getString(1), (hash, position) -> seeds.add(RowFactory.create(hash, row.getString(0), position)));
        return seeds.iterator();
    }

    private static Iterator<Row> windows(RepeatedSpans spans, Row row) {
        List<Row> windows = new ArrayList<>();
        spans.windows(
                row.getString(1),
                positions(row),
                (high, low, position) -> windows.add(RowFactory.create(high, low, row.getString(0), position)));
        return windows.iterator();
    }

    private static int[] positions(Row row) {
        List<Integer> positions = row.getList(row.fieldIndex("positions"));
        return positions.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Row withoutSpans(RepeatedSpans spans, Row row, int documentMin) {
        RepeatedSpans.Rest rest = spans.without(row.getAs("text"), positions(row));
        return rewritten(row, rest.text(), 0, rest.words(), documentMin, "too-short-after-spans");
    }

    private static Row rewritten(Row row, String text, long lines, long words, int documentMin, String tooShort) {
        Document before = DocumentRows.fromRow(row);
        Document after = before.withText(text);
        int characters = CodePoints.count(text);
        long removed = (long) CodePoints.count(before.text()) - characters;
        return RowFactory.create(
                after.id(),
                after.source(),
                after.domain(),
                after.origin(),
                after.location(),
                after.repository(),
                after.licence(),
                after.language(),
                after.text(),
                row.<String>getAs("node"),
                row.<String>getAs("original_id"),
                row.<Long>getAs("lines_removed") + lines,
                row.<Long>getAs("words_removed") + words,
                row.<Long>getAs("characters_removed") + removed,
                characters < documentMin ? tooShort : row.<String>getAs("too_short"));
    }

    /** A count of null, which a sum over nothing is, as zero. */
    static Column orZero(Column sum) {
        return coalesce(sum, lit(0L));
    }
}
