package io.peregrine.mixture.window;

import java.util.ArrayList;
import java.util.List;

/**
 * What was measured at one checkpoint: by how much the loss of each sequence fell since a checkpoint before it was trained on,
 * and by how much that of its controls did.
 *
 * @param exposed the sequences that were trained on
 * @param pools controls; each exposure names its own
 */
public record RetentionSample(List<Drop> exposed, List<Pool> pools) {

    /**
     * One sequence that was trained on.
     *
     * @param bin of its age
     * @param step that trained on it: sequences of one step are not independent
     * @param ageTokens its age
     * @param pool index of its controls: those of its stream and length
     * @param baseline index of the earlier checkpoint in the controls' drops
     * @param nats {@code l(T0, x) - l(T, x)} per token
     */
    public record Drop(int bin, int step, double ageTokens, int pool, int baseline, double nats) {
        public Drop {
            requireFinite(nats);
        }
    }

    /**
     * Controls of one stream and length.
     *
     * @param drops for each control {@code l(T0, c) - l(T, c)} per token for every baseline {@code T0}
     */
    public record Pool(List<List<Double>> drops) {
        /** One control says nothing about how controls differ. */
        public static final int CONTROLS_MIN = 2;

        public Pool {
            drops = drops.stream().map(List::copyOf).toList();
            if (drops.size() < CONTROLS_MIN) {
                throw new IllegalArgumentException("%d controls: must be at least 2".formatted(drops.size()));
            }
            for (List<Double> drop : drops) {
                if (drop.size() != drops.get(0).size()) {
                    throw new IllegalArgumentException("every control must have a drop for each baseline");
                }
                drop.forEach(RetentionSample::requireFinite);
            }
        }
    }

    public RetentionSample {
        exposed = List.copyOf(exposed);
        pools = List.copyOf(pools);
        for (Drop drop : exposed) {
            if (drop.baseline() >= pools.get(drop.pool()).drops().get(0).size()) {
                throw new IllegalArgumentException(drop + ": its controls have no such baseline");
            }
        }
    }

    /** All samples as one: every sequence is still held against controls of its own stream and length. */
    public static RetentionSample union(List<RetentionSample> samples) {
        List<Drop> exposed = new ArrayList<>();
        List<Pool> pools = new ArrayList<>();
        for (RetentionSample sample : samples) {
            int offset = pools.size();
            pools.addAll(sample.pools());
            for (Drop drop : sample.exposed()) {
                exposed.add(new Drop(
                        drop.bin(), drop.step(), drop.ageTokens(), offset + drop.pool(), drop.baseline(), drop.nats()));
            }
        }
        return new RetentionSample(exposed, pools);
    }

    private static void requireFinite(double nats) {
        if (!Double.isFinite(nats)) {
            throw new IllegalArgumentException("a drop of " + nats + " nats: must be finite");
        }
    }
}
