package io.peregrine.mixture.plan;

import io.peregrine.data.DataException;
import io.peregrine.mixture.BlockShares;
import io.peregrine.mixture.MixtureChange;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixtureHistory;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a plan's settings ask of each block, before any cap; with its changes, each from its block on. */
public final class AskedShares {
    private final MixtureHistory history;
    private final MixturePlan plan;

    private AskedShares(MixtureHistory history, MixturePlan plan) {
        this.history = history;
        this.plan = plan;
    }

    /**
     * Shares of the tokens asked for, of the plan's streams in its order.
     *
     * @param history what the plan follows from
     * @throws DataException if the plan follows from something else
     */
    public static BlockShares of(MixtureHistory history, MixturePlan plan) {
        return new AskedShares(history, plan).all();
    }

    private BlockShares all() {
        BlockShares asked = asked(0);
        for (int i = 0; i < history.changes().size(); i++) {
            MixtureChange change = history.changes().get(i);
            if (change.settings().isPresent()) {
                asked = asked.before(change.fromBlock()).then(asked(i + 1).from(change.fromBlock()));
            }
        }
        if (asked.blocks() != plan.counts().blocks()) {
            throw new DataException(
                    "history.json: does not give the plan, which has %d blocks, but %d; run 'mixture plan'"
                            .formatted(plan.counts().blocks(), asked.blocks()));
        }
        return asked;
    }

    /** What is asked of all blocks after so many changes. */
    private BlockShares asked(int changes) {
        MixtureHistory part =
                new MixtureHistory(history.base(), history.changes().subList(0, changes), List.of());
        MixtureConfig config = part.current();
        List<PackedStream> known = PackedStream.of(plan).stream()
                .filter(stream -> config.streams().containsKey(stream.name()))
                .toList();
        List<String> names = known.stream().map(PackedStream::name).toList();
        int blocks = MixtureReplay.plan(part, known, plan.tokenBytes(), plan.seed())
                .counts()
                .blocks();
        BlockShares shares = AskedWeights.of(config, names).over(blocks);
        return BlockShares.of(shares.runs().stream()
                .map(run -> new BlockShares.Run(run.blocks(), widened(run.ppb(), names)))
                .toList());
    }

    private List<Integer> widened(List<Integer> shares, List<String> names) {
        List<Integer> wide = new ArrayList<>(Collections.nCopies(plan.streams().size(), 0));
        List<String> all = plan.streams().stream().map(PlannedStream::name).toList();
        for (int i = 0; i < names.size(); i++) {
            wide.set(all.indexOf(names.get(i)), shares.get(i));
        }
        return wide;
    }
}
