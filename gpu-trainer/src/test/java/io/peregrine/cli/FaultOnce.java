package io.peregrine.cli;

import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.testing.DeviceFault;
import io.peregrine.trainer.train.MetricsLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;

/**
 * Ruins an executor while a training runs in it, soon after there is a checkpoint, and no second one of the same training.
 *
 * <p>Before that it keeps a copy of the training's metrics, by which a test, and the executor that comes next, know that it
 * has happened.
 */
public final class FaultOnce extends ExecutorSidePlugin {
    /** Setting that names the folder of the training. */
    static final String TRAINING = "spark.peregrine.test.fault.training";

    /** Setting that says which {@link Kind} of fault. */
    static final String KIND = "spark.peregrine.test.fault.kind";

    /** What happens to the executor. */
    enum Kind {
        /** It ends as one does that has lost its device. */
        EXIT {
            @Override
            Runnable prepare(PluginContext context) {
                return () -> Runtime.getRuntime().halt(20);
            }
        },

        /** It loses its device. */
        CUDA {
            @Override
            Runnable prepare(PluginContext context) {
                String address = context.resources().get("gpu").addresses()[0];
                CudaDevice device = new CudaDevice(Integer.parseInt(address));
                return () -> DeviceFault.make(device);
            }
        };

        /** Does beforehand what takes long; what it returns does the rest. */
        abstract Runnable prepare(PluginContext context);
    }

    /** Metrics of the training of a folder when the fault came. */
    static Path metricsAtFault(Path training) {
        return training.resolve("at-the-fault.jsonl");
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new InExecutor();
    }

    private static final class InExecutor implements ExecutorPlugin {
        @Override
        public void init(PluginContext context, Map<String, String> fromDriver) {
            Path training = Path.of(context.conf().get(TRAINING));
            if (Files.exists(metricsAtFault(training))) {
                return;
            }
            Kind kind = Kind.valueOf(context.conf().get(KIND));
            Thread thread = new Thread(() -> ruin(kind, context, training), "fault");
            thread.setDaemon(true);
            thread.start();
        }

        private static void ruin(Kind kind, PluginContext context, Path training) {
            Runnable fault = kind.prepare(context);
            Checkpoints checkpoints = new Checkpoints(training.resolve(Checkpoints.FOLDER));
            try {
                while (checkpoints.latest().isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                // Some heartbeats, which have to tell of a step: the first in a cold JVM may come late.
                TimeUnit.MILLISECONDS.sleep(500);
                Files.copy(training.resolve(MetricsLog.FILE_NAME), metricsAtFault(training));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            fault.run();
        }
    }
}
