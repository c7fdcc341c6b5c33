package io.peregrine.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.resource.ResourceInformation;

/** Writes down every barrier task: the executor that runs it, and the GPUs that Spark gave to it. */
public final class TaskWitness extends ExecutorSidePlugin {
    /** Setting that names the file, to which a line is added for each task. */
    static final String FILE = "spark.peregrine.test.tasks";

    @Override
    public ExecutorPlugin executorPlugin() {
        return new InExecutor();
    }

    private static final class InExecutor implements ExecutorPlugin {
        private String executor;
        private Path file;

        @Override
        public void init(PluginContext context, Map<String, String> fromDriver) {
            executor = context.executorID();
            file = Path.of(context.conf().get(FILE));
        }

        @Override
        public void onTaskStart() {
            if (TaskContext.get() instanceof BarrierTaskContext task) {
                ResourceInformation gpu = task.resourcesJMap().get("gpu");
                String line = "executor %s, GPU %s\n".formatted(executor, List.of(gpu.addresses()));
                try {
                    Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
