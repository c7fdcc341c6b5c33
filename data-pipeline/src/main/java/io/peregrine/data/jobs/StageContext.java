package io.peregrine.data.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * What a running stage may use: Spark, the outputs of earlier stages at the versions their manifests name, and the way
 * to write its own.
 */
public final class StageContext {
    private static final String[] UNSORTED = {};

    private final SparkSession spark;
    private final RunLayout layout;
    private final Stage stage;
    private final SeedStream seed;
    private final Progress progress;

    StageContext(SparkSession spark, RunLayout layout, Stage stage, SeedStream seed, Progress progress) {
        this.spark = spark;
        this.layout = layout;
        this.stage = stage;
        this.seed = seed;
        this.progress = progress;
    }

    /** For a command that looks at a stage's inputs, or at what it would do, with the seed that the stage has. */
    public static StageContext looking(SparkSession spark, RunLayout layout, Stage stage, SeedStream runSeed) {
        return new StageContext(spark, layout, stage, runSeed.child(stage.folder()), Progress.SILENT);
    }

    public SparkSession spark() {
        return spark;
    }

    public RunLayout layout() {
        return layout;
    }

    /** The stage's own stream, a child of the run's seed. */
    public SeedStream seed() {
        return seed;
    }

    public Progress progress() {
        return progress;
    }

    /** The folder of this stage, made if it is not there. */
    public Path folder() {
        Path folder = layout.folder(stage);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new DataException("%s: cannot be made: %s".formatted(folder, e), e);
        }
    }

    /** The manifest of an earlier stage. */
    public StageManifest input(Stage earlier) {
        return StageManifest.require(layout, earlier);
    }

    /** A table of an earlier stage, at exactly the version that its manifest names. */
    public Dataset<Row> table(Stage earlier, String name) {
        return at(input(earlier).output(name));
    }

    /** A table at exactly this version. */
    public Dataset<Row> at(TableVersion table) {
        return spark.read()
                .format("delta")
                .option("versionAsOf", table.version())
                .load(layout.root().resolve(table.path()).toString());
    }

    /**
     * Writes a table of this stage: one Delta commit that replaces what was there before. The digest is computed from
     * what a reader sees, not from what was handed in.
     *
     * @param rows the table's content
     * @param name the table's name, also of its folder
     * @param sortedBy columns by which rows are sorted inside each file; for the reader's comfort, not for meaning
     */
    public TableVersion write(Dataset<Row> rows, String name, String... sortedBy) {
        return write(rows, name, Map.of(), sortedBy);
    }

    /** As {@link #write(Dataset, String, String...)}, with options for Delta's writer. */
    public TableVersion write(Dataset<Row> rows, String name, Map<String, String> options, String... sortedBy) {
        String path = layout.table(stage, name).toString();
        Column[] sort = Arrays.stream(sortedBy.length == 0 ? UNSORTED : sortedBy)
                .map(functions::col)
                .toArray(Column[]::new);
        (sort.length == 0 ? rows : rows.sortWithinPartitions(sort))
                .write()
                .format("delta")
                .mode(SaveMode.Overwrite)
                .option("overwriteSchema", "true")
                .option("userMetadata", "peregrine " + stage.folder() + "/" + name)
                .options(options)
                .save(path);
        return digested(name, DeltaVersions.newest(spark, path));
    }

    /** A table of this stage that was written in another way, at this version. */
    public TableVersion digested(String name, long version) {
        TableVersion unverified = new TableVersion(relative(layout.table(stage, name)), version, 0, "");
        TableDigests.Digest digest = TableDigests.of(at(unverified));
        return new TableVersion(unverified.path(), version, digest.rows(), digest.payloadDigest());
    }

    /** A plain file of this stage as an output: its bytes are its payload. */
    public TableVersion file(Path file) {
        try {
            byte[] content = Files.readAllBytes(file);
            String digest = new PayloadDigest().add(content).hex();
            return new TableVersion(relative(file), TableVersion.PLAIN_FILE, content.length, digest);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read back " + file, e);
        }
    }

    private String relative(Path path) {
        return layout.root()
                .relativize(path.toAbsolutePath().normalize())
                .toString()
                .replace('\\', '/');
    }
}
