package io.peregrine.trainer.testing;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.train.TrainStage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Trains in a process of its own, so that a test can kill it. */
public final class TrainInOwnProcess {
    private TrainInOwnProcess() {}

    /** Starts to train a run. */
    public static Process start(RunLayout layout, int steps, int checkpointEverySteps, long seed) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java,
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                TrainInOwnProcess.class.getName(),
                layout.root().toString(),
                Integer.toString(steps),
                Integer.toString(checkpointEverySteps),
                Long.toString(seed));
        return new ProcessBuilder(command).inheritIO().start();
    }

    /** @param args folder of the run, steps, steps between checkpoints, seed */
    public static void main(String[] args) {
        new TrainStage(
                        new RunLayout(Path.of(args[0])),
                        TrainSettings.of(Integer.parseInt(args[1]), Backend.REFERENCE, Integer.parseInt(args[2])),
                        SeedStream.of(Long.parseLong(args[3])))
                .ensure(Progress.SILENT);
    }
}
