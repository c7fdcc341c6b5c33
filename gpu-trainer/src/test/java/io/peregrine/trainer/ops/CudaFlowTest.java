package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.NativeDecode;
import io.peregrine.trainer.model.DecodeState;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of one sequence in one kernel, and of several with one for the layers, against a kernel for each part, bit for bit. */
@Tag("gpu")
class CudaFlowTest {
    private static final int VOCAB = 96; // fewer scores than blocks have rows for

    private static final int LAYERS = 3; // no multiple of the slots that its blocks talk through
    private static final int CAPACITY = 1100;

    private final CudaOps cuda = new CudaOps(new CudaDevice(0), DType.BF16);
    private final FalconH1Model model = model(VOCAB, cuda);
    private final FalconH1Model inParts = model(VOCAB, DecodeOpsWith.parts(cuda));

    private FalconH1Model model(int vocab, Ops ops) {
        FalconH1Config config = HashSeededModel.config(vocab, 1024, 2048, LAYERS, 8, 2, 64, 24, 64, 1, 128, 128, false);
        return new FalconH1Model(config, HashSeededModel.parameters(config, cuda), ops);
    }

    @AfterEach
    void close() {
        cuda.close();
    }

    /** On the cards that it was written on, which have 132 multiprocessors. */
    @Test
    void theShapeIsOneOfThoseThatFit() {
        assumeThat(cuda.device().name()).containsAnyOf("H200", "H100 80GB HBM3");
        int[] shape = {1024, 2048, 24, 64, 1, 128, 4, 8, 2, 64, CAPACITY, LAYERS, 1};
        assertThat(NativeDecode.flowFits(cuda.device().handle(), shape)).isTrue();
        for (int sequences : new int[] {1, 2, 32}) {
            shape[shape.length - 1] = sequences;
            for (int i = 0; i < 10; i++) { // all but capacity and layers are looked at, if only for what they add up to
                int[] other = shape.clone();
                other[i] *= 3;
                assertThat(NativeDecode.flowFits(cuda.device().handle(), other))
                        .as(Arrays.toString(other))
                        .isFalse();
            }
        }
        for (int sequences = 1; sequences < 40; sequences++) {
            shape[shape.length - 1] = sequences;
            assertThat(NativeDecode.flowFits(cuda.device().handle(), shape))
                    .as("%d sequences", sequences)
                    .isEqualTo(sequences <= 32);
        }
        assertThat(NativeDecode.flowTokens()).isEqualTo(DecodeOps.BRIEF);
    }

    /** From nothing on, about the edges of splits, and past what one kernel can have. */
    @ParameterizedTest
    @ValueSource(ints = {0, 120, 380, 890, 1015})
    void aSequenceAloneIsOneInParts(int prompt) {
        DecodeState alone = model.newDecodeState(CAPACITY);
        DecodeState parts = inParts.newDecodeState(CAPACITY);
        int[] ids = HashSeededModel.tokens(prompt + 20, VOCAB);
        if (prompt > 0) {
            model.prefill(alone, Arrays.copyOf(ids, prompt));
            inParts.prefill(parts, Arrays.copyOf(ids, prompt));
        }
        for (int i = prompt; i < ids.length; i++) {
            assertThat(model.decode(alone, ids[i])).as("behind token %d", i).isEqualTo(inParts.decode(parts, ids[i]));
        }
    }

    /**
     * Tokens that one kernel chooses for itself are those that it is told, whatever is asked for at once. Of 17,000 scores a block
     * has five times 32, an odd number, the last time not all.
     */
    @ParameterizedTest
    @CsvSource({"96, 0", "96, 121", "17000, 5", "17000, 890"})
    void manyTokensAtOnceAreThoseOneByOne(int vocab, int prompt) {
        FalconH1Model model = model(vocab, cuda);
        FalconH1Model inParts = model(vocab, DecodeOpsWith.parts(cuda));
        DecodeState together = model.newDecodeState(CAPACITY);
        DecodeState oneByOne = inParts.newDecodeState(1, CAPACITY);
        if (prompt > 0) {
            int[] ids = HashSeededModel.tokens(prompt, vocab);
            model.prefill(together, ids);
            inParts.prefill(oneByOne, ids);
        }
        int last = 3;
        int expected = 3;
        for (int steps : new int[] {8, 1, 3, 8, 2, 8, 5, 1, 8}) {
            for (int[] next : model.decodeGreedily(together, steps, last)) {
                expected = inParts.decodeGreedily(oneByOne, 1, expected)[0][0];
                assertThat(next).containsExactly(expected);
            }
            last = expected;
            assertThat(together.length()).isEqualTo(oneByOne.length());
            assertThat(model.scores(together, 0)).isEqualTo(inParts.scores(oneByOne, 0));
        }
    }

    /** Wherever it is, and whatever the places beside it hold. */
    @Test
    void oneOfManyPlacesIsASequenceAlone() {
        DecodeState alone = model.newDecodeState(CAPACITY);
        DecodeState among = model.newDecodeState(5, CAPACITY);
        int[] ids = HashSeededModel.tokens(300, VOCAB);
        for (int place = 0; place < among.sequences(); place++) {
            model.prefill(among, place, Arrays.copyOf(ids, 100 + place));
        }
        for (int place : new int[] {3, 0, 4}) {
            int read = 200 + place;
            among.reset(place);
            alone.reset();
            model.prefill(among, place, Arrays.copyOf(ids, read));
            model.prefill(alone, Arrays.copyOf(ids, read));
            for (int other = 0; other < among.sequences(); other++) {
                if (other != place) {
                    among.rest(other);
                }
            }
            assertThat(model.stepsAtOnce(among)).isEqualTo(model.stepsAtOnce(alone));
            int[] tokens = new int[among.sequences()];
            for (int steps : new int[] {8, 1, 5}) {
                int[][] together = model.decodeGreedily(among, steps, tokens);
                int[][] expected = model.decodeGreedily(alone, steps, tokens[place]);
                for (int step = 0; step < steps; step++) {
                    int[] next = new int[among.sequences()];
                    next[place] = expected[step][0];
                    assertThat(together[step]).isEqualTo(next);
                    tokens = next;
                }
                assertThat(model.scores(among, place)).isEqualTo(model.scores(alone, 0));
            }
        }
        int other = 1;
        among.reset(other);
        alone.reset();
        int[] tokens = new int[among.sequences()];
        for (int i = 0; i < 20; i++) { // beside the last of them, through the kernel for several
            tokens[other] = ids[i];
            tokens = model.decode(among, tokens);
            assertThat(model.decode(alone, ids[i])).isEqualTo(model.scores(among, other));
        }
    }

    /**
     * Several go through a kernel that has the layers: some from nothing on, some about the edges of splits, some at rest, and
     * past what that kernel can have. It stores their states every fourth step and when it is done, so they are asked for any
     * number of steps at once.
     */
    @ParameterizedTest
    @CsvSource({"2, 0", "4, 370", "8, 5", "9, 0", "10, 120", "16, 370", "17, 880", "20, 5", "32, 250", "32, 870"})
    void severalSequencesAreThoseInParts(int count, int prompt) {
        int lengths = 130;
        DecodeState together = model.newDecodeState(count, CAPACITY);
        if (cuda.device().name().contains("H200")) {
            assertThat(model.stepsAtOnce(together)).isEqualTo(DecodeOps.MOST_STEPS);
        }
        DecodeState parts = inParts.newDecodeState(count, CAPACITY);
        for (int place = 0; place < count; place++) {
            int[] ids = HashSeededModel.tokens(prompt + place * 41 % lengths, VOCAB);
            if (place % 7 == 3) {
                together.rest(place);
                parts.rest(place);
            } else if (ids.length > 0) {
                model.prefill(together, place, ids);
                inParts.prefill(parts, place, ids);
            }
        }
        int[] next = HashSeededModel.tokens(count, VOCAB);
        for (int steps : new int[] {8, 1, 3, 8, 2, 4, 7}) {
            int[][] expected = inParts.decodeGreedily(parts, steps, next);
            assertThat(model.decodeGreedily(together, steps, next))
                    .as("%d steps", steps)
                    .isDeepEqualTo(expected);
            next = expected[steps - 1];
            for (int place = 0; place < count; place++) {
                if (!together.rests(place)) {
                    assertThat(model.scores(together, place))
                            .as("place %d behind %d steps", place, steps)
                            .isEqualTo(inParts.scores(parts, place));
                }
            }
        }
    }

    /** What a long sequence leaves between the blocks is not taken for a short one's. */
    @Test
    void shortAndLongSequencesTakeTurns() {
        DecodeState state = model.newDecodeState(CAPACITY);
        int[] lengths = {700, 20, 1000, 1, 126, 500};
        float[][] first = new float[lengths.length][];
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < lengths.length; i++) {
                state.reset();
                model.prefill(state, HashSeededModel.tokens(lengths[i], VOCAB));
                float[] scores = {};
                for (int step = 0; step < 15; step++) {
                    scores = model.decode(state, step);
                }
                if (round == 0) {
                    first[i] = scores;
                }
                assertThat(scores).as("%d tokens, round %d", lengths[i], round).isEqualTo(first[i]);
            }
        }
    }
}
