package io.peregrine.trainer.experiments.arms;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.plan.MixturePlanner;
import io.peregrine.mixture.plan.PackedStream;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.loader.HeldOut;
import java.util.List;
import java.util.Optional;

/** In which order arms read the shards, and where they begin. */
public interface ArmOrder {
    /**
     * What a plan is asked for.
     *
     * @param arm which one
     * @param settings the run file as the arm has it
     * @param changesMixture whether the arm's section {@code mixture} is not the run's
     * @param inForce the run's plan
     * @param seed of the arm
     */
    record Request(ArmSpec arm, RunFile settings, boolean changesMixture, MixturePlan inForce, long seed) {}

    /** The plan of an arm. */
    MixturePlan plan(Request request);

    /**
     * What an arm trains on, in place of its plan's order; empty to follow the plan.
     *
     * @param plan the arm's
     * @param heldOut what it must not train on
     */
    default Optional<List<SequenceRef>> reads(Request request, MixturePlan plan, HeldOut heldOut) {
        return Optional.empty();
    }

    /** The checkpoint of the run's own training at which every arm begins; empty to begin with new weights. */
    default Optional<Checkpoint> origin() {
        return Optional.empty();
    }

    /**
     * The run's plan, or that of the arm's own settings {@code mixture} where it has some, in an order of the seed: the same
     * shards, since packing does not depend on it.
     */
    static ArmOrder planned() {
        return request -> ordered(withMixture(request), request.seed());
    }

    /** The run's plan, or that of the arm's own settings. */
    static MixturePlan withMixture(Request request) {
        MixturePlan inForce = request.inForce();
        return request.changesMixture()
                ? MixturePlanner.plan(
                        request.settings().section("mixture", MixtureConfig.class),
                        packed(inForce),
                        inForce.tokenBytes(),
                        inForce.seed())
                : inForce;
    }

    /** The same plan with the sequences of every block and every epoch in an order of this seed. */
    static MixturePlan ordered(MixturePlan plan, long seed) {
        return new MixturePlan(
                plan.sequenceLength(),
                plan.blockSize(),
                plan.totalSequences(),
                plan.shardSequences(),
                plan.windowSequences(),
                plan.packing(),
                plan.packingGroupDocuments(),
                plan.tokenBytes(),
                "%016x".formatted(SeedStream.of(seed).child("order").key()),
                plan.streams(),
                plan.shares(),
                plan.counts(),
                plan.changes());
    }

    private static List<PackedStream> packed(MixturePlan plan) {
        return plan.streams().stream()
                .map(stream -> new PackedStream(
                        stream.name(),
                        stream.documents(),
                        stream.tokens(),
                        stream.groupSequences(),
                        stream.packingDigest()))
                .toList();
    }
}
