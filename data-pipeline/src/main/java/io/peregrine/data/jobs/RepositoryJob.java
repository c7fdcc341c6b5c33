package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.peregrine.data.code.repo.RepositoryConfig;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Stage 37: unique documents of domain code that are files of a repository, to {@code repositories}: documents of domain
 * {@code code-repo}, each of many files.
 *
 * <p>The files of a repository meet in one task, sorted by path; what is beyond the bounds of the settings is left out and
 * counted ({@code left-out.*}). The files stay as they are in their own table: a run may train on both forms.
 */
public final class RepositoryJob implements StageJob {
    /** Domain of the documents that are made. */
    public static final String DOMAIN = "code-repo";

    private static final String FILE_DOMAIN = "code";

    private final RepositoryConfig config;

    public RepositoryJob(RepositoryConfig config) {
        this.config = config;
    }

    @Override
    public Stage stage() {
        return Stage.REPOSITORIES;
    }

    @Override
    public List<Stage> after() {
        return List.of(Stage.DECONTAMINATE);
    }

    @Override
    public String configDigest() {
        return ConfigDigest.of(config);
    }

    @Override
    public Outcome run(StageContext context) {
        Column wanted = col("domain").equalTo(FILE_DOMAIN).and(col("repository").notEqual(""));
        RepositoryConfig settings = config;
        Dataset<Row> packed = context.table(Stage.DECONTAMINATE, "clean")
                .where(config.enabled() ? wanted : lit(false))
                .repartition(col("source"), col("repository"))
                .sortWithinPartitions("source", "repository", "location", "id", "origin")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> new RepositoryRows(rows, settings),
                        Encoders.row(RepositoryRows.SCHEMA))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Row sums = packed.agg(
                            count(when(col("first"), lit(1))),
                            count(lit(1)),
                            sum("files"),
                            sum("empty"),
                            sum("over_files"),
                            sum("over_characters"),
                            sum("same_path"))
                    .head();
            TableVersion table =
                    context.write(packed.where(col("id").notEqual("")).select(documents()), "repositories", "id");
            Map<String, Long> counts = new LinkedHashMap<>();
            counts.put("repositories", sums.getLong(0));
            counts.put("in", total(sums, 2) + total(sums, 3) + total(sums, 4) + total(sums, 5) + total(sums, 6));
            counts.put("packed", total(sums, 2));
            counts.put("left-out.empty", total(sums, 3));
            counts.put("left-out.files-max", total(sums, 4));
            counts.put("left-out.repository-characters-max", total(sums, 5));
            counts.put("left-out.path-twice", total(sums, 6));
            counts.put("out", table.rows());
            return new Outcome(Map.of("repositories", table), counts);
        } finally {
            packed.unpersist();
        }
    }

    private static Column[] documents() {
        return List.of(DocumentRows.SCHEMA.fieldNames()).stream()
                .map(org.apache.spark.sql.functions::col)
                .toArray(Column[]::new);
    }

    private static long total(Row sums, int column) {
        return sums.isNullAt(column) ? 0 : sums.getLong(column);
    }
}
