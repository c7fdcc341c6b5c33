package io.peregrine.data.jobs;

import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Stage 15: {@code documents} to {@code annotated}: every document with all that its rule set measures, nothing decided.
 *
 * <p>This is the pass over the text. Its fingerprint has no limit in it, so that a run with other limits finds it done.
 */
public final class SignalsJob implements StageJob {
    private final RuleSets sets;

    public SignalsJob(FilterConfig config) {
        this.sets = RuleSets.of(config);
    }

    @Override
    public Stage stage() {
        return Stage.SIGNALS;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.DOCUMENTS);
    }

    @Override
    public String configDigest() {
        return sets.measuringDigest();
    }

    @Override
    public Outcome run(StageContext context) {
        Dataset<Row> documents = context.table(Stage.DOCUMENTS, "documents");
        documents
                .select("source", "domain")
                .distinct()
                .collectAsList()
                .forEach(row -> sets.of(row.getString(0), row.getString(1)));
        AnnotatedRows rows = new AnnotatedRows(sets);
        Dataset<Row> annotated =
                documents.mapPartitions((MapPartitionsFunction<Row, Row>) rows::annotate, Encoders.row(rows.schema()));
        TableVersion table = context.write(annotated, "annotated", "id");
        return new Outcome(Map.of("annotated", table), counts(context.at(table)));
    }

    private static Map<String, Long> counts(Dataset<Row> annotated) {
        Map<String, Long> counts = new LinkedHashMap<>();
        Row changed = annotated
                .agg(
                        functions.count(functions.lit(1)),
                        functions.count_if(functions.col("id").notEqual(functions.col(AnnotatedRows.RAW_ID))))
                .head();
        counts.put("in", changed.getLong(0));
        counts.put("out", changed.getLong(0));
        counts.put("texts-changed", changed.getLong(1));
        annotated
                .groupBy(AnnotatedRows.RULE_SET)
                .count()
                .orderBy(AnnotatedRows.RULE_SET)
                .collectAsList()
                .forEach(row -> counts.put("rule-set." + row.getString(0), row.getLong(1)));
        return counts;
    }
}
