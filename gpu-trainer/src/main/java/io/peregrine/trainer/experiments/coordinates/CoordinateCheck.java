package io.peregrine.trainer.experiments.coordinates;

import io.peregrine.data.ConfigException;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.ops.Ops;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains new models of several widths for some steps, by muP's closed form and without it, and fits how the sizes of their
 * activations grow with the width. Under muP they do not; with one learning rate and no multipliers they do.
 *
 * @param family the shapes
 * @param initial values under muP; without it a model begins as training does
 * @param widths hidden sizes, at least {@link #WIDTHS_MIN}
 * @param steps optimizer steps, at least 1
 * @param learningRate of each
 * @param seeds how often, with other initial values and tokens
 * @param tolerance largest slope under muP, in magnitude
 */
record CoordinateCheck(
        WidthFamily family,
        InitialValues initial,
        List<Integer> widths,
        int steps,
        double learningRate,
        int seeds,
        double tolerance) {
    /** Fewer do not tell a slope from an accident. */
    static final int WIDTHS_MIN = 4;

    private static final int SEQUENCES = 8;
    private static final int SEQUENCE_LENGTH = 64;
    private static final SeedStream SEED = SeedStream.of(1).child("coordinates");

    CoordinateCheck {
        widths = widths.stream().sorted().distinct().toList();
        if (widths.size() < WIDTHS_MIN || widths.get(0) < 1) {
            throw new ConfigException("--widths", widths, "must be at least %d different ones".formatted(WIDTHS_MIN));
        }
        if (steps < 1) {
            throw new ConfigException("--steps", steps, "must be >= 1");
        }
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new ConfigException("--learning-rate", learningRate, "must be > 0");
        }
        if (seeds < 1) {
            throw new ConfigException("--seeds", seeds, "must be >= 1");
        }
        if (!(tolerance > 0)) {
            throw new ConfigException("--tolerance", tolerance, "must be > 0");
        }
        widths.forEach(family::at);
    }

    /** What came out, a curve for each parametrization, activation and measure. */
    List<WidthCurve> run(Ops ops, Progress progress) {
        List<WidthCurve> curves = new ArrayList<>();
        long runs = (long) Parametrization.values().length * widths.size() * seeds;
        try (Progress.Task task = progress.task("coordinate check", "models", runs)) {
            for (Parametrization parametrization : Parametrization.values()) {
                Map<String, WidthCurve.Points> points = new LinkedHashMap<>();
                for (int width : widths) {
                    for (int seed = 0; seed < seeds; seed++) {
                        add(points, width, coordinates(parametrization, width, seed, ops));
                        task.say("%s, width %d".formatted(parametrization.key(), width));
                        task.advance(1);
                    }
                }
                points.forEach((name, those) -> curves.add(WidthCurve.of(parametrization, name, those)));
            }
        }
        return curves;
    }

    /** Whether no curve of muP's rises or falls by more than the tolerance. */
    boolean isPassed(List<WidthCurve> curves) {
        return curves.stream().allMatch(this::isWithin);
    }

    /** Whether a curve is flat enough; those without muP need not be. */
    boolean isWithin(WidthCurve curve) {
        return curve.parametrization() != Parametrization.MUP || Math.abs(curve.slope()) <= tolerance;
    }

    private Coordinates coordinates(Parametrization parametrization, int width, int seed, Ops ops) {
        FalconH1Config config = parametrization.of(family.at(width));
        InitialValues values = parametrization == Parametrization.MUP ? initial : InitialValues.CONSTANT;
        SeedStream draws = SEED.child("seed-" + seed);
        return Coordinates.after(
                config, values, tokens(config.vocabSize(), draws), steps, learningRate, draws.child("init"), ops);
    }

    private static TokenBatch tokens(int vocabSize, SeedStream seed) {
        SeedStream draws = seed.child("tokens");
        int[] ids = new int[SEQUENCES * SEQUENCE_LENGTH];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = draws.nextInt(vocabSize);
        }
        return TokenBatch.ofWholeRows(SEQUENCES, SEQUENCE_LENGTH, ids);
    }

    private static void add(Map<String, WidthCurve.Points> points, int width, Coordinates coordinates) {
        coordinates
                .updates()
                .forEach(
                        (name, value) -> points.computeIfAbsent(WidthCurve.UPDATE + name, it -> new WidthCurve.Points())
                                .add(width, value));
        coordinates
                .sizes()
                .forEach((name, value) -> points.computeIfAbsent(WidthCurve.SIZE + name, it -> new WidthCurve.Points())
                        .add(width, value));
    }
}
