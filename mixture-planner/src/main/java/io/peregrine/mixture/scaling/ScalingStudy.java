package io.peregrine.mixture.scaling;

import io.peregrine.data.DataException;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The forms compared, the best one fitted to all runs, and how sure its numbers are.
 *
 * @param runs how many there are
 * @param largestParams size of the models that were left out of the comparison
 * @param leftOut how many runs have this size
 * @param candidates the forms, the best first
 * @param law the best form, fitted to all runs
 * @param resampled the same form fitted to runs drawn with replacement (case bootstrap), one law per draw that could be
 *     fitted
 * @param failed draws that could not be fitted
 */
public record ScalingStudy(
        int runs,
        double largestParams,
        int leftOut,
        List<Candidate> candidates,
        ScalingLaw law,
        List<ScalingLaw> resampled,
        int failed) {
    /** The interval leaves out this much at either end. */
    private static final double TAIL = 0.025;

    public ScalingStudy {
        candidates = List.copyOf(candidates);
        resampled = List.copyOf(resampled);
    }

    /**
     * A form.
     *
     * @param law fitted without the largest models
     * @param error root of the mean squared difference of log losses on the largest models
     * @param fitError the same on the others
     */
    public record Candidate(ScalingLaw law, double error, double fitError) {}

    /** The bounds between which 95 % of the draws are. */
    public record Interval(double low, double high) {}

    /**
     * Compares, fits and resamples.
     *
     * @param resamples draws of the bootstrap
     * @throws DataException if the runs are too few, have one size only, or no form can be fitted
     */
    public static ScalingStudy of(List<ScalingRun> runs, int resamples, long seed, Progress progress) {
        double largest = runs.stream().mapToDouble(ScalingRun::params).max().orElse(0);
        List<ScalingRun> rest =
                runs.stream().filter(run -> run.params() < largest).toList();
        List<ScalingRun> leftOut =
                runs.stream().filter(run -> run.params() == largest).toList();
        boolean repeats = rest.stream().anyMatch(run -> run.repetitions() > 0);
        List<ScalingForm> forms = repeats ? List.of(ScalingForm.values()) : List.of(ScalingForm.FRESH);
        int needed = forms.get(forms.size() - 1).parameters() + 2;
        long sizes = rest.stream().mapToDouble(ScalingRun::params).distinct().count();
        if (rest.size() < needed || sizes < 2) {
            throw new DataException(("%d runs of %d sizes below the largest, %s parameters: must be >= %d runs of >= 2 "
                            + "sizes, for the largest is left out to judge by")
                    .formatted(rest.size(), sizes, largest, needed));
        }
        List<Candidate> candidates = forms.stream()
                .flatMap(form -> new ScalingFit(form, rest).fromGrid().stream())
                .map(law -> new Candidate(law, error(law, leftOut), error(law, rest)))
                .sorted(Comparator.comparingDouble(Candidate::error))
                .toList();
        if (candidates.isEmpty()) {
            throw new DataException("%d runs: no scaling law can be fitted: look for outliers".formatted(runs.size()));
        }
        ScalingForm best = candidates.get(0).law().form();
        ScalingLaw law = new ScalingFit(best, runs)
                .fromGrid()
                .orElseThrow(() -> new DataException(
                        "%d runs: the form '%s' fits without the largest models and not with them: look for outliers"
                                .formatted(runs.size(), best.title())));
        List<Optional<ScalingLaw>> draws = resampled(runs, law, resamples, seed, progress);
        List<ScalingLaw> fitted = draws.stream().flatMap(Optional::stream).toList();
        return new ScalingStudy(
                runs.size(), largest, leftOut.size(), candidates, law, fitted, draws.size() - fitted.size());
    }

    private static List<Optional<ScalingLaw>> resampled(
            List<ScalingRun> runs, ScalingLaw law, int resamples, long seed, Progress progress) {
        SeedStream random = SeedStream.of(seed).child("bootstrap");
        try (Progress.Task task = progress.task("bootstrap", "fits", resamples)) {
            return IntStream.range(0, resamples)
                    .parallel()
                    .mapToObj(draw -> {
                        SeedStream own = random.child("draw-" + draw);
                        List<ScalingRun> drawn = new ArrayList<>();
                        for (int i = 0; i < runs.size(); i++) {
                            drawn.add(runs.get(own.nextInt(runs.size())));
                        }
                        Optional<ScalingLaw> fitted = new ScalingFit(law.form(), drawn).from(law);
                        task.advance(1);
                        return fitted;
                    })
                    .toList();
        }
    }

    private static double error(ScalingLaw law, List<ScalingRun> runs) {
        return Math.sqrt(runs.stream()
                .mapToDouble(run -> Math.log(law.loss(run) / run.loss()))
                .map(difference -> difference * difference)
                .average()
                .orElseThrow());
    }

    /** The interval of anything that follows from a law; empty without draws. */
    public Optional<Interval> interval(ToDoubleFunction<ScalingLaw> value) {
        double[] sorted = resampled.stream().mapToDouble(value).sorted().toArray();
        if (sorted.length == 0) {
            return Optional.empty();
        }
        int cut = (int) (TAIL * sorted.length);
        return Optional.of(new Interval(sorted[cut], sorted[sorted.length - 1 - cut]));
    }
}
