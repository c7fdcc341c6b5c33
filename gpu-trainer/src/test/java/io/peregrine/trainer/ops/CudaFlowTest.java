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

/** Steps of one sequence in one kernel, and of many with one for the layers, against a kernel for each part, bit for bit. */
@Tag("gpu")
class CudaFlowTest {
    private static final int VOCAB = 96; // fewer scores than blocks have rows for

    private static final int LAYERS = 3; // no multiple of the slots that its blocks talk through
    private static final int CAPACITY = 1100;

    private final CudaOps cuda = new CudaOps(new CudaDevice(0), DType.BF16);
    private final FalconH1Model model = model(VOCAB);

    private FalconH1Model model(int vocab) {
        FalconH1Config config = HashSeededModel.config(vocab, 1024, 2048, LAYERS, 8, 2, 64, 24, 64, 1, 128, 128, false);
        return new FalconH1Model(config, HashSeededModel.parameters(config, cuda), cuda);
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
        for (int sequences : new int[] {1, 9, 32}) {
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
                    .isEqualTo(sequences == 1 || (sequences >= 9 && sequences <= 32));
        }
        assertThat(NativeDecode.flowTokens()).isEqualTo(DecodeOps.BRIEF);
    }

    /** From nothing on, about the edges of splits, and past what one kernel can have. */
    @ParameterizedTest
    @ValueSource(ints = {0, 120, 380, 890, 1015})
    void aSequenceAloneIsOneBesideAnother(int prompt) {
        DecodeState alone = model.newDecodeState(CAPACITY);
        DecodeState beside = model.newDecodeState(2, CAPACITY);
        int[] ids = HashSeededModel.tokens(prompt + 20, VOCAB);
        if (prompt > 0) {
            model.prefill(alone, Arrays.copyOf(ids, prompt));
            model.prefill(beside, 0, Arrays.copyOf(ids, prompt));
        }
        for (int i = prompt; i < ids.length; i++) {
            float[] inOne = model.decode(alone, ids[i]);
            model.decode(beside, ids[i], ids[i]);
            assertThat(inOne).as("behind token %d", i).isEqualTo(model.scores(beside, 0));
        }
    }

    /**
     * Tokens that one kernel chooses for itself are those that it is told, whatever is asked for at once. Of 17,000 scores a block
     * has five times 32, an odd number, the last time not all.
     */
    @ParameterizedTest
    @CsvSource({"96, 0", "96, 121", "17000, 5", "17000, 890"})
    void manyTokensAtOnceAreThoseOneByOne(int vocab, int prompt) {
        FalconH1Model model = vocab == VOCAB ? this.model : model(vocab);
        DecodeState together = model.newDecodeState(CAPACITY);
        DecodeState oneByOne = model.newDecodeState(2, CAPACITY);
        if (prompt > 0) {
            int[] ids = HashSeededModel.tokens(prompt, vocab);
            model.prefill(together, ids);
            model.prefill(oneByOne, 0, ids);
        }
        int last = 3;
        int expected = 3;
        for (int steps : new int[] {8, 1, 3, 8, 2, 8, 5, 1, 8}) {
            for (int[] next : model.decodeGreedily(together, steps, last)) {
                expected = model.decode(oneByOne, expected, 7)[0];
                assertThat(next).containsExactly(expected);
            }
            last = expected;
            assertThat(together.length()).isEqualTo(oneByOne.length());
            assertThat(model.scores(together, 0)).isEqualTo(model.scores(oneByOne, 0));
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
        for (int i = 0; i < 20; i++) { // beside the last of them, through a kernel for each part
            tokens[other] = ids[i];
            tokens = model.decode(among, tokens);
            assertThat(model.decode(alone, ids[i])).isEqualTo(model.scores(among, other));
        }
    }

    /**
     * Nine and more go through a kernel that has the layers: some from nothing on, some about the edges of splits, some at rest,
     * and past what that kernel can have. Fewer go through a kernel for each part.
     */
    @ParameterizedTest
    @CsvSource({"9, 0", "10, 120", "16, 370", "17, 880", "20, 5", "32, 250", "32, 900"})
    void manySequencesAreThoseOfFew(int count, int prompt) {
        int few = 4;
        int lengths = 130;
        DecodeState many = model.newDecodeState(count, CAPACITY);
        if (cuda.device().name().contains("H200")) {
            assertThat(model.stepsAtOnce(many)).isEqualTo(DecodeOps.MOST_STEPS);
        }
        DecodeState[] fewer = new DecodeState[(count + few - 1) / few];
        Arrays.setAll(fewer, part -> model.newDecodeState(few, CAPACITY));
        for (int place = 0; place < fewer.length * few; place++) {
            int[] ids = HashSeededModel.tokens(prompt + place * 41 % lengths, VOCAB);
            DecodeState part = fewer[place / few];
            if (place >= count || place % 7 == 3) {
                part.rest(place % few);
            } else if (ids.length > 0) {
                model.prefill(part, place % few, ids);
            }
            if (place < count && part.rests(place % few)) {
                many.rest(place);
            } else if (place < count && ids.length > 0) {
                model.prefill(many, place, ids);
            }
        }
        int[] next = HashSeededModel.tokens(fewer.length * few, VOCAB);
        for (int steps : new int[] {1, 8, 3, 8}) {
            int[][] together = model.decodeGreedily(many, steps, Arrays.copyOf(next, count));
            for (int part = 0; part < fewer.length; part++) {
                int first = part * few;
                int[][] expected =
                        model.decodeGreedily(fewer[part], steps, Arrays.copyOfRange(next, first, first + few));
                System.arraycopy(expected[steps - 1], 0, next, first, few);
                for (int place = first; place < Math.min(first + few, count); place++) {
                    for (int step = 0; step < steps; step++) {
                        assertThat(together[step][place])
                                .as("place %d", place)
                                .isEqualTo(expected[step][place - first]);
                    }
                    if (!many.rests(place)) {
                        assertThat(model.scores(many, place)).isEqualTo(model.scores(fewer[part], place - first));
                    }
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
