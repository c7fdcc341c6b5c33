package io.peregrine.trainer.testing;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.train.TrainConfig;
import io.peregrine.trainer.train.TrainStage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Trains in a process of its own, so that a test can kill it. */
public final class TrainInOwnProcess {
    private static final String GOING_BACK = "going-back";

    private TrainInOwnProcess() {}

    /** Starts to train a run. */
    public static Process start(RunLayout layout, int steps, int checkpointEverySteps, long seed) throws IOException {
        return start(layout, steps, Integer.toString(checkpointEverySteps), seed);
    }

    /** Starts to train the run of {@link TrainSettings#goingBack}. */
    public static Process startGoingBack(RunLayout layout, int steps, long seed) throws IOException {
        return start(layout, steps, GOING_BACK, seed);
    }

    private static Process start(RunLayout layout, int steps, String how, long seed) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java,
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                TrainInOwnProcess.class.getName(),
                layout.root().toString(),
                Integer.toString(steps),
                how,
                Long.toString(seed));
        return new ProcessBuilder(command).inheritIO().start();
    }

    /** @param args folder of the run, steps, steps between checkpoints or how else, seed */
    public static void main(String[] args) {
        int steps = Integer.parseInt(args[1]);
        TrainConfig config = args[2].equals(GOING_BACK)
                ? TrainSettings.goingBack(steps, 3)
                : TrainSettings.of(steps, Backend.REFERENCE, Integer.parseInt(args[2]));
        new TrainStage(new RunLayout(Path.of(args[0])), config, SeedStream.of(Long.parseLong(args[3])))
                .ensure(Progress.SILENT);
    }
}
