package io.peregrine.trainer.spark;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import scala.reflect.ClassTag$;

/**
 * Trains a run inside a Spark task, on the GPU that Spark assigned to it.
 *
 * <p>It is a barrier stage of one task. A result stage of barriers cannot be tried again, so its outcome goes through a
 * shuffle to a stage behind it. A task that is lost with its executor is tried again by Spark, and training goes on from
 * the last checkpoint; what the user has to mend is not tried again. Root and model lie on a path that driver and
 * executors share; an executor works in a directory of its own, and is told the driver's, to which paths are relative.
 */
public final class ExecutorTraining {
    private ExecutorTraining() {}

    /**
     * Trains if need be.
     *
     * @param layout of the run, with its record of settings ({@link RunLayout#settings})
     * @param progress told now and then of how far the task has come
     * @return the manifest of training
     * @throws DataException with the task's own message, if the user has to mend something
     */
    public static StageManifest ensure(SparkSession spark, RunLayout layout, Progress progress) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        String root = layout.root().toAbsolutePath().normalize().toString();
        String directory = Path.of("").toAbsolutePath().toString();
        List<String> faults;
        try (DriverProgress watch = DriverProgress.watch(context.sc(), progress)) {
            faults = context.parallelize(List.of(0), 1)
                    .rdd()
                    .barrier()
                    .mapPartitions(
                            new TrainingTask(root, directory, context.isLocal(), watch.task()),
                            false,
                            ClassTag$.MODULE$.apply(String.class))
                    .toJavaRDD()
                    .repartition(1)
                    .collect();
        }
        if (!faults.isEmpty()) {
            throw new DataException(faults.get(0));
        }
        return StageManifest.require(layout, Stage.TRAIN);
    }
}
