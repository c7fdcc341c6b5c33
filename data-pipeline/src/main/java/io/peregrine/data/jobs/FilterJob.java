package io.peregrine.data.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.filters.DomainFilters;
import io.peregrine.data.filters.DropReason;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.Verdict;
import io.peregrine.data.language.OpenNlpLanguageIdentifier;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Stage 20: {@code documents} to {@code kept} and {@code dropped}.
 *
 * <p>Every document is in exactly one of the two, with the language that was found. A dropped one has besides the
 * columns of a document {@code stage} (the filter), {@code rule}, {@code measured} and {@code limit}.
 */
public final class FilterJob implements StageJob {
    private static final StructType JUDGED = new StructType(DocumentRows.SCHEMA.fields())
            .add("stage", DataTypes.StringType, true)
            .add("rule", DataTypes.StringType, true)
            .add("measured", DataTypes.DoubleType, true)
            .add("limit", DataTypes.DoubleType, true);
    private static final Encoder<Row> JUDGED_ROWS = Encoders.row(JUDGED);

    private final FilterConfig config;

    public FilterJob(FilterConfig config) {
        this.config = config;
    }

    @Override
    public Stage stage() {
        return Stage.FILTERS;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.DOCUMENTS);
    }

    @Override
    public String configDigest() {
        return ConfigDigest.of(config);
    }

    @Override
    public Outcome run(StageContext context) {
        Dataset<Row> documents = context.table(Stage.DOCUMENTS, "documents");
        documents
                .select("source", "domain")
                .distinct()
                .collectAsList()
                .forEach(row -> config.rules(row.getString(0), row.getString(1)));
        FilterConfig settings = config;
        Dataset<Row> judged = documents
                .mapPartitions((MapPartitionsFunction<Row, Row>) rows -> judge(rows, settings), JUDGED_ROWS)
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Map<String, Long> counts = counts(judged);
            Column kept = functions.col("rule").isNull();
            Dataset<Row> keptRows = judged.where(kept).drop("stage", "rule", "measured", "limit");
            Dataset<Row> droppedRows = judged.where(functions.not(kept));
            Map<String, TableVersion> outputs = Map.of(
                    "kept", context.write(keptRows, "kept", "id"),
                    "dropped", context.write(droppedRows, "dropped", "rule", "id"));
            return new Outcome(outputs, counts);
        } finally {
            judged.unpersist();
        }
    }

    private static Iterator<Row> judge(Iterator<Row> rows, FilterConfig config) {
        DomainFilters filters =
                new DomainFilters(config, new OpenNlpLanguageIdentifier(config.languageSampleCharacters()));
        return Rows.map(rows, row -> judged(filters.decide(DocumentRows.fromRow(row))));
    }

    private static Row judged(DomainFilters.Decision decision) {
        Document d = decision.document();
        Object[] columns = {
            d.id(),
            d.source(),
            d.domain(),
            d.origin(),
            d.location(),
            d.repository(),
            d.licence(),
            d.language(),
            d.text(),
            null,
            null,
            null,
            null
        };
        if (decision.verdict() instanceof Verdict.Drop drop) {
            columns[9] = drop.reason().filter();
            columns[10] = drop.reason().key();
            columns[11] = drop.measured();
            columns[12] = drop.limit();
        }
        return RowFactory.create(columns);
    }

    /** In, out and drops by reason, first of all domains together, then of each. */
    private static Map<String, Long> counts(Dataset<Row> judged) {
        Map<String, Map<String, Long>> byDomain = new TreeMap<>();
        byDomain.put("", new TreeMap<>());
        for (Row row : judged.groupBy("domain", "rule").count().collectAsList()) {
            String rule = row.isNullAt(1) ? "" : row.getString(1);
            byDomain.get("").merge(rule, row.getLong(2), Long::sum);
            byDomain.computeIfAbsent(row.getString(0) + ".", domain -> new TreeMap<>())
                    .put(rule, row.getLong(2));
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        byDomain.forEach((prefix, byRule) -> {
            counts.put(
                    prefix + "in",
                    byRule.values().stream().mapToLong(Long::longValue).sum());
            counts.put(prefix + "out", byRule.getOrDefault("", 0L));
            for (DropReason reason : DropReason.values()) {
                Long dropped = byRule.get(reason.key());
                if (dropped != null) {
                    counts.put(prefix + "dropped." + reason.key(), dropped);
                }
            }
        });
        return counts;
    }
}
