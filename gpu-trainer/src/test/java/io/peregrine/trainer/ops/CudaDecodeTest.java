package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.CudaException;
import io.peregrine.trainer.model.DecodeState;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.ops.DecodeOps.Positions;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each operation of decoding on the device against the reference; and steps of a whole model, recorded and side by side. */
@Tag("gpu")
class CudaDecodeTest extends OpsComparison {
    private static final int VOCAB = 96;

    private CudaOps cuda;

    private void open(DType dtype) {
        cuda = new CudaOps(new CudaDevice(0), dtype);
        open(cuda);
    }

    /** Fast and plain products, one block of columns and many, more rows than blocks, all numbers of sequences' tiles. */
    @ParameterizedTest
    @CsvSource({
        "BF16, 1, 32, 8", "BF16, 1, 1024, 40", "BF16, 5, 96, 4120", "BF16, 8, 2048, 130", "BF16, 9, 288, 24",
        "BF16, 16, 1024, 2200", "BF16, 17, 1536, 64", "BF16, 32, 2048, 2113", "BF16, 40, 96, 2113", "BF16, 3, 40, 24",
        "BF16, 2, 4096, 4300", "BF16, 12, 2048, 2300", "F32, 3, 64, 24"
    })
    void products(DType dtype, int sequences, int in, int out) {
        open(dtype);
        Both h = activation("h", sequences, in);
        Both gain = exact("gain", 1, in);
        Both n = activation("n", sequences, in);
        Both first = parameter("first", out, in);
        Both second = parameter("second", 56, in);
        Both y = activation("y", sequences, out);
        Both scores = exact("scores", sequences, 56);
        Both gateUp = activation("gateUp", sequences, 2 * 24);
        Both gatedWeight = parameter("gatedWeight", 2 * 24, in);
        Both gated = activation("gated", sequences, 24);
        Both h2 = activation("h2", sequences, out);
        Both x2 = activation("x2", sequences, 64);
        Both more = parameter("more", out, 64);
        run((ops, it) -> ops.decode()
                .normed(
                        it.apply(h),
                        it.apply(gain),
                        1e-5,
                        it.apply(n),
                        List.of(
                                new DecodeOps.Product(it.apply(first), 0.3, it.apply(y)),
                                new DecodeOps.Product(it.apply(second), 0.7, it.apply(scores)))));
        run((ops, it) -> ops.decode()
                .gated(
                        it.apply(h),
                        it.apply(gain),
                        1e-5,
                        it.apply(n),
                        it.apply(gatedWeight),
                        0.6,
                        it.apply(gateUp),
                        it.apply(gated)));
        run((ops, it) -> ops.decode()
                .add(
                        List.of(
                                new DecodeOps.Term(it.apply(h), it.apply(first), 0.4),
                                new DecodeOps.Term(it.apply(x2), it.apply(more), -0.9)),
                        it.apply(h2)));
        agree(y, scores, gated, h2);
    }

    /** What a mixer knows, on either side. */
    private interface MixerOn {
        DecodeOps.Mixer on(Function<Both, Tensor> side);
    }

    private MixerOn mixer(ScanOps.Dims dims, int taps, boolean withBias, boolean gated) {
        int channels = dims.nHeads() * dims.dHead() + 2 * dims.nGroups() * dims.dState();
        Both convScale = exact("convScale", 1, channels);
        Both convWeight = exact("convWeight", channels, taps);
        Optional<Both> convBias = withBias ? Optional.of(exact("convBias", 1, channels)) : Optional.empty();
        Both dtBias = exact("dtBias", 1, dims.nHeads());
        Both aLog = exact("aLog", 1, dims.nHeads());
        Both dSkip = exact("dSkip", 1, dims.nHeads());
        return side -> new DecodeOps.Mixer(
                dims,
                side.apply(convScale),
                side.apply(convWeight),
                convBias.map(side),
                1.3,
                side.apply(dtBias),
                0.01,
                1.5,
                side.apply(aLog),
                side.apply(dSkip),
                0.8,
                gated);
    }

    /** Four sequences of which one rests, at their beginning, inside the convolution's window and past it. */
    @ParameterizedTest
    @CsvSource({
        "F32, 4, 8, 2, 40, 4, true", "BF16, 4, 8, 2, 40, 4, false", "BF16, 6, 64, 1, 128, 4, true",
        "BF16, 4, 64, 2, 256, 3, true", "BF16, 2, 24, 1, 64, 2, true", "F32, 3, 5, 1, 7, 4, true"
    })
    void mixers(DType dtype, int nHeads, int dHead, int nGroups, int dState, int taps, boolean gated) {
        open(dtype);
        ScanOps.Dims dims = new ScanOps.Dims(nHeads, dHead, nGroups, dState, 64);
        int sequences = 4;
        int inner = nHeads * dHead;
        int channels = inner + 2 * nGroups * dState;
        MixerOn mixer = mixer(dims, taps, true, gated);
        Both windows = activation("windows", sequences * taps, channels);
        Both states = exact("states", sequences * inner, dState);
        Both out = activation("out", sequences, inner);
        float[] rests = states.actual().rows(2 * inner, 3 * inner).toFloats();
        int capacity = 50;
        for (int token = 0; token < 3; token++) {
            Both p = activation("p", sequences, inner + channels + nHeads);
            int[] counts = {token, 2 + token, capacity, 47 + token};
            run((ops, it) -> {
                Ints positions = ops.allocateInts(sequences);
                positions.set(counts);
                ops.decode()
                        .mixer(
                                new DecodeOps.MixerStep(
                                        mixer.on(it), it.apply(p), it.apply(windows), it.apply(states), it.apply(out)),
                                new Positions(positions, capacity));
            });
            agree(windows, states, out.rows(0, 2), out.rows(3, 4));
        }
        assertThat(states.actual().rows(2 * inner, 3 * inner).toFloats()).isEqualTo(rests);
    }

    @ParameterizedTest
    @CsvSource({"F32, 1, 4", "BF16, 3, 4", "BF16, 4, 4", "BF16, 9, 4", "BF16, 10, 3"})
    void windowsBehindARead(DType dtype, int length, int taps) {
        open(dtype);
        Both p = activation("p", length, 50);
        Both scale = exact("scale", 1, 40);
        Both window = activation("window", taps, 40);
        run((ops, it) -> ops.decode().fillWindow(it.apply(p.columns(4, 44)), it.apply(scale), it.apply(window)));
        agree(window);
    }

    /** Sequences about the edges of chunks, with many splits and with more chunks than splits; one rests. */
    @ParameterizedTest
    @CsvSource({
        "F32, 4, 2, 8, 300",
        "BF16, 4, 2, 8, 300",
        "BF16, 8, 2, 64, 300",
        "BF16, 6, 1, 64, 300",
        "BF16, 2, 2, 128, 300",
        "BF16, 12, 2, 128, 300",
        "F32, 8, 2, 64, 300",
        "BF16, 8, 2, 64, 20000"
    })
    void attention(DType dtype, int heads, int keyValueHeads, int headDim, int capacity) {
        open(dtype);
        AttentionOps.Dims dims = new AttentionOps.Dims(heads, keyValueHeads, headDim);
        int[] counts = {0, capacity, 126, 127, 128, 255, 256, capacity - 1};
        int sequences = counts.length;
        int queryWidth = heads * headDim;
        int keyWidth = keyValueHeads * headDim;
        Both keys = activation("keys", sequences * capacity, keyWidth);
        Both values = activation("values", sequences * capacity, keyWidth);
        Both qkv = activation("qkv", sequences, queryWidth + 2 * keyWidth);
        Both out = activation("out", sequences, queryWidth);
        run((ops, it) -> {
            Ints positions = ops.allocateInts(sequences);
            positions.set(counts);
            ops.decode()
                    .attention(
                            new DecodeOps.AttentionStep(
                                    dims, it.apply(qkv), 1e4, 0.7, it.apply(keys), it.apply(values), it.apply(out)),
                            new Positions(positions, capacity));
        });
        agree(keys, values, out.rows(0, 1), out.rows(2, sequences));
    }

    /** The mixer and attention in one kernel, where there is one for the shapes, and as two. The first and a later one rest. */
    @ParameterizedTest
    @CsvSource({
        "BF16, 3, 8, 2, 64, 128, 64, 4", "BF16, 12, 8, 2, 64, 128, 64, 4", "BF16, 5, 12, 2, 128, 256, 64, 4",
        "BF16, 10, 6, 2, 64, 256, 128, 4", "BF16, 4, 4, 1, 128, 64, 24, 4", "BF16, 3, 4, 2, 8, 128, 64, 4",
        "BF16, 3, 8, 2, 64, 128, 64, 3", "F32, 3, 8, 2, 64, 128, 64, 4"
    })
    void mixerAndAttentionSideBySide(
            DType dtype, int sequences, int heads, int keyValueHeads, int headDim, int dState, int dHead, int taps) {
        open(dtype);
        int capacity = 1300;
        int[] counts = new int[sequences];
        Arrays.setAll(counts, s -> s % 7 == 0 ? capacity : 1150 * s / sequences + s % 3);
        int nHeads = 6;
        int inner = nHeads * dHead;
        int channels = inner + 2 * dState;
        AttentionOps.Dims dims = new AttentionOps.Dims(heads, keyValueHeads, headDim);
        int keyWidth = keyValueHeads * headDim;
        MixerOn mixer = mixer(new ScanOps.Dims(nHeads, dHead, 1, dState, 64), taps, false, true);
        Both windows = activation("windows", sequences * taps, channels);
        Both states = exact("states", sequences * inner, dState);
        Both mixed = activation("mixed", sequences, inner);
        Both keys = activation("keys", sequences * capacity, keyWidth);
        Both values = activation("values", sequences * capacity, keyWidth);
        Both attended = activation("attended", sequences, heads * headDim);
        for (int token = 0; token < 2; token++) {
            Both p = activation("p", sequences, inner + channels + nHeads);
            Both qkv = activation("qkv", sequences, heads * headDim + 2 * keyWidth);
            int[] at = counts.clone();
            for (int s = 0; s < sequences; s++) {
                at[s] = Math.min(counts[s] + token, capacity);
            }
            run((ops, it) -> {
                Ints positions = ops.allocateInts(sequences);
                positions.set(at);
                ops.decode()
                        .mix(
                                new DecodeOps.MixerStep(
                                        mixer.on(it),
                                        it.apply(p),
                                        it.apply(windows),
                                        it.apply(states),
                                        it.apply(mixed)),
                                new DecodeOps.AttentionStep(
                                        dims,
                                        it.apply(qkv),
                                        1e4,
                                        0.7,
                                        it.apply(keys),
                                        it.apply(values),
                                        it.apply(attended)),
                                new Positions(positions, capacity));
            });
            agree(windows, states, keys, values);
            for (int s = 0; s < sequences; s++) {
                if (at[s] < capacity) {
                    agree(mixed.rows(s, s + 1), attended.rows(s, s + 1));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 1024, 65_537})
    void theMostLikelyOfEqualOnesIsTheFirst(int vocab) {
        open(DType.BF16);
        int capacity = 9;
        Tensor scores = cuda.allocateExact(Shape.of(4, vocab));
        scores.fill(-1);
        scores.set(1, vocab / 2, 3);
        scores.set(1, vocab - 1, 3);
        scores.set(2, vocab - 1, Double.NaN);
        scores.rows(3, 4).fill(Double.NEGATIVE_INFINITY);
        scores.set(3, vocab - 1, -7);
        Ints ids = cuda.allocateInts(4);
        Ints positions = cuda.allocateInts(4);
        positions.set(0, 8, 7, 3);
        Ints chosen = cuda.allocateInts(8);
        cuda.decode().next(scores, ids, new Positions(positions, capacity), chosen, 1);
        assertThat(ids.get()).containsExactly(0, vocab / 2, -1, vocab - 1);
        assertThat(chosen.get()).containsExactly(0, 0, 0, 0, 0, vocab / 2, -1, vocab - 1);
        assertThat(positions.get()).containsExactly(1, 9, 8, 4);
        cuda.decode().next(scores, ids, new Positions(positions, capacity), chosen, 0);
        assertThat(ids.get()).containsExactly(0, 0, -1, vocab - 1);
        assertThat(positions.get()).containsExactly(2, 9, 9, 5);
    }

    @Test
    void idsArePutWhereTheirRowsAre() {
        open(DType.BF16);
        Both table = parameter("table", 17, 24);
        Both h = activation("h", 3, 24);
        run((ops, it) -> {
            Ints ids = ops.allocateInts(3);
            ids.set(16, -1, 4); // -1: there was no most likely token
            ops.decode().embedding(it.apply(table), ids, 5.5, it.apply(h));
        });
        agree(h);
    }

    private static FalconH1Config config(boolean rmsNorm) {
        return HashSeededModel.config(VOCAB, 64, 96, 2, 4, 2, 64, 4, 64, 1, 128, 128, rmsNorm);
    }

    private static FalconH1Model model(FalconH1Config config, Ops ops) {
        return new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
    }

    /** Prompts of several lengths side by side, one of them resting: each as if it were alone, bit for bit. */
    @ParameterizedTest
    @ValueSource(ints = {2, 8, 13, 32})
    void aSequenceDoesNotKnowOfTheOthers(int sequences) {
        open(DType.BF16);
        FalconH1Model model = model(config(false), cuda);
        int steps = 5;
        int capacity = 300;
        DecodeState together = model.newDecodeState(sequences, capacity);
        int[] next = new int[sequences];
        for (int s = 0; s < sequences; s++) {
            model.prefill(together, s, prompt(s));
            next[s] = s % VOCAB;
        }
        together.rest(sequences - 1);
        int[][] chosen = new int[steps][];
        float[][] scores = new float[sequences][];
        for (int step = 0; step < steps; step++) {
            next = model.decode(together, next);
            chosen[step] = next;
        }
        for (int s = 0; s < sequences - 1; s++) {
            scores[s] = model.scores(together, s);
            DecodeState alone = model.newDecodeState(capacity);
            model.prefill(alone, prompt(s));
            int id = s % VOCAB;
            for (int step = 0; step < steps; step++) {
                id = model.decode(alone, new int[] {id})[0];
                assertThat(id).as("step %d of sequence %d", step, s).isEqualTo(chosen[step][s]);
            }
            assertThat(model.scores(alone, 0)).isEqualTo(scores[s]);
            assertThat(together.length(s)).isEqualTo(prompt(s).length + steps);
        }
    }

    private static int[] prompt(int sequence) {
        return HashSeededModel.tokens(1 + 37 * sequence % 200, VOCAB);
    }

    /** The first step is done operation by operation, later ones are recorded: the same bits. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void recordedStepsAreThoseDoneOneByOne(DType dtype) {
        open(dtype);
        for (boolean rmsNorm : new boolean[] {false, true}) {
            FalconH1Model model = model(config(rmsNorm), cuda);
            int[] ids = HashSeededModel.tokens(140, VOCAB);
            DecodeState recorded = model.newDecodeState(ids.length);
            DecodeState oneByOne = model.newDecodeState(ids.length);
            for (int id : ids) {
                float[] fast = model.decode(recorded, id);
                cuda.device().startProfile(); // which keeps steps from being recorded
                float[] slow = model.decode(oneByOne, id);
                cuda.device().stopProfile();
                assertThat(fast).isEqualTo(slow);
            }
        }
    }

    /** A recording reads parameters as they are when it is done. */
    @Test
    void recordedStepsSeeNewParameters() {
        open(DType.BF16);
        FalconH1Model model = model(config(false), cuda);
        DecodeState state = model.newDecodeState(8);
        for (int i = 0; i < 3; i++) {
            model.decode(state, 5);
        }
        state.reset();
        float[] before = model.decode(state, 5);
        model.parameters().forEach(parameter -> parameter.value().fill(0.01));
        state.reset();
        float[] after = model.decode(state, 5);
        assertThat(after).isNotEqualTo(before);
        DecodeState fresh = model.newDecodeState(8);
        assertThat(model.decode(fresh, 5)).isEqualTo(after);
    }

    @Test
    void whatMayNotBeRecordedIsRefusedAndTheDeviceGoesOn() {
        open(DType.BF16);
        Tensor x = cuda.allocate(Shape.of(4, 8));
        Runnable allocates = cuda.repeatable(() -> cuda.allocate(Shape.of(1 << 20)));
        allocates.run();
        assertThatThrownBy(allocates::run).isInstanceOf(CudaException.class).hasMessageContaining("allocation of");
        x.fill(2);
        assertThat(x.get(3, 7)).isEqualTo(2);
    }

    @Test
    void aPlaceIsGivenToAnotherSequence() {
        try (CudaOps ops = new CudaOps(new CudaDevice(0), DType.BF16)) {
            FalconH1Model model = model(config(true), ops);
            DecodeState state = model.newDecodeState(2, 64);
            int[] ids = HashSeededModel.tokens(20, VOCAB);
            model.prefill(state, 0, ids);
            model.prefill(state, 1, Arrays.copyOf(ids, 11));
            model.decode(state, 1, 2);
            model.decode(state, 3, 4);
            state.reset(1);
            model.prefill(state, 1, Arrays.copyOf(ids, 3));
            model.decode(state, 5, 6);
            DecodeState alone = model.newDecodeState(64);
            model.prefill(alone, Arrays.copyOf(ids, 3));
            assertThat(model.decode(alone, 6)).isEqualTo(model.scores(state, 1));
        }
    }
}
