package io.peregrine.trainer.experiments.arms;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.trainer.loader.HeldOut;
import io.peregrine.trainer.loader.ShardStreams;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.LossSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The held-out sequences of a run, and the loss of a model on each of them. */
final class HeldOutLosses {
    private static final long CACHE_BYTES = 256L << 20;

    private final RunLayout layout;
    private final MixturePlan plan;
    private final HeldOut heldOut;

    /**
     * @param layout the run
     * @param plan its plan
     * @param firstRows first row held out of each stream
     */
    HeldOutLosses(RunLayout layout, MixturePlan plan, Map<String, Long> firstRows) {
        this.layout = layout;
        this.plan = plan;
        this.heldOut = HeldOut.keeping(plan, 0, firstRows);
    }

    /** How many sequences there are. */
    long sequences() {
        return heldOut.sequences();
    }

    /** The losses of a model, stream by stream and row by row; one sequence at a time, so that none knows of another. */
    List<SequenceLoss> of(FalconH1Model model) {
        ShardStreams streams = ShardStreams.open(layout, plan, model.config().vocabSize(), CACHE_BYTES);
        List<SequenceLoss> losses = new ArrayList<>();
        for (int stream = 0; stream < plan.streams().size(); stream++) {
            String name = plan.streams().get(stream).name();
            for (long row : heldOut.rowsOf(stream)) {
                LossSum loss = model.loss(streams.read(List.of(new SequenceRef(stream, 0, row))));
                if (loss.predictions() > 0) {
                    losses.add(new SequenceLoss(name, row, loss.nats(), loss.predictions()));
                }
            }
        }
        return losses;
    }
}
