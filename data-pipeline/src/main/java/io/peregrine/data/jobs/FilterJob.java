package io.peregrine.data.jobs;

import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageDoubts;
import io.peregrine.data.manifest.TableVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Stage 20: {@code annotated} to {@code kept} and {@code dropped}, by limits alone.
 *
 * <p>Every document is in exactly one of the two, with {@code raw_id}, its id before any rule corrected its text. A kept
 * one has {@code quality_score} where a rule set measures it; a dropped one has {@code stage} (the family of the rule),
 * {@code rule}, {@code measured} and {@code limit}.
 */
public final class FilterJob implements StageJob {
    /** Column of kept documents by which near-duplicate removal may choose. */
    static final String QUALITY_SCORE = "quality_score";

    private final FilterConfig config;
    private final RuleSets sets;

    public FilterJob(FilterConfig config) {
        this.config = config;
        this.sets = RuleSets.of(config);
    }

    @Override
    public Stage stage() {
        return Stage.FILTERS;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.SIGNALS);
    }

    @Override
    public String configDigest() {
        return ConfigDigest.of(config) + sets.decidingDigest();
    }

    @Override
    public Outcome run(StageContext context) {
        Dataset<Row> annotated = context.table(Stage.SIGNALS, "annotated");
        Decisions decisions = new Decisions(sets);
        Dataset<Row> decided = decisions.decide(annotated);
        Column deciding = functions.col(Decisions.DECIDING);
        List<Column> kept = documentColumns();
        if (Arrays.asList(annotated.columns()).contains(QUALITY_SCORE)) {
            kept.add(functions.col(QUALITY_SCORE));
        }
        List<Column> dropped = documentColumns();
        Decisions.RECORD.forEach(name -> dropped.add(functions.col(name)));
        Map<String, TableVersion> outputs = Map.of(
                "kept",
                        context.write(
                                decided.where(deciding.isNull()).select(kept.toArray(Column[]::new)), "kept", "id"),
                "dropped",
                        context.write(
                                decisions
                                        .explain(decided.where(deciding.isNotNull()))
                                        .select(dropped.toArray(Column[]::new)),
                                "dropped",
                                "rule",
                                "id"));
        Map<String, Funnel> funnels = Funnel.of(annotated, decisions, List.of("domain", AnnotatedRows.RULE_SET));
        Map<String, Long> counts = funnels.get("domain").counts(sets);
        counts.putAll(funnels.get(AnnotatedRows.RULE_SET).neverDropped(sets, StageDoubts.DOCUMENTS_MIN));
        return new Outcome(outputs, counts);
    }

    private static List<Column> documentColumns() {
        List<Column> columns = new ArrayList<>();
        for (String name : DocumentRows.SCHEMA.fieldNames()) {
            columns.add(functions.col(name));
        }
        columns.add(functions.col(AnnotatedRows.RAW_ID));
        return columns;
    }
}
