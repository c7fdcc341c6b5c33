package io.peregrine.trainer.spark;

import io.peregrine.data.UserException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
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

    private static final String GPU = "gpu";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final String root;
    private final String directory;
    private final boolean local;

    /**
     * @param root of the run, absolute
     * @param directory that paths in the settings are relative to, absolute
     * @param local whether Spark runs in one process, where it assigns no devices
     */
    TrainingTask(String root, String directory, boolean local) {
        this.root = root;
        this.directory = directory;
        this.local = local;
    }

    @Override
    public Iterator<String> apply(Iterator<Integer> partition) {
        Logger log = LoggerFactory.getLogger(TrainingTask.class);
        try {
            RunLayout layout = new RunLayout(Path.of(root));
            RunFile file = RunFile.open(layout.settings());
            TrainConfig config = file.section("train", TrainConfig.class);
            int device = 0;
            if (config.backend() == Backend.CUDA) {
                device = device(BarrierTaskContext.get().resourcesJMap(), local);
                log.info("trains on device {}", device);
            }
            new TrainStage(layout, config, file.seed(), Path.of(directory)).ensure(Progress.SILENT, device);
            return iterator(List.of());
        } catch (CudaFatalException e) {
            log.error("the device is lost, and this executor with it", e);
            Runtime.getRuntime().halt(LOST_DEVICE);
            throw e;
        } catch (UserException e) {
            log.error("not tried again", e);
            return iterator(List.of(e.getMessage()));
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

    private static Iterator<String> iterator(List<String> messages) {
        return CollectionConverters.asScala(messages.iterator());
    }
}
