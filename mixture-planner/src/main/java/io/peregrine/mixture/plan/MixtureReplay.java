package io.peregrine.mixture.plan;

import io.peregrine.mixture.MixtureChange;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import java.util.List;

/** The plan in force, from the history of a mixture: a pure function, whoever asks and however often. */
public final class MixtureReplay {
    private MixtureReplay() {}

    /**
     * Plans the beginning, and then each change over the plan before it.
     *
     * @param history what was asked for
     * @param packed what packing made of each stream; streams that a change added have no part before it
     * @param tokenBytes bytes per token in the shards, 2 or 4
     * @param seed key of all random numbers of order and packing, 16 hexadecimal digits
     * @throws io.peregrine.data.ConfigException as {@link MixturePlanner} does
     */
    public static MixturePlan plan(MixtureHistory history, List<PackedStream> packed, int tokenBytes, String seed) {
        boolean onlyBase =
                history.changes().stream().allMatch(change -> change.settings().isEmpty());
        MixturePlan plan = MixturePlanner.plan(
                history.base(), onlyBase ? packed : named(packed, history.base()), tokenBytes, seed);
        for (MixtureChange change : history.changes()) {
            plan = change.settings().isPresent()
                    ? changed(plan, change, history.current(), packed)
                    : plan.skipping(change.skip().orElseThrow());
        }
        return plan;
    }

    private static MixturePlan changed(
            MixturePlan plan, MixtureChange change, MixtureConfig current, List<PackedStream> packed) {
        MixtureConfig settings = change.settings().orElseThrow();
        // The last settings have to name every stream that there is; earlier ones could not know of all.
        List<PackedStream> known = settings.equals(current) ? packed : named(packed, settings);
        return MixturePlanner.change(plan, change.fromBlock(), settings, known);
    }

    private static List<PackedStream> named(List<PackedStream> packed, MixtureConfig config) {
        return packed.stream()
                .filter(stream -> config.streams().containsKey(stream.name()))
                .toList();
    }
}
