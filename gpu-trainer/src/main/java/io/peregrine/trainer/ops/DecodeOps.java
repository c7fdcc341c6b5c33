package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * One token of each of several sequences: what a step of decoding does.
 *
 * <p>Row {@code s} of activations is sequence {@code s}, and what is remembered of it is its part of the caches. Where it
 * stands is read from {@link Positions} at the moment of the operation, so that a step can be asked for again and again as
 * it is ({@link Ops#repeatable}). Training has many rows and is bound by arithmetic; here there are few, reading weights and
 * asking at all are what costs, and so the operations are larger. Results of one sequence do not depend on the others, nor on
 * how many there are, bit for bit.
 */
public interface DecodeOps {
    /**
     * Where sequences stand.
     *
     * @param counts tokens of each before the one that is read now
     * @param capacity tokens that its caches have room for. A sequence that stands there rests: what is remembered of it
     *     is left alone, and what comes out for it is anything
     */
    record Positions(Ints counts, int capacity) {
        /** How many sequences there are. */
        public int sequences() {
            return counts.size();
        }

        /** Where some sequences stand that follow each other. */
        public Positions part(int first, int sequences) {
            return new Positions(counts.part(first, sequences), capacity);
        }
    }

    /**
     * A product, {@code y = scale * x weight^T}, of an input given elsewhere.
     *
     * @param weight {@code (out, in)}, a parameter
     * @param y {@code (sequences, out)}, overwritten; may be exact
     */
    record Product(Tensor weight, double scale, Tensor y) {}

    /**
     * A term of a sum, {@code scale * x weight^T}.
     *
     * @param x {@code (sequences, in)}
     * @param weight {@code (out, in)}, a parameter
     */
    record Term(Tensor x, Tensor weight, double scale) {}

    /**
     * What the mixer knows between its projections.
     *
     * @param convScale multiplier of each channel, {@code (channels)}
     * @param convWeight {@code (channels, 1, k)}
     * @param convBias {@code (channels)}
     * @param dtScale multiplier of the step sizes, before their bias
     * @param dtBias {@code (nHeads)}
     * @param dtMin lower limit of a step size
     * @param dtMax upper limit of a step size
     * @param aLog {@code (nHeads)}
     * @param dSkip {@code (nHeads)}
     * @param zScale multiplier of the gate
     * @param gated whether the gate is the mixer's last act; if not, it is left to whoever norms
     */
    record Mixer(
            ScanOps.Dims dims,
            Tensor convScale,
            Tensor convWeight,
            Optional<Tensor> convBias,
            double dtScale,
            Tensor dtBias,
            double dtMin,
            double dtMax,
            Tensor aLog,
            Tensor dSkip,
            double zScale,
            boolean gated) {}

    /**
     * Convolution, scan and gate of a token.
     *
     * @param p the projection {@code z | x B C | dt}, {@code (sequences, ...)}
     * @param windows {@code (sequences * k, channels)}: the convolution's input at position {@code i} in row {@code i mod k}
     *     of the sequence; updated
     * @param states {@code (sequences * nHeads * dHead, dState)}; updated, and taken for 0 at position 0
     * @param out {@code (sequences, nHeads * dHead)}, overwritten
     */
    record MixerStep(Mixer mixer, Tensor p, Tensor windows, Tensor states, Tensor out) {}

    /**
     * Attention of a token over all before it and itself, which are remembered.
     *
     * @param qkv the projection, neither turned nor scaled, {@code (sequences, q | k | v)}; holds anything afterwards
     * @param ropeBase of the rotary angles
     * @param keyScale multiplier of the key
     * @param keys {@code (sequences * capacity, numKeyValueHeads * headDim)}, turned; this token's is added
     * @param values like {@code keys}
     * @param out {@code (sequences, numHeads * headDim)}, overwritten
     */
    record AttentionStep(
            AttentionOps.Dims dims,
            Tensor qkv,
            double ropeBase,
            double keyScale,
            Tensor keys,
            Tensor values,
            Tensor out) {}

    /**
     * A layer whose maps have no biases: {@code h +=} mixer and attention of {@code rms(h)}, then {@code h +=} the
     * feed-forward part of {@code rms(h)}.
     *
     * @param inputGain of the first norm
     * @param p the mixer's projection
     * @param qkv attention's
     * @param mixed what the mixer adds
     * @param attended what attention adds
     * @param feedForwardGain of the second norm
     * @param gateUp weight of gate and up, {@code (2 * width, hidden)}
     * @param down what the feed-forward part adds; its input is written here
     */
    record LayerStep(
            Tensor inputGain,
            Product p,
            Product qkv,
            MixerStep mixer,
            AttentionStep attention,
            Term mixed,
            Term attended,
            Tensor feedForwardGain,
            Tensor gateUp,
            double gateScale,
            Term down) {}

    /**
     * A step whose layers all are {@link LayerStep}s, from the tokens of sequences to the most likely ones behind them.
     *
     * @param table {@code (vocab, hidden)}
     * @param layers one behind the other
     * @param gain of the last norm
     * @param epsilon of every norm
     * @param head of that norm; the scores are exact
     * @param vocab how many of the scores are of tokens, the first ones
     * @param ids as of {@link #embedding}; afterwards as of {@link #next}
     * @param chosen as of {@link #next}, of each step
     */
    record Step(
            Tensor table,
            double embeddingScale,
            List<LayerStep> layers,
            Tensor gain,
            double epsilon,
            Product head,
            int vocab,
            Ints ids,
            Ints chosen) {}

    /** Tokens of a sequence, those that are read included, that {@link #steps} may be asked for. */
    int BRIEF = 1024;

    /** Steps that may be asked for at once. */
    int MOST_STEPS = 8;

    /**
     * {@code h[s] = multiplier * table[ids[s]]}.
     *
     * @param table {@code (vocab, hidden)}
     * @param ids each below {@code vocab}; one below 0 is read as 0
     * @param h {@code (sequences, hidden)}, overwritten
     */
    void embedding(Tensor table, Ints ids, double multiplier, Tensor h);

    /**
     * {@link Product}s of {@code rms(h)}.
     *
     * @param h {@code (sequences, hidden)}
     * @param gain {@code (hidden)}
     * @param n like {@code h}; holds anything afterwards
     * @param products one or two
     */
    void normed(Tensor h, Tensor gain, double epsilon, Tensor n, List<Product> products);

    /**
     * {@code out = up * SiLU(gateScale * gate)}, with {@code gate | up = rms(h) weight^T}.
     *
     * @param n like {@code h}; holds anything afterwards
     * @param weight {@code (2 * width, hidden)}: the gate's rows, then up's
     * @param gateUp {@code (sequences, 2 * width)}; holds anything afterwards
     * @param out {@code (sequences, width)}, overwritten
     */
    void gated(
            Tensor h,
            Tensor gain,
            double epsilon,
            Tensor n,
            Tensor weight,
            double gateScale,
            Tensor gateUp,
            Tensor out);

    /**
     * {@code h += } the sum of the terms.
     *
     * @param terms one or two
     * @param h {@code (sequences, out)}
     */
    void add(List<Term> terms, Tensor h);

    /** Convolution, scan and gate of a token. */
    void mixer(MixerStep step, Positions positions);

    /**
     * Remembers the convolution's last inputs of a sequence that was read at once, as {@link #mixer} would have.
     *
     * @param x {@code (length, channels)}
     * @param window {@code (k, channels)}, of which as many rows are written as there are inputs
     */
    void fillWindow(Tensor x, Tensor scale, Tensor window);

    /** Attention of a token. */
    void attention(AttentionStep step, Positions positions);

    /** Both, neither of which needs the other. */
    default void mix(MixerStep mixer, AttentionStep attention, Positions positions) {
        mixer(mixer, positions);
        attention(attention, positions);
    }

    /**
     * The most likely tokens, of equally likely ones the first, and one token further: {@code ids[s]} is overwritten, -1
     * where a score is not a number, 0 where the sequence rests; {@code positions[s]} grows by one where it does not.
     *
     * @param scores {@code (sequences, vocab)}, exact
     * @param chosen {@code chosen[at * sequences + s]} becomes {@code ids[s]}
     */
    void next(Tensor scores, Ints ids, Positions positions, Ints chosen, int at);

    /**
     * Steps of sequences of which none has more than {@link #BRIEF} tokens at the end, each reading what the one before chose, if
     * there is a faster way than asking for their parts. The numbers are the same, bit for bit.
     *
     * @param count 1 to {@link #MOST_STEPS}
     * @return whether they were done; if not, nothing was
     */
    default boolean steps(Step step, Positions positions, int count) {
        return false;
    }

    /**
     * How many {@link #steps} are worth asking for at once by someone who may not need them all: 1 where a step takes much longer
     * than asking for it.
     */
    default int stepsAtOnce(Step step, Positions positions) {
        return 1;
    }
}
