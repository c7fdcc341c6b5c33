package io.peregrine.trainer.experiments.window;

import io.peregrine.data.DataException;
import io.peregrine.data.progress.Progress;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.trainer.checkpoint.Checkpoint;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.experiments.window.LossFile.Sequence;
import io.peregrine.trainer.loader.ShardStreams;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.LossSum;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The losses of sequences at checkpoints: from disk where they have been measured, else measured and written there. */
final class LossMeasurement {
    static final String FOLDER = "losses";

    private static final int DIGEST_DIGITS = 16;

    private final Path folder;
    private final Backend backend;
    private final int threads;
    private final int batchSequences;
    private final ShardStreams streams;
    private long measured;

    /**
     * @param folder of the experiment
     * @param batchSequences sequences to compute at once
     * @param streams the shards of the run
     */
    LossMeasurement(Path folder, Backend backend, int threads, int batchSequences, ShardStreams streams) {
        this.folder = folder;
        this.backend = backend;
        this.threads = threads;
        this.batchSequences = batchSequences;
        this.streams = streams;
    }

    /** How many losses have been computed here. */
    long measured() {
        return measured;
    }

    /**
     * The losses of sequences at a checkpoint.
     *
     * @param task told of each that is measured
     * @throws DataException if the checkpoint is damaged or a loss is not a finite number
     */
    LossFile at(Checkpoint checkpoint, Collection<Sequence> wanted, Progress.Task task) {
        String name = "%s-%s-%s.jsonl"
                .formatted(
                        Checkpoints.nameOf(checkpoint.state().step()),
                        checkpoint.digest().substring(0, DIGEST_DIGITS),
                        backend.key());
        LossFile file = LossFile.open(folder.resolve(FOLDER).resolve(name));
        List<Sequence> missing =
                wanted.stream().filter(sequence -> file.of(sequence).isEmpty()).toList();
        if (missing.isEmpty()) {
            return file;
        }
        checkpoint.verify();
        MixturePlan plan = streams.plan();
        try (Ops ops = backend.open(backend.fastDType(), threads)) {
            FalconH1Model model = ModelFolder.load(checkpoint.folder(), ops);
            for (int from = 0; from < missing.size(); from += batchSequences) {
                List<Sequence> some = missing.subList(from, Math.min(missing.size(), from + batchSequences));
                List<LossSum> losses = model.losses(streams.read(wholeBatch(plan, some)));
                for (int i = 0; i < some.size(); i++) {
                    requireFinite(checkpoint, some.get(i), losses.get(i));
                }
                file.add(some, losses);
                measured += some.size();
                task.advance(some.size());
            }
        }
        return file;
    }

    /**
     * As many sequences as always, the last one again and again where there are fewer: a product of fewer rows may be computed
     * by other kernels (OpenBLAS has some for small ones), and a loss must not depend on what is measured beside it.
     */
    private List<SequenceRef> wholeBatch(MixturePlan plan, List<Sequence> some) {
        List<SequenceRef> batch = new ArrayList<>();
        for (int i = 0; i < batchSequences; i++) {
            Sequence it = some.get(Math.min(i, some.size() - 1));
            batch.add(new SequenceRef(plan.streams().indexOf(plan.stream(it.stream())), 0, it.row()));
        }
        return batch;
    }

    private static void requireFinite(Checkpoint checkpoint, Sequence sequence, LossSum loss) {
        if (!Double.isFinite(loss.nats())) {
            throw new DataException(
                    "%s: the loss of row %d of '%s' is %s: the model is broken; leave the checkpoint out with --checkpoints, or delete it"
                            .formatted(checkpoint.folder(), sequence.row(), sequence.stream(), loss.nats()));
        }
    }
}
