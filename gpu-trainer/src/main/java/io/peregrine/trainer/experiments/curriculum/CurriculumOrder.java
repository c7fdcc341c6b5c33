package io.peregrine.trainer.experiments.curriculum;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.trainer.eval.UnigramEntropy;
import io.peregrine.trainer.experiments.arms.ArmOrder;
import io.peregrine.trainer.experiments.arms.ArmSpec;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.loader.ShardStreams;
import io.peregrine.trainer.loader.TrainingOrder;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.train.TrainConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The sequences of a plan in the order that the arm is named after; arms of one seed have the same sequences. */
final class CurriculumOrder implements ArmOrder {
    private static final long CACHE_BYTES = 256L << 20;
    /** Sequences looked at of each source, to say how hard it is. */
    private static final int SAMPLE = 200;

    private final List<String> easyFirst;
    private final Consumer<String> told;

    /**
     * @param easyFirst sources from easy to hard; empty to order them by the entropy of their tokens
     * @param told a line that says which order that is
     */
    CurriculumOrder(List<String> easyFirst, Consumer<String> told) {
        this.easyFirst = List.copyOf(easyFirst);
        this.told = told;
    }

    @Override
    public MixturePlan plan(Request request) {
        return ArmOrder.ordered(ArmOrder.withMixture(request), request.seed());
    }

    @Override
    public Optional<List<SequenceRef>> reads(Request request, MixturePlan plan, HeldOut heldOut) {
        TrainConfig config = request.settings().section("train", TrainConfig.class);
        if (config.batchRamp().tokens() > 0) {
            throw new ConfigException(
                    "train.batch-ramp.tokens",
                    config.batchRamp().tokens(),
                    "must be 0: an experiment on the order of sequences has batches of one size");
        }
        TrainingOrder planned = new TrainingOrder(new SequenceOrder(plan), heldOut);
        int steps = config.stepsOf(plan.sequenceLength(), planned.size());
        List<SequenceRef> sequences = planned.from(0, Math.multiplyExact(steps, config.batchSequences()))
                .sequences();
        SeedStream draws = SeedStream.of(request.seed()).child("shuffled");
        SourceOrder order = order(request.arm());
        List<Integer> indices = order == SourceOrder.CURRICULUM ? indices(request, plan, sequences) : List.of();
        if (!indices.isEmpty()) {
            told.accept("curriculum, seed %d, easy first: %s"
                    .formatted(
                            request.seed(),
                            indices.stream()
                                    .map(stream -> plan.streams().get(stream).name())
                                    .collect(Collectors.joining(", "))));
        }
        return Optional.of(order.of(sequences, indices, draws));
    }

    private static SourceOrder order(ArmSpec arm) {
        return IntStream.range(0, SourceOrder.values().length)
                .mapToObj(i -> SourceOrder.values()[i])
                .filter(order -> order.key().equals(arm.name()))
                .findFirst()
                .orElseThrow();
    }

    /** Indices of the sources from easy to hard. */
    private List<Integer> indices(Request request, MixturePlan plan, List<SequenceRef> sequences) {
        if (easyFirst.isEmpty()) {
            return byEntropy(request, plan, sequences);
        }
        List<String> names = plan.streams().stream().map(PlannedStream::name).toList();
        if (!new TreeSet<>(easyFirst).equals(new TreeSet<>(names)) || easyFirst.size() != names.size()) {
            throw new ConfigException(
                    "--easy-first", easyFirst, "must name each of the sources %s once".formatted(names));
        }
        return easyFirst.stream().map(names::indexOf).toList();
    }

    /** A source whose single tokens are easier to guess counts as easier: what can be told before any training. */
    private static List<Integer> byEntropy(Request request, MixturePlan plan, List<SequenceRef> sequences) {
        String model = request.settings().section("train", TrainConfig.class).model();
        int vocabulary = FalconH1Config.read(Path.of(model)).vocabSize();
        ShardStreams shards =
                ShardStreams.open(request.settings().layout(), request.inForce(), vocabulary, CACHE_BYTES);
        Map<Integer, Double> nats = new HashMap<>();
        for (int stream = 0; stream < plan.streams().size(); stream++) {
            int index = stream;
            List<SequenceRef> sample = sequences.stream()
                    .filter(sequence -> sequence.stream() == index)
                    .limit(SAMPLE)
                    .toList();
            UnigramEntropy entropy = new UnigramEntropy(vocabulary);
            if (!sample.isEmpty()) {
                entropy.add(shards.read(sample));
            }
            nats.put(stream, entropy.nats());
        }
        List<Integer> order = new ArrayList<>(nats.keySet());
        order.sort(Comparator.comparingDouble(nats::get));
        return order;
    }
}
