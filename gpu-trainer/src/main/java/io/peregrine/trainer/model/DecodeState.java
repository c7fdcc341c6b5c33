package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.DecodeOps.Positions;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * What generation remembers of some sequences: keys and values of every token, the last inputs of the convolution and the
 * state of the scan, per layer; and the scores of each sequence's next token.
 *
 * <p>The sequences are read side by side but do not know of each other: each begins, ends and rests on its own, so that a
 * place whose text has ended can be given to another. Thread: one at a time. Made by {@link FalconH1Model#newDecodeState},
 * advanced by {@link FalconH1Model#prefill} and {@link FalconH1Model#decode}.
 */
public final class DecodeState {
    /**
     * One layer's memory, sequence after sequence.
     *
     * @param keys after key multiplier and rotation, {@code (sequences * capacity, numKeyValueHeads * headDim)}
     * @param values {@code (sequences * capacity, numKeyValueHeads * headDim)}
     * @param window the last convolution inputs, that of position i in row {@code i mod dConv},
     *     {@code (sequences * dConv, convChannels)}
     * @param state {@code (sequences * dSsm, dState)}
     */
    record Layer(Tensor keys, Tensor values, Tensor window, Tensor state) {
        /** The memory of some of {@code sequences}. */
        Layer of(Places places, int sequences) {
            return new Layer(
                    places.of(keys, sequences),
                    places.of(values, sequences),
                    places.of(window, sequences),
                    places.of(state, sequences));
        }
    }

    /** Sequences that follow each other, one or more. */
    record Places(int first, int count) {
        /** Their rows of what has equally many of each of {@code sequences}. */
        Tensor of(Tensor all, int sequences) {
            int rows = all.rows() / sequences;
            return all.rows(first * rows, (first + count) * rows);
        }
    }

    private final int capacity;
    private final int[] lengths;
    private final boolean[] resting;
    private final List<Layer> layers = new ArrayList<>();

    /** What the operations see of {@link #lengths}; it follows by itself unless somebody changed them. */
    private final Positions positions;

    private boolean positionsKnown;

    private final Ints ids;

    /** What is in {@link #ids}, as far as anybody was told. */
    private int[] knownIds = {};

    private final Ints chosen;

    private final Tensor scores;
    private final Buffers scratch;
    private final Map<Steps, Runnable> steps = new HashMap<>();
    private final Map<Integer, Integer> stepsAtOnce = new HashMap<>(); // of how many places

    /**
     * Steps one behind the other.
     *
     * @param places which sequences read; all others rest
     * @param count one to {@link DecodeOps#MOST_STEPS}
     * @param brief whether none of them has more than {@link DecodeOps#BRIEF} tokens behind them, those aside that rest
     */
    record Steps(Places places, int count, boolean brief) {}

    DecodeState(FalconH1Config config, Ops ops, int sequences, int capacity, int scoreColumns) {
        if (sequences < 1) {
            throw new IllegalArgumentException("sequences = %d: must be >= 1".formatted(sequences));
        }
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity = %d: must be >= 1 token".formatted(capacity));
        }
        this.capacity = capacity;
        this.lengths = new int[sequences];
        this.resting = new boolean[sequences];
        FalconH1Config.Mamba mamba = config.mamba();
        int keyValueWidth = config.attention().keyValueWidth();
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            layers.add(new Layer(
                    ops.allocate(Shape.of((long) sequences * capacity, keyValueWidth)),
                    ops.allocate(Shape.of((long) sequences * capacity, keyValueWidth)),
                    ops.allocate(Shape.of((long) sequences * mamba.dConv(), mamba.convChannels())),
                    ops.allocateExact(Shape.of((long) sequences * mamba.dSsm(), mamba.dState()))));
        }
        this.positions = new Positions(ops.allocateInts(sequences), capacity);
        this.ids = ops.allocateInts(sequences);
        this.chosen = ops.allocateInts(DecodeOps.MOST_STEPS * sequences);
        this.scores = ops.allocateExact(Shape.of(sequences, scoreColumns));
        this.scratch = new Buffers(ops, sequences);
    }

    /** How many sequences are read side by side. */
    public int sequences() {
        return lengths.length;
    }

    /** Tokens of a sequence so far. */
    public int length(int sequence) {
        return lengths[sequence];
    }

    /** Tokens of the first sequence so far. */
    public int length() {
        return lengths[0];
    }

    /** Tokens of a sequence that fit. */
    public int capacity() {
        return capacity;
    }

    /** Forgets everything. */
    public void reset() {
        for (int sequence = 0; sequence < sequences(); sequence++) {
            reset(sequence);
        }
    }

    /** Forgets one sequence, whose place is then free. */
    public void reset(int sequence) {
        lengths[sequence] = 0;
        resting[sequence] = false;
        positionsKnown = false;
    }

    /** Leaves a sequence out from now on until it is reset: it is not read further and not waited for. */
    public void rest(int sequence) {
        resting[sequence] = true;
        positionsKnown = false;
    }

    /** Whether a sequence is left out. */
    public boolean rests(int sequence) {
        return resting[sequence];
    }

    Layer layer(int index, Places places) {
        return layers.get(index).of(places, sequences());
    }

    /**
     * Those that a step reads: the only one that does not rest, or all up to the last that does not. Not from the first one on,
     * for a device keeps what does a step for each of these.
     */
    Places awake() {
        int[] awake = IntStream.range(0, sequences())
                .filter(sequence -> !resting[sequence])
                .toArray();
        return switch (awake.length) {
            case 0 -> new Places(0, 1);
            case 1 -> new Places(awake[0], 1);
            default -> new Places(0, awake[awake.length - 1] + 1);
        };
    }

    /** Where sequences stand, for the next step. */
    Positions positions(Places places) {
        if (!positionsKnown) {
            int[] counts = lengths.clone();
            for (int sequence = 0; sequence < counts.length; sequence++) {
                counts[sequence] = resting[sequence] ? capacity : counts[sequence];
            }
            positions.counts().set(counts);
            positionsKnown = true;
        }
        return positions.part(places.first(), places.count());
    }

    /** The tokens that the next step reads; afterwards the most likely ones behind them. */
    Ints ids(Places places) {
        return ids.part(places.first(), places.count());
    }

    /** The most likely tokens behind each of the last steps, one step behind the other, of those that read. */
    Ints chosen() {
        return chosen;
    }

    /** Chooses the tokens that the next step reads, which costs nothing if they are the most likely ones anyway. */
    void choose(int... tokens) {
        if (!Arrays.equals(tokens, knownIds)) {
            ids.set(tokens);
        }
    }

    /** The most likely tokens of every sequence behind each of the last steps, step by step; 0 where it rests. */
    int[][] mostLikely(Steps steps) {
        Places places = steps.places();
        int[] all = chosen.get();
        int[][] likeliest = new int[steps.count()][sequences()];
        for (int step = 0; step < steps.count(); step++) {
            System.arraycopy(all, step * places.count(), likeliest[step], places.first(), places.count());
        }
        knownIds = likeliest[steps.count() - 1].clone();
        return likeliest;
    }

    /** Scores of the next tokens, {@code (places.count(), scoreColumns)}. */
    Tensor scores(Places places) {
        return places.of(scores, sequences());
    }

    Buffers scratch() {
        return scratch;
    }

    /** So many steps from here. */
    Steps steps(int count) {
        Places places = awake();
        boolean brief = IntStream.range(places.first(), places.first() + places.count())
                .allMatch(sequence -> resting[sequence] || lengths[sequence] + count <= DecodeOps.BRIEF);
        return new Steps(places, count, brief);
    }

    /** How many are worth asking for at once from here, found out once for as many places that are brief. */
    int stepsAtOnce(ToIntFunction<Places> known) {
        Places places = awake();
        int count = stepsAtOnce.computeIfAbsent(places.count(), of -> known.applyAsInt(places));
        return steps(count).brief() ? count : 1;
    }

    /** What does such steps, made once. */
    Runnable doing(Steps kind, Function<Steps, Runnable> made) {
        return steps.computeIfAbsent(kind, made);
    }

    /** A sequence was read at once. */
    void filled(int sequence, int tokens) {
        lengths[sequence] = tokens;
        positionsKnown = false;
    }

    /** Steps were done, which counted for themselves. */
    void stepped(int steps) {
        for (int sequence = 0; sequence < lengths.length; sequence++) {
            if (!resting[sequence]) {
                lengths[sequence] += steps;
            }
        }
    }
}
