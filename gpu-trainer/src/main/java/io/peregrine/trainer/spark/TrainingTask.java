package io.peregrine.trainer.spark;

import io.peregrine.data.UserException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.trainer.cuda.CudaException;
import io.peregrine.trainer.cuda.CudaFatalException;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.train.TrainConfig;
import io.peregrine.trainer.train.TrainStage;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** The one task of a training: gives back what the user has to mend, or nothing. */
final class TrainingTask extends AbstractFunction1<Iterator<Integer>, Iterator<String>> implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Exit code of an executor whose device is lost; Spark then starts another. */
    private static final int LOST_DEVICE = 20;

    private static final Logger LOG = LoggerFactory.getLogger(TrainingTask.class);
    private static final String GPU = "gpu";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final String root;
    private final String directory;
    private final boolean local;
    private final TaskProgress progress;

    /**
     * @param root of the run, absolute
     * @param directory that paths in the settings are relative to, absolute
     * @param local whether Spark runs in one process, where it assigns no devices
     * @param progress told of every step
     */
    TrainingTask(String root, String directory, boolean local, TaskProgress progress) {
        this.root = root;
        this.directory = directory;
        this.local = local;
        this.progress = progress;
    }

    @Override
    public Iterator<String> apply(Iterator<Integer> partition) {
        List<String> faults = faults(local, () -> {
            RunLayout layout = new RunLayout(Path.of(root));
            RunFile file = RunFile.open(layout.settings());
            TrainConfig config = file.section("train", TrainConfig.class);
            TrainStage stage = new TrainStage(layout, config, file.seed(), Path.of(directory));
            BarrierTaskContext task = BarrierTaskContext.get();
            if (config.backend() != Backend.CUDA) {
                stage.ensure(progress);
                return;
            }
            int device = device(task.resourcesJMap(), local);
            LOG.info("trains on device {}", device);
            if (local) {
                stage.ensure(progress, device);
            } else {
                boolean again = task.attemptNumber() > 0 || task.stageAttemptNumber() > 0;
                BusyDevice.waitingForAnEarlierExecutor(again).open(() -> stage.ensure(progress, device));
            }
        });
        return CollectionConverters.asScala(faults.iterator());
    }

    /**
     * What a training leaves to be mended by the user, or nothing. A lost device ends the process, which is an executor's;
     * the driver's own goes on, to tell of it.
     */
    static List<String> faults(boolean local, Runnable training) {
        try {
            training.run();
            return List.of();
        } catch (UserException e) {
            if (e instanceof CudaFatalException && !local) {
                LOG.error("the device is lost, and this executor with it", e);
                Runtime.getRuntime().halt(LOST_DEVICE);
            }
            LOG.error("not tried again", e);
            return List.of(e.getMessage());
        }
    }

    /**
     * The device that Spark assigned to a task.
     *
     * @param resources of the task, by name
     * @param local whether Spark runs in one process
     * @throws CudaException if it assigned none, or one that is not named as the CUDA driver counts
     */
    static int device(Map<String, ResourceInformation> resources, boolean local) {
        if (!resources.containsKey(GPU)) {
            if (local) {
                return 0;
            }
            throw new CudaException(
                    "train.place = executor with train.backend = cuda: Spark assigned no GPU to the task; set"
                            + " spark.task.resource.gpu.amount=1, spark.executor.resource.gpu.amount=1 and"
                            + " spark.executor.resource.gpu.discoveryScript");
        }
        String address = resources.get(GPU).addresses()[0];
        if (!NUMBER.matcher(address).matches()) {
            throw new CudaException(
                    ("train.place = executor: Spark assigned the GPU '%s' to the task; the discovery script must give"
                                    + " GPUs their numbers, 0, 1, and so on")
                            .formatted(address));
        }
        return Integer.parseInt(address);
    }
}
