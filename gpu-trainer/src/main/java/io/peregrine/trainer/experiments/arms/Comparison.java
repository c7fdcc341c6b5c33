package io.peregrine.trainer.experiments.arms;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The arms of an experiment beside each other. Everything is on the same held-out sequences; differences are paired by
 * sequence, and by seed where there are several.
 *
 * @param arms in the order of the experiment
 */
public record Comparison(List<Row> arms) {
    /**
     * One arm over all its seeds.
     *
     * @param arm its name
     * @param coordinates its choice on each axis
     * @param values where it stands on axes of numbers
     * @param seeds results with each seed, diverged ones included
     * @param outcome what can be compared; empty if any seed diverged
     */
    public record Row(
            String arm,
            Map<String, String> coordinates,
            Map<String, Double> values,
            List<ArmResult> seeds,
            Optional<Outcome> outcome) {
        public Row {
            seeds = List.copyOf(seeds);
        }

        /** How many of the seeds diverged. */
        public long diverged() {
            return seeds.stream().filter(seed -> seed.divergence().isPresent()).count();
        }
    }

    /**
     * What an arm came to in the mean of its seeds.
     *
     * @param parameters numbers the model has learned
     * @param flopsPerToken operations to train on one token
     * @param tokensPerSecond median of the seeds' medians
     * @param trainingLoss over the last tenth of the steps
     * @param heldOut over all held-out sequences
     * @param streams over those of each stream
     * @param difference held-out loss less that of the first arm
     * @param seedDifference the same difference with its interval over seeds; empty with one seed
     * @param streamDifferences difference for each stream: over seeds where there are several, else over sequences
     */
    public record Outcome(
            long parameters,
            double flopsPerToken,
            double tokensPerSecond,
            double trainingLoss,
            Interval heldOut,
            Map<String, Interval> streams,
            Optional<Interval> difference,
            Optional<Interval> seedDifference,
            Map<String, Interval> streamDifferences) {}

    public Comparison {
        arms = List.copyOf(arms);
    }

    /**
     * Compares.
     *
     * @param results of all arms, of each with the same seeds; differences are taken from the first arm
     */
    public static Comparison of(List<ArmResult> results) {
        Map<String, List<ArmResult>> byArm = new LinkedHashMap<>();
        results.forEach(result ->
                byArm.computeIfAbsent(result.arm(), name -> new ArrayList<>()).add(result));
        List<Row> rows = new ArrayList<>();
        Optional<List<TrainedArm>> first = Optional.empty();
        for (List<ArmResult> seeds : byArm.values()) {
            Optional<List<TrainedArm>> trained = allTrained(seeds);
            first = rows.isEmpty() ? trained : first;
            Optional<List<TrainedArm>> reference = rows.isEmpty() ? Optional.empty() : first;
            ArmResult one = seeds.get(0);
            rows.add(new Row(
                    one.arm(), one.coordinates(), one.values(), seeds, trained.map(it -> outcome(it, reference))));
        }
        return new Comparison(rows);
    }

    /** Names of the streams that anything was held out of. */
    public List<String> streams() {
        return arms.stream()
                .flatMap(row -> row.outcome().stream())
                .flatMap(outcome -> outcome.streams().keySet().stream())
                .distinct()
                .toList();
    }

    private static Optional<List<TrainedArm>> allTrained(List<ArmResult> seeds) {
        List<TrainedArm> trained =
                seeds.stream().flatMap(seed -> seed.trained().stream()).toList();
        return trained.size() == seeds.size() ? Optional.of(trained) : Optional.empty();
    }

    private static Outcome outcome(List<TrainedArm> seeds, Optional<List<TrainedArm>> reference) {
        List<SequenceLoss> losses = mean(seeds);
        Map<String, Interval> streams = new TreeMap<>();
        Map<String, List<SequenceLoss>> byStream = HeldOutMeans.byStream(losses);
        byStream.forEach((stream, own) -> streams.put(stream, HeldOutMeans.overSequences(own)));
        Map<String, Interval> differences = new TreeMap<>();
        reference.ifPresent(other -> {
            Map<String, List<SequenceLoss>> others = HeldOutMeans.byStream(mean(other));
            byStream.forEach((stream, own) -> differences.put(
                    stream,
                    seeds.size() > 1
                            ? bySeed(ofStream(seeds, stream), ofStream(other, stream))
                            : HeldOutMeans.difference(own, others.get(stream))));
        });
        return new Outcome(
                seeds.get(0).parameters(),
                seeds.get(0).flopsPerToken(),
                median(seeds.stream().map(TrainedArm::tokensPerSecond).toList()),
                seeds.stream().mapToDouble(TrainedArm::trainingLoss).average().orElseThrow(),
                HeldOutMeans.overSequences(losses),
                streams,
                reference.map(other -> HeldOutMeans.difference(losses, mean(other))),
                reference.filter(other -> seeds.size() > 1).map(other -> bySeed(heldOut(seeds), heldOut(other))),
                differences);
    }

    /** The differences of each seed's arm from the reference of the same seed. */
    private static Interval bySeed(List<List<SequenceLoss>> seeds, List<List<SequenceLoss>> reference) {
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < seeds.size(); i++) {
            differences.add(HeldOutMeans.loss(seeds.get(i)) - HeldOutMeans.loss(reference.get(i)));
        }
        return HeldOutMeans.overSeeds(differences);
    }

    private static List<List<SequenceLoss>> heldOut(List<TrainedArm> seeds) {
        return seeds.stream().map(TrainedArm::heldOut).toList();
    }

    private static List<List<SequenceLoss>> ofStream(List<TrainedArm> seeds, String stream) {
        return heldOut(seeds).stream()
                .map(losses -> HeldOutMeans.byStream(losses).get(stream))
                .toList();
    }

    private static List<SequenceLoss> mean(List<TrainedArm> seeds) {
        return HeldOutMeans.meanOf(heldOut(seeds));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
