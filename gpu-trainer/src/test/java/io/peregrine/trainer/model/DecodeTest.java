package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.DecodeState.Places;
import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading a sequence token by token with caches gives the scores of reading it at once. */
class DecodeTest {
    private static final int LENGTH = 19;
    private static final int VOCAB = 64;

    /** Tokens decoded behind a prefill: more than the convolution looks back. */
    private static final int MORE = 6;

    @ParameterizedTest
    @CsvSource({
        "REFERENCE, false, SA_M, 1e-5",
        "REFERENCE, true, SA_M, 1e-5",
        "CPU, false, SA_M, 2e-5",
        "CPU, true, SA_M, 2e-5",
        "REFERENCE, false, SAM, 1e-5",
        "CPU, true, SAM, 2e-5",
        "REFERENCE, true, S_A_M, 1e-5",
        "CPU, false, S_A_M, 2e-5"
    })
    void tokenByTokenEqualsAllAtOnce(Backend backend, boolean rmsNorm, BlockOrder order, double tolerance) {
        tokenByTokenEqualsAllAtOnce(
                backend, HashSeededModel.ordered(HashSeededModel.config(rmsNorm), order), tolerance);
    }

    @ParameterizedTest
    @CsvSource({"REFERENCE, 1e-5", "CPU, 2e-5"})
    void tokenByTokenEqualsAllAtOnceWithLimitedStepSizes(Backend backend, double tolerance) {
        tokenByTokenEqualsAllAtOnce(backend, HashSeededModel.limited(HashSeededModel.config(true)), tolerance);
    }

    private static void tokenByTokenEqualsAllAtOnce(Backend backend, FalconH1Config config, double tolerance) {
        try (Ops ops = backend.open(backend.defaultDType(), 2)) {
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            int[] ids = HashSeededModel.tokens(LENGTH, VOCAB);
            Tensor expected = model.logits(TokenBatch.ofWholeRows(1, LENGTH, ids));
            DecodeState state = model.newDecodeState(LENGTH);
            for (int pass = 0; pass < 2; pass++) {
                for (int t = 0; t < LENGTH; t++) {
                    float[] scores = model.decode(state, ids[t]);
                    for (int i = 0; i < VOCAB; i++) {
                        assertThat((double) scores[i]).isCloseTo(expected.get(t, i), within(tolerance));
                    }
                }
                state.reset();
            }
        }
    }

    /** Shorter than the convolution's window, about a chunk of the scan, past several. */
    @ParameterizedTest
    @CsvSource({"REFERENCE, 1e-9", "CPU, 2e-5"})
    void aPrefilledStateGoesOnAsOneThatReadTokenByToken(Backend backend, double tolerance) {
        try (Ops ops = backend.open(backend.defaultDType(), 2)) {
            for (boolean rmsNorm : new boolean[] {false, true}) {
                FalconH1Config config = HashSeededModel.config(rmsNorm);
                FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
                int chunk = config.mamba().chunkSize();
                int longest = 2 * chunk + 3;
                int[] ids = HashSeededModel.tokens(longest + MORE, VOCAB);
                DecodeState prefilled = model.newDecodeState(longest + MORE);
                DecodeState stepped = model.newDecodeState(longest + MORE);
                for (int length : new int[] {longest, 1, 2, 3, 4, chunk - 1, chunk, chunk + 1, 2 * chunk}) {
                    prefilled.reset();
                    stepped.reset();
                    float[] actual = model.prefill(prefilled, Arrays.copyOf(ids, length));
                    float[] expected = {};
                    for (int t = 0; t < length; t++) {
                        expected = model.decode(stepped, ids[t]);
                    }
                    assertThat(prefilled.length()).isEqualTo(length);
                    assertClose(actual, expected, tolerance, length);
                    for (int t = length; t < length + MORE; t++) {
                        actual = model.decode(prefilled, ids[t]);
                        assertClose(actual, model.decode(stepped, ids[t]), tolerance, t + 1);
                    }
                }
            }
        }
    }

    /** Steps of brief sequences and of others are different work for a device; a sequence passes from one to the other. */
    @Test
    void aSequenceGoesOnWhereItIsNoLongerBrief() {
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 2)) {
            FalconH1Config config = HashSeededModel.config(false);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            int[] ids = HashSeededModel.tokens(DecodeOps.BRIEF + MORE, VOCAB);
            Tensor expected = model.logits(TokenBatch.ofWholeRows(1, ids.length, ids));
            DecodeState state = model.newDecodeState(ids.length);
            int read = DecodeOps.BRIEF - 3;
            model.prefill(state, Arrays.copyOf(ids, read));
            for (int t = read; t < ids.length; t++) {
                assertThat(state.steps(1).brief()).isEqualTo(t < DecodeOps.BRIEF);
                assertThat(state.steps(8).brief()).isEqualTo(t + 8 <= DecodeOps.BRIEF);
                float[] scores = model.decode(state, ids[t]);
                for (int i = 0; i < VOCAB; i++) {
                    assertThat((double) scores[i]).as("behind token %d", t).isCloseTo(expected.get(t, i), within(1e-4));
                }
            }
            state.rest(0);
            assertThat(state.steps(8).brief()).isTrue();
        }
    }

    /** Sequences come and go: all up to the last that reads are asked for, or one alone; each is as if it were alone, bit for bit. */
    @ParameterizedTest
    @CsvSource({"REFERENCE", "CPU"})
    void placesAtRestAreLeftOut(Backend backend) {
        try (Ops ops = backend.open(backend.defaultDType(), 2)) {
            FalconH1Config config = HashSeededModel.config(true);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            DecodeState together = model.newDecodeState(4, LENGTH);
            Map<Integer, DecodeState> alone = new TreeMap<>();
            for (int place = 0; place < 4; place++) {
                alone.put(place, model.newDecodeState(LENGTH));
            }
            step(model, together, alone, new Places(0, 4));
            leave(together, alone, 3);
            step(model, together, alone, new Places(0, 3));
            leave(together, alone, 0);
            step(model, together, alone, new Places(0, 3));
            leave(together, alone, 1);
            step(model, together, alone, new Places(2, 1));
            together.reset(1);
            alone.put(1, model.newDecodeState(LENGTH));
            step(model, together, alone, new Places(0, 3));
            leave(together, alone, 2);
            step(model, together, alone, new Places(1, 1));
            leave(together, alone, 1);
            step(model, together, alone, new Places(0, 1));
        }
    }

    private static void leave(DecodeState together, Map<Integer, DecodeState> alone, int place) {
        together.rest(place);
        alone.remove(place);
    }

    private static void step(
            FalconH1Model model, DecodeState together, Map<Integer, DecodeState> alone, Places expected) {
        int[] ids = HashSeededModel.tokens(together.sequences() + 2, VOCAB);
        for (int step = 0; step < 2; step++) {
            assertThat(together.awake()).isEqualTo(expected);
            int[] next = model.decode(together, Arrays.copyOfRange(ids, step, step + together.sequences()));
            for (int place = 0; place < next.length; place++) {
                if (alone.containsKey(place)) {
                    assertThat(model.decode(alone.get(place), ids[step + place]))
                            .as("place %d of %s", place, expected)
                            .isEqualTo(model.scores(together, place));
                    assertThat(next[place]).isEqualTo(mostLikely(model.scores(together, place)));
                } else {
                    assertThat(next[place]).isZero();
                }
            }
        }
    }

    /** Of sequences of which one rests, and as far as they have room. */
    @Test
    void stepsAskedForAtOnceAreThoseOneByOne() {
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 2)) {
            FalconH1Config config = HashSeededModel.config(true);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            DecodeState together = model.newDecodeState(3, 13);
            DecodeState oneByOne = model.newDecodeState(3, 13);
            for (DecodeState state : new DecodeState[] {together, oneByOne}) {
                model.prefill(state, 0, HashSeededModel.tokens(2, VOCAB));
                state.rest(1);
            }
            int[] last = {5, 0, 7};
            for (int steps : new int[] {8, 1, 2}) {
                for (int[] next : model.decodeGreedily(together, steps, last)) {
                    last = model.decode(oneByOne, last);
                    assertThat(next).isEqualTo(last);
                }
                assertThat(model.scores(together, 2)).isEqualTo(model.scores(oneByOne, 2));
                assertThat(together.length(2)).isEqualTo(oneByOne.length(2));
            }
            int[] ids = last;
            assertThatThrownBy(() -> model.decodeGreedily(together, 1, ids))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the decode state is full: 13 tokens, of which 13 are taken, and 1 more are asked for");
            assertThatThrownBy(() -> model.decodeGreedily(together, 9, ids)).hasMessage("steps = 9: must be 1 to 8");
            assertThat(model.stepsAtOnce(together))
                    .as("a step takes longer than asking for it")
                    .isEqualTo(1);
        }
    }

    /** Sequences of several lengths, one of which rests and one of which begins again: each as if it were alone, bit for bit. */
    @ParameterizedTest
    @CsvSource({"REFERENCE", "CPU"})
    void aSequenceDoesNotKnowOfTheOthers(Backend backend) {
        try (Ops ops = backend.open(backend.defaultDType(), 2)) {
            for (boolean rmsNorm : new boolean[] {false, true}) {
                FalconH1Config config = HashSeededModel.config(rmsNorm);
                FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
                int[] ids = HashSeededModel.tokens(LENGTH, VOCAB);
                DecodeState together = model.newDecodeState(4, LENGTH);
                model.prefill(together, 0, Arrays.copyOf(ids, 9));
                model.prefill(together, 2, Arrays.copyOf(ids, 3));
                model.prefill(together, 3, ids);
                together.rest(3); // full, and of no concern to the others
                DecodeState alone = model.newDecodeState(LENGTH);
                model.prefill(alone, Arrays.copyOf(ids, 3));
                for (int t = 0; t < MORE; t++) {
                    int[] next = model.decode(together, ids[t], ids[t + 1], ids[t + 2], -1);
                    assertThat(model.decode(alone, ids[t + 2])).isEqualTo(model.scores(together, 2));
                    assertThat(next[2]).isEqualTo(mostLikely(model.scores(together, 2)));
                    assertThat(next[3]).isZero();
                }
                assertThat(together.length(0)).isEqualTo(9 + MORE);
                assertThat(together.length(1)).isEqualTo(MORE);
                together.reset(1);
                alone.reset();
                for (int t = 0; t < MORE - 2; t++) {
                    model.decode(together, ids[t], ids[t], ids[t], 0);
                    assertThat(model.decode(alone, ids[t])).isEqualTo(model.scores(together, 1));
                }
            }
        }
    }

    private static int mostLikely(float[] scores) {
        int best = 0;
        for (int i = 0; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    private static void assertClose(float[] actual, float[] expected, double tolerance, int length) {
        assertThat(actual).hasSize(VOCAB);
        for (int i = 0; i < VOCAB; i++) {
            assertThat(actual[i])
                    .as("score of token %d behind %d tokens", i, length)
                    .isCloseTo(expected[i], within((float) tolerance));
        }
    }

    @Test
    void aPrefillNeedsTokensAnEmptyStateAndRoom() {
        try (Ops ops = Backend.REFERENCE.open(Backend.REFERENCE.defaultDType(), 1)) {
            FalconH1Config config = HashSeededModel.config(false);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            DecodeState state = model.newDecodeState(2);
            assertThatThrownBy(() -> model.prefill(state, new int[0]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least one");
            assertThatThrownBy(() -> model.prefill(state, new int[] {1, 2, 3}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("room for 2 tokens, not for 3");
            assertThatThrownBy(() -> model.prefill(state, new int[] {1, VOCAB}))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("token id 64");
            assertThat(state.length()).isZero();
            model.prefill(state, new int[] {1});
            assertThatThrownBy(() -> model.prefill(state, new int[] {1}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("holds 1 tokens: only an empty one");
        }
    }

    @Test
    void aFullStateAndAStrangeTokenAreRefused() {
        try (Ops ops = Backend.REFERENCE.open(Backend.REFERENCE.defaultDType(), 1)) {
            FalconH1Config config = HashSeededModel.config(false);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            DecodeState state = model.newDecodeState(1);
            assertThatThrownBy(() -> model.decode(state, VOCAB))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("token id 64: the model's vocabulary has ids 0 to 63");
            model.decode(state, 1);
            assertThatThrownBy(() -> model.decode(state, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("full: 1 tokens");
        }
    }
}
