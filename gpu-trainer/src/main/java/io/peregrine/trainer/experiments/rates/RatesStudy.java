package io.peregrine.trainer.experiments.rates;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.experiments.arms.ArmResult;
import io.peregrine.trainer.experiments.arms.KindNorm;
import io.peregrine.trainer.experiments.arms.TrainedArm;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a grid over both controls shows of the parameters' sizes, and what the toy model says of it.
 *
 * @param fits by kind of matrix, and {@value #ALL} of them together
 * @param relaxations time constants {@code rate decay} that training took, the fewest of all arms
 * @param noise the toy model at some pairs of rate and decay
 */
record RatesStudy(Map<String, NormFit> fits, double relaxations, List<NoiseModel.Settled> noise) {
    /** Axis of the effective learning rate. */
    static final String ELR = "elr";

    /** Axis of the effective weight decay. */
    static final String EWD = "ewd";

    /** All matrices together. */
    static final String ALL = "all matrices";

    /** Rates and decays of the toy model: two at one product, two at one decay, so that each is seen to act alone. */
    private static final double[][] NOISE = {{0.01, 0.1}, {0.02, 0.05}, {0.01, 0.05}};

    RatesStudy {
        noise = List.copyOf(noise);
    }

    /** Studies the arms that did not diverge. */
    static RatesStudy of(List<ArmResult> results) {
        Map<String, List<NormFit.Point>> points = new LinkedHashMap<>();
        double relaxations = Double.POSITIVE_INFINITY;
        for (ArmResult result : results) {
            if (result.trained().isEmpty()) {
                continue;
            }
            TrainedArm trained = result.trained().get();
            double elr = result.values().get(ELR);
            double ewd = result.values().get(EWD);
            relaxations = Math.min(relaxations, trained.steps() * elr * elr);
            add(points, ALL, new NormFit.Point(elr, ewd, matrixRms(trained)));
            for (KindNorm norm : trained.norms()) {
                if (norm.matrix()) {
                    add(points, norm.kind(), new NormFit.Point(elr, ewd, norm.rms()));
                }
            }
        }
        Map<String, NormFit> fits = new LinkedHashMap<>();
        if (points.isEmpty()) {
            NormFit.of(List.of()); // says what is missing
        }
        points.forEach((kind, own) -> fits.put(kind, NormFit.of(own)));
        return new RatesStudy(fits, relaxations, settled());
    }

    /** Root mean square of all matrices of a trained arm. */
    static double matrixRms(TrainedArm trained) {
        double squares = 0;
        long numbers = 0;
        for (KindNorm norm : trained.norms()) {
            if (norm.matrix()) {
                squares += norm.rms() * norm.rms() * norm.numbers();
                numbers += norm.numbers();
            }
        }
        return Math.sqrt(squares / numbers);
    }

    static List<NoiseModel.Settled> settled() {
        List<NoiseModel.Settled> settled = new ArrayList<>();
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 1)) {
            for (double[] pair : NOISE) {
                settled.add(
                        NoiseModel.run(pair[0], pair[1], ops, SeedStream.of(1).child("noise")));
            }
        }
        return settled;
    }

    private static void add(Map<String, List<NormFit.Point>> points, String kind, NormFit.Point point) {
        points.computeIfAbsent(kind, name -> new ArrayList<>()).add(point);
    }
}
