package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** Decoding on the host, sequence after sequence, out of what a backend does for one token of one sequence. */
public abstract class HostDecode extends PlainDecode {
    private final EmbeddingOps embedding;
    private final ActivationOps activation;
    private final ScanOps scan;
    private final AttentionOps attention;

    /** Takes the families whose operations of training serve for a token too. */
    protected HostDecode(
            EmbeddingOps embedding,
            MatmulOps matmul,
            NormOps norm,
            ActivationOps activation,
            ScanOps scan,
            AttentionOps attention) {
        super(matmul, norm, activation);
        this.embedding = embedding;
        this.activation = activation;
        this.scan = scan;
        this.attention = attention;
    }

    /**
     * The convolution of one token: row {@code position mod k} of the window becomes {@code scale * x}.
     *
     * @param x {@code (1, channels)}
     * @param window {@code (k, channels)}; rows of positions below 0 are not read
     * @param u {@code (1, channels)}, overwritten
     */
    protected abstract void convolve(
            Tensor x, Tensor scale, Tensor weight, Optional<Tensor> bias, int position, Tensor window, Tensor u);

    /**
     * The scan of one token.
     *
     * @param in inputs of one row
     * @param starts whether the state before is 0, whatever is in it
     * @param state {@code (nHeads * dHead, dState)}, updated
     * @param y {@code (1, nHeads * dHead)}, overwritten
     */
    protected abstract void advance(ScanOps.Dims dims, ScanOps.Inputs in, boolean starts, Tensor state, Tensor y);

    /**
     * Attention of one token.
     *
     * @param q {@code (1, numHeads * headDim)}
     * @param keys {@code (length, numKeyValueHeads * headDim)}, this token's last
     * @param values like {@code keys}
     * @param out {@code (1, numHeads * headDim)}, overwritten
     */
    protected abstract void attend(AttentionOps.Dims dims, Tensor q, Tensor keys, Tensor values, Tensor out);

    private interface AtPosition {
        void read(int sequence, int position);
    }

    private static void eachAwake(Positions positions, AtPosition step) {
        int[] counts = positions.counts().get();
        for (int sequence = 0; sequence < counts.length; sequence++) {
            if (counts[sequence] < positions.capacity()) {
                step.read(sequence, counts[sequence]);
            }
        }
    }

    @Override
    public void embedding(Tensor table, Ints ids, double multiplier, Tensor h) {
        int[] known = Arrays.stream(ids.get()).map(id -> Math.max(id, 0)).toArray();
        embedding.forward(table, known, multiplier, h);
    }

    @Override
    public void mixer(MixerStep step, Positions positions) {
        Mixer mixer = step.mixer();
        Tensor p = step.p();
        ScanOps.Dims dims = mixer.dims();
        int inner = dims.nHeads() * dims.dHead();
        int group = dims.nGroups() * dims.dState();
        int channels = inner + 2 * group;
        int taps = mixer.convWeight().columns();
        Tensor u = Tensor.zeros(p.dtype(), Shape.of(1, channels));
        Tensor dt = Tensor.zeros(p.dtype(), Shape.of(1, dims.nHeads()));
        Tensor y = Tensor.zeros(p.dtype(), Shape.of(1, inner));
        eachAwake(positions, (s, position) -> {
            Tensor row = p.rows(s, s + 1);
            convolve(
                    row.columns(inner, inner + channels),
                    mixer.convScale(),
                    mixer.convWeight(),
                    mixer.convBias(),
                    position,
                    step.windows().rows(s * taps, (s + 1) * taps),
                    u);
            scan.stepSizes(
                    row.columns(inner + channels, inner + channels + dims.nHeads()),
                    mixer.dtScale(),
                    mixer.dtBias(),
                    mixer.dtMin(),
                    mixer.dtMax(),
                    dt);
            ScanOps.Inputs in = new ScanOps.Inputs(
                    u.columns(0, inner),
                    u.columns(inner, inner + group),
                    u.columns(inner + group, channels),
                    dt,
                    mixer.aLog(),
                    mixer.dSkip());
            advance(dims, in, position == 0, step.states().rows(s * inner, (s + 1) * inner), y);
            Tensor to = step.out().rows(s, s + 1);
            if (mixer.gated()) {
                activation.gate(y, row.columns(0, inner), mixer.zScale(), to);
            } else {
                to.copyFrom(y);
            }
        });
    }

    @Override
    public void fillWindow(Tensor x, Tensor scale, Tensor window) {
        int taps = window.rows();
        for (int row = Math.max(0, x.rows() - taps); row < x.rows(); row++) {
            for (int channel = 0; channel < x.columns(); channel++) {
                window.set(row % taps, channel, scale.get(0, channel) * x.get(row, channel));
            }
        }
    }

    @Override
    public void attention(AttentionStep step, Positions positions) {
        AttentionOps.Dims dims = step.dims();
        Tensor keys = step.keys();
        Tensor values = step.values();
        int queryWidth = dims.numHeads() * dims.headDim();
        int keyWidth = dims.numKeyValueHeads() * dims.headDim();
        eachAwake(positions, (s, position) -> {
            Tensor row = step.qkv().rows(s, s + 1);
            int first = s * positions.capacity();
            int own = first + position;
            Tensor turned = row.columns(0, queryWidth + keyWidth);
            attention.rotate(dims, turned, step.ropeBase(), step.keyScale(), 1, position);
            keys.rows(own, own + 1).copyFrom(row.columns(queryWidth, queryWidth + keyWidth));
            values.rows(own, own + 1).copyFrom(row.columns(queryWidth + keyWidth, queryWidth + 2 * keyWidth));
            attend(
                    dims,
                    row.columns(0, queryWidth),
                    keys.rows(first, own + 1),
                    values.rows(first, own + 1),
                    step.out().rows(s, s + 1));
        });
    }

    @Override
    public void next(Tensor scores, Ints ids, Positions positions, Ints chosen, int at) {
        int[] best = new int[scores.rows()];
        int[] counts = positions.counts().get();
        eachAwake(positions, (sequence, position) -> {
            best[sequence] = mostLikely(scores, sequence);
            counts[sequence] = position + 1;
        });
        ids.set(best);
        int[] all = chosen.get();
        System.arraycopy(best, 0, all, at * best.length, best.length);
        chosen.set(all);
        positions.counts().set(counts);
    }

    private static int mostLikely(Tensor scores, int sequence) {
        int best = 0;
        for (int id = 0; id < scores.columns(); id++) {
            double score = scores.get(sequence, id);
            if (Double.isNaN(score)) {
                return -1;
            }
            if (score > scores.get(sequence, best)) {
                best = id;
            }
        }
        return best;
    }
}
