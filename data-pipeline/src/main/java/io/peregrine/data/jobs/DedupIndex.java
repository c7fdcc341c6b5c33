package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.dedup.KeepOrder;
import io.peregrine.data.dedup.MinHashConfig;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What a finished run keeps for later ones, so that a new dump is deduplicated against it without its texts.
 *
 * <ul>
 *   <li>{@code index_ids}: every {@code id} seen, with its {@code node} (see {@link KeepOrder}) and its {@code cluster},
 *       the id kept for it.
 *   <li>{@code index_bands}: of every bucket, {@code band} and {@code key}, and every {@code round} of {@link
 *       SimilarPairs}, the smallest {@code node} of its members, kept or not. Tables without {@code round} have round 0
 *       only: they are read as they are, and pairs that a later round with them would find are not found.
 *   <li>{@code index_signatures}: {@code node} and {@code signature} of each node in {@code index_bands}.
 *   <li>{@code index_shape}: a file with the shape of the signatures, see {@link MinHashConfig#shape}, and the generation.
 * </ul>
 *
 * <p>An index includes those it was made against, so the latest of a chain stands for all.
 */
final class DedupIndex {
    private static final String IDS = "index_ids";
    private static final String BANDS = "index_bands";
    private static final String SIGNATURES = "index_signatures";
    private static final String SHAPE = "index_shape";
    private static final List<String> ALL = List.of(IDS, BANDS, SIGNATURES, SHAPE);

    private final RunLayout layout;
    private final StageManifest manifest;
    private final int generation;

    private DedupIndex(RunLayout layout, StageManifest manifest, int generation) {
        this.layout = layout;
        this.manifest = manifest;
        this.generation = generation;
    }

    /** The index of the run at this root, whose signatures must have this shape. */
    static DedupIndex open(String root, MinHashConfig config) {
        RunLayout layout = new RunLayout(Path.of(root));
        StageManifest manifest = manifest(root);
        Path file = layout.root().resolve(manifest.output(SHAPE).path());
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.size() != 2) {
                throw new DataException("%s: must have two lines; run %s again".formatted(file, Stage.DEDUP.folder()));
            }
            if (!lines.get(0).equals(config.shape())) {
                throw new ConfigException(
                        "against",
                        root,
                        "its signatures are '%s', this run's '%s'; they must be of one shape"
                                .formatted(lines.get(0), config.shape()));
            }
            return new DedupIndex(layout, manifest, Integer.parseInt(lines.get(1)));
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }

    /** The payload digests of the index of the run at this root: part of the settings of whoever reads it. */
    static String digest(String root) {
        StageManifest manifest = manifest(root);
        StringBuilder digests = new StringBuilder();
        ALL.forEach(
                name -> digests.append(manifest.output(name).payloadDigest()).append(' '));
        return digests.toString();
    }

    private static StageManifest manifest(String root) {
        StageManifest manifest = StageManifest.require(new RunLayout(Path.of(root)), Stage.DEDUP);
        if (!manifest.outputs().keySet().containsAll(ALL)) {
            throw new ConfigException(
                    "against", root, "must be a run that kept its index; run its dedup again with dedup.index: true");
        }
        return manifest;
    }

    /** The generation of the run that made it. */
    int generation() {
        return generation;
    }

    Dataset<Row> ids(SparkSession spark) {
        return read(spark, IDS);
    }

    /** {@code round}, {@code band}, {@code key} and {@code node}. */
    Dataset<Row> bands(SparkSession spark) {
        Dataset<Row> bands = read(spark, BANDS);
        return List.of(bands.columns()).contains("round") ? bands : bands.withColumn("round", lit(0));
    }

    Dataset<Row> signatures(SparkSession spark) {
        return read(spark, SIGNATURES);
    }

    private Dataset<Row> read(SparkSession spark, String name) {
        TableVersion table = manifest.output(name);
        return spark.read()
                .format("delta")
                .option("versionAsOf", table.version())
                .load(layout.root().resolve(table.path()).toString());
    }

    /**
     * Writes the index of this run.
     *
     * @param ids {@code id}, {@code node}, {@code cluster} of this run's documents that no earlier index has
     * @param buckets {@code round}, {@code band}, {@code key}, {@code node}: its buckets, with the nodes of earlier ones where they have
     *     them
     * @param signatures {@code node}, {@code signature}, earlier ones included
     * @param earlier the index this run was made against, or an empty list
     */
    static Map<String, TableVersion> write(
            StageContext context,
            MinHashConfig config,
            Dataset<Row> ids,
            Dataset<Row> buckets,
            Dataset<Row> signatures,
            List<DedupIndex> earlier) {
        Dataset<Row> allIds = ids.select("id", "node", "cluster");
        Dataset<Row> allBuckets = buckets.select("round", "band", "key", "node");
        int generation = 0;
        for (DedupIndex index : earlier) {
            Dataset<Row> before = index.bands(context.spark()).select("round", "band", "key", "node");
            allIds = allIds.unionByName(index.ids(context.spark()));
            allBuckets =
                    before.unionByName(allBuckets.join(before, new String[] {"round", "band", "key"}, "left_anti"));
            generation = index.generation() + 1;
        }
        Map<String, TableVersion> outputs = new LinkedHashMap<>();
        outputs.put(IDS, context.write(allIds, IDS, "id"));
        TableVersion bands = context.write(allBuckets, BANDS, "round", "band", "key");
        outputs.put(BANDS, bands);
        Dataset<Row> named = signatures.join(context.at(bands).select("node"), new String[] {"node"}, "left_semi");
        outputs.put(SIGNATURES, context.write(named.select(col("node"), col("signature")), SIGNATURES, "node"));
        outputs.put(SHAPE, shape(context, config, generation));
        return outputs;
    }

    private static TableVersion shape(StageContext context, MinHashConfig config, int generation) {
        Path file = context.folder().resolve(SHAPE + ".txt");
        List<String> lines = new ArrayList<>(List.of(config.shape(), Integer.toString(generation)));
        try {
            AtomicFiles.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(file, e), e);
        }
        return context.file(file);
    }
}
