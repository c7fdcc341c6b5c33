package io.peregrine.trainer.experiments.window;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.window.AgeBins;
import io.peregrine.mixture.window.ExponentialKernel;
import io.peregrine.mixture.window.ForgettingKernel;
import io.peregrine.mixture.window.PowerKernel;
import io.peregrine.mixture.window.SequenceSampler;
import io.peregrine.mixture.window.TrainedSteps;
import io.peregrine.mixture.window.WindowPrediction;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.loader.ShardStreams;
import io.peregrine.trainer.train.TrainedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The whole experiment on one run.
 *
 * @param request what was asked for
 * @param tokensPerSequence mean of what was trained on: what turns sequences into tokens
 * @param bins of age
 * @param looks the checkpoints, oldest first
 * @param windows for each checkpoint every source, and all of them together if there are several
 * @param measured losses that were computed now, and not read from disk
 */
record WindowStudy(
        WindowRequest request,
        double tokensPerSequence,
        AgeBins bins,
        List<Look> looks,
        List<SourceWindow> windows,
        long measured) {
    static final String NAME = "memorization-window";

    private static final long CACHE_BYTES = 256L << 20;

    /**
     * A checkpoint that was looked at.
     *
     * @param step its step
     * @param tokens it was trained on
     * @param learningRate of its step; 0 if its rate or its weight decay is
     * @param weightDecay of its step; 0 likewise
     * @param prediction of its window by the optimizer alone, if there is weight decay
     */
    record Look(
            int step, long tokens, double learningRate, double weightDecay, Optional<WindowPrediction> prediction) {}

    WindowStudy {
        looks = List.copyOf(looks);
        windows = List.copyOf(windows);
    }

    /**
     * Selects, measures what has not been measured, and estimates.
     *
     * @param layout the run
     * @param run its training
     * @param seed of the run
     */
    static WindowStudy of(
            RunLayout layout, TrainedRun run, SeedStream seed, WindowRequest request, int threads, Progress progress) {
        List<String> sources = request.sourcesOf(run.plan());
        List<Checkpoint> looked = request.checkpointsOf(run.checkpoints());
        TrainedSteps steps = run.steps();
        int first = WindowSelection.stepOf(run.checkpoints().get(0));
        Checkpoint last = looked.get(looked.size() - 1);
        int lastStep = WindowSelection.stepOf(last);
        double tokensPerSequence = last.state().tokens() / (double) steps.ageSequences(1, lastStep);
        AgeBins bins = request.binsOf(steps, first, lastStep, tokensPerSequence);
        SeedStream draws = seed.child(NAME);
        SequenceSampler sampler = new SequenceSampler(run.plan(), steps, leftOut(run.heldOut()), draws.child("sample"));
        WindowSelection selection =
                new WindowSelection(run.plan(), sampler, bins, run.checkpoints(), looked, sources, request.settings());
        ShardStreams streams = ShardStreams.open(layout, run.plan(), run.model().vocabSize(), CACHE_BYTES);
        LossMeasurement measurement = new LossMeasurement(
                layout.experiment(NAME),
                request.backend(),
                threads,
                run.config().microBatchSequences(),
                streams);
        Map<Integer, LossFile> losses = measure(selection, run.checkpoints(), measurement, progress);

        List<Look> looks = new ArrayList<>();
        List<SourceWindow> windows = new ArrayList<>();
        try (Progress.Task task = progress.task("estimate", "curves", (long) looked.size() * (sources.size() + 1))) {
            for (Checkpoint checkpoint : looked) {
                int step = WindowSelection.stepOf(checkpoint);
                looks.add(look(checkpoint, run, steps, first, tokensPerSequence));
                List<ForgettingKernel> kernels = new ArrayList<>(List.of(new ExponentialKernel(), new PowerKernel()));
                OptimizerMemory.kernel(run, steps, step, tokensPerSequence).ifPresent(kernels::add);
                Map<String, PairedLosses> paired = new TreeMap<>();
                for (String source : sources) {
                    paired.put(source, PairedLosses.of(selection, losses, step, source, tokensPerSequence));
                }
                if (sources.size() > 1) {
                    paired.put(SourceWindow.ALL, PairedLosses.together(List.copyOf(paired.values())));
                }
                paired.forEach((source, drops) -> {
                    windows.add(SourceWindow.of(
                            source,
                            step,
                            drops,
                            bins.count(),
                            kernels,
                            request.settings().eps(),
                            draws.child("estimate/%d/%s".formatted(step, source))));
                    task.advance(1);
                });
            }
        }
        return new WindowStudy(request, tokensPerSequence, bins, looks, windows, measurement.measured());
    }

    private static Map<Integer, LossFile> measure(
            WindowSelection selection, List<Checkpoint> all, LossMeasurement measurement, Progress progress) {
        long wanted =
                selection.wanted().values().stream().mapToLong(it -> it.size()).sum();
        Map<Integer, LossFile> losses = new TreeMap<>();
        try (Progress.Task task = progress.task("losses", "sequences", wanted)) {
            for (Checkpoint checkpoint : all) {
                int step = WindowSelection.stepOf(checkpoint);
                if (selection.wanted().containsKey(step)) {
                    task.say("step " + step);
                    losses.put(
                            step, measurement.at(checkpoint, selection.wanted().get(step), task));
                }
            }
        }
        return losses;
    }

    private static Look look(
            Checkpoint checkpoint, TrainedRun run, TrainedSteps steps, int first, double tokensPerSequence) {
        int step = WindowSelection.stepOf(checkpoint);
        return new Look(
                step,
                checkpoint.state().tokens(),
                run.rates(step).map(rates -> rates.learningRate()).orElse(0.0),
                run.rates(step).map(rates -> rates.weightDecay()).orElse(0.0),
                OptimizerMemory.prediction(run, steps, first + 1, step, tokensPerSequence));
    }

    private static SequenceSampler.LeftOut leftOut(HeldOut heldOut) {
        return new SequenceSampler.LeftOut() {
            @Override
            public boolean contains(int stream, long row) {
                return heldOut.contains(stream, row);
            }

            @Override
            public List<Long> rows(int stream) {
                return heldOut.rowsOf(stream);
            }
        };
    }

    /** Edges of a bin in tokens. */
    double edgeTokens(int edge) {
        return bins.edges().get(edge) * tokensPerSequence;
    }

    /** What the last checkpoint says of each source, and not of all together. */
    List<SourceWindow> answers() {
        int last = looks.get(looks.size() - 1).step();
        return windows.stream()
                .filter(window -> window.step() == last && !window.source().equals(SourceWindow.ALL))
                .toList();
    }
}
