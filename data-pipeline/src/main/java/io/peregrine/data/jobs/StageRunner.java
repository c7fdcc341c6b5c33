package io.peregrine.data.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.CodeVersion;
import io.peregrine.data.manifest.Fingerprint;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Runs stages, and runs none twice: a stage whose manifest has the fingerprint of today's settings, inputs, seed and code
 * is left as it is.
 */
public final class StageRunner {
    /** Stages that take every row of one table of the stage before, and that table. */
    private static final Map<Stage, String> READ = Map.of(
            Stage.SIGNALS, "documents", Stage.FILTERS, "annotated", Stage.DEDUP, "kept", Stage.DECONTAMINATE, "unique");

    private final LazySpark spark;
    private final RunLayout layout;
    private final SeedStream seed;
    private final Progress progress;

    /** Runs stages on a session that is open already. */
    public StageRunner(SparkSession spark, RunLayout layout, SeedStream seed, Progress progress) {
        this(LazySpark.opened(spark), layout, seed, progress);
    }

    /** Runs stages on a session that is opened by the first stage that has to run. */
    public StageRunner(LazySpark spark, RunLayout layout, SeedStream seed, Progress progress) {
        this.spark = spark;
        this.layout = layout;
        this.seed = seed;
        this.progress = progress;
    }

    /** Whether the stage has happened with these settings and inputs. The stages before it must have happened. */
    public Optional<StageManifest> finished(StageJob job) {
        String fingerprint = fingerprint(job, inputs(job));
        return StageManifest.read(layout, job.stage())
                .filter(manifest -> manifest.fingerprint().equals(fingerprint));
    }

    /** The stage's manifest, after running the stage if need be. */
    public StageManifest ensure(StageJob job) {
        Optional<StageManifest> finished = finished(job);
        return finished.isPresent() ? finished.get() : run(job);
    }

    private StageManifest run(StageJob job) {
        Map<String, String> inputs = inputs(job);
        StageManifest.withdraw(layout, job.stage());
        SparkSession session = spark.session();
        try {
            return run(job, inputs, session);
        } catch (Exception e) { // Spark throws SparkException, a checked one, from Scala, where Java sees none declared
            String local = session.sparkContext().conf().get("spark.local.dir", System.getProperty("java.io.tmpdir"));
            List<Path> folders = Stream.concat(
                            Stream.of(layout.root()),
                            Arrays.stream(local.split(",")).map(Path::of))
                    .toList();
            Optional<DataException> full = FullDisks.explain(e, job.stage(), folders);
            if (full.isPresent()) {
                throw full.get();
            }
            throw e;
        }
    }

    private StageManifest run(StageJob job, Map<String, String> inputs, SparkSession session) {
        Stage stage = job.stage();
        long began = System.nanoTime();
        StageJob.Outcome outcome;
        SeedStream stageSeed = seed.child(stage.folder());
        try (SparkProgress watch = SparkProgress.watch(session, progress, stage)) {
            outcome = job.run(new StageContext(session, layout, stage, stageSeed, progress));
            watch.finished(outcome);
        }
        requireEveryRow(job, outcome);
        StageManifest manifest = new StageManifest(
                stage,
                fingerprint(job, inputs),
                inputs,
                outcome.outputs(),
                outcome.counts(),
                (System.nanoTime() - began) / 1e9,
                CodeVersion.CURRENT);
        manifest.write(layout);
        return manifest;
    }

    /** A stage that judges documents must have seen each row of what came before: a lost one is never noticed later. */
    private void requireEveryRow(StageJob job, StageJob.Outcome outcome) {
        String read = READ.get(job.stage());
        Long in = outcome.counts().get("in");
        if (read == null || in == null || job.after().size() != 1) {
            return;
        }
        TableVersion table = StageManifest.require(layout, job.after().get(0)).output(read);
        if (table.rows() != in) {
            throw new IllegalStateException(
                    "%s: %d rows in, but %s has %d: rows were lost or doubled on the way, and nothing of it counts"
                            .formatted(job.stage().folder(), in, table.path(), table.rows()));
        }
    }

    private String fingerprint(StageJob job, Map<String, String> inputs) {
        return Fingerprint.of(job.stage(), job.configDigest(), inputs, seed);
    }

    private Map<String, String> inputs(StageJob job) {
        List<StageManifest> manifests = job.after().stream()
                .map(stage -> StageManifest.require(layout, stage))
                .toList();
        return Fingerprint.inputsOf(manifests);
    }
}
