package io.peregrine.mixture.plan;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlanTrial;
import io.peregrine.mixture.StreamSize;
import java.util.List;
import java.util.Map;

/** Plans from stated sizes: shares, caps and gaps are those of a run with these sizes, its order and digests are not. */
public final class TrialPlanner {
    private static final String SEED = "0000000000000000";

    private TrialPlanner() {}

    /**
     * Plans.
     *
     * @throws io.peregrine.data.ConfigException as {@link MixturePlanner} does
     */
    public static MixturePlan plan(PlanTrial trial) {
        List<PackedStream> packed = trial.supply().entrySet().stream()
                .map(stream -> packed(stream, trial.mixture().sequenceLength()))
                .toList();
        return MixturePlanner.plan(trial.mixture(), packed, Integer.BYTES, SEED);
    }

    private static PackedStream packed(Map.Entry<String, StreamSize> stream, int sequenceLength) {
        StreamSize size = stream.getValue();
        long sequences = size.sequences(sequenceLength);
        return new PackedStream(
                stream.getKey(),
                size.documents().orElse(sequences),
                size.tokens(),
                List.of(sequences),
                "stated, not packed");
    }
}
