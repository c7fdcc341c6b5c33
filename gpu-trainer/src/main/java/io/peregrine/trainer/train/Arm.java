package io.peregrine.trainer.train;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.trainer.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A training beside the run's own: on the run's shards, in an order and in a folder of its own. An experiment compares
 * such arms; none of them touches what the run itself has trained.
 *
 * @param folder where it has its checkpoints, metrics and summary
 * @param plan the order in which it reads the run's shards
 * @param heldOut first row held out of each stream, by name: arms that are compared hold out the same
 * @param reads what it trains on in place of the plan's order, from its first step on
 * @param origin checkpoint of the run's own training that it begins at; new weights if empty
 */
public record Arm(
        Path folder,
        MixturePlan plan,
        Map<String, Long> heldOut,
        Optional<List<SequenceRef>> reads,
        Optional<Checkpoint> origin) {
    public Arm {
        reads = reads.map(List::copyOf);
        heldOut = Collections.unmodifiableMap(new TreeMap<>(heldOut));
        for (int stream = 0; stream < plan.streams().size(); stream++) {
            String name = plan.streams().get(stream).name();
            if (!heldOut.containsKey(name)) {
                throw new IllegalArgumentException("stream %s: nothing is said of what is held out".formatted(name));
            }
        }
    }
}
