package io.peregrine.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.DecodeOpsWith;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.testing.RandomModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GenerationLoopTest {
    private static final Sampling SAMPLED = new Sampling(1, 40, 0.95);
    private static final List<String> PROMPTS =
            List.of("ab", "na\u00efve cab", "x", "the quick brown fox", "\u20ac\u20ac", "ba ba ba", "q");

    @TempDir
    static Path folder;

    private static RandomModel random;
    private static BpeTokenizer tokenizer;
    private static FalconH1Model model;

    @BeforeAll
    static void open() {
        random = new RandomModel(folder, Backend.CPU.open(Backend.CPU.defaultDType(), 2));
        tokenizer = random.tokenizer();
        model = random.model();
    }

    @AfterAll
    static void close() {
        random.close();
    }

    private static GenerationRequest request(String prompt, int maxTokens, Sampling sampling, String... stops) {
        return request(prompt, maxTokens, sampling, OptionalInt.of(2), stops);
    }

    private static GenerationRequest request(
            String prompt, int maxTokens, Sampling sampling, OptionalInt alternatives, String... stops) {
        List<Integer> ids = Arrays.stream(tokenizer.encode(prompt)).boxed().toList();
        return new GenerationRequest(ids, maxTokens, sampling, SeedStream.of(9), List.of(stops), alternatives);
    }

    private static Told alone(GenerationRequest request) {
        return alone(model, request);
    }

    private static Told alone(FalconH1Model model, GenerationRequest request) {
        GenerationLoop loop = new GenerationLoop(model, tokenizer, 1, 60);
        Told told = new Told();
        loop.begin(request, told);
        while (loop.running() > 0) {
            loop.step();
        }
        return told;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16})
    void manyTextsAreWhatEachIsAlone(int sequences) {
        Generator generator = new Generator(model, tokenizer);
        List<Generator.Result> together = generator.generateAll(PROMPTS, 15, SAMPLED, SeedStream.of(4), sequences);
        for (int i = 0; i < PROMPTS.size(); i++) {
            StringBuilder text = new StringBuilder();
            Generator.Result alone = generator.generate(
                    PROMPTS.get(i), 15, SAMPLED, SeedStream.of(4).child(Integer.toString(i)), text::append);
            assertThat(together.get(i)).isEqualTo(alone);
            assertThat(alone.text()).isEqualTo(text.toString());
        }
        assertThat(generator.generateAll(List.of(), 5, SAMPLED, SeedStream.of(4), 3))
                .isEmpty();
    }

    @Test
    void aTextThatEndsLeavesItsPlaceToAnother() {
        GenerationLoop loop = new GenerationLoop(model, tokenizer, 2, 60);
        Told brief = new Told();
        Told lasting = new Told();
        Told later = new Told();
        loop.begin(request("ab", 2, SAMPLED), brief);
        loop.begin(request("cab", 12, SAMPLED), lasting);
        assertThat(loop.hasRoom()).isFalse();
        assertThatThrownBy(() -> loop.begin(request("x", 2, SAMPLED), later)).hasMessageContaining("no room");
        loop.step();
        assertThat(brief.finish).isEqualTo(GenerationListener.Finish.LENGTH);
        loop.begin(request("be", 5, SAMPLED), later);
        while (loop.running() > 0) {
            loop.step();
        }
        assertThat(later.text.toString())
                .isEqualTo(alone(request("be", 5, SAMPLED)).text.toString());
        assertThat(lasting.tokens).isEqualTo(alone(request("cab", 12, SAMPLED)).tokens);
    }

    @Test
    void aTextThatNobodyWantsIsGivenUp() {
        GenerationLoop loop = new GenerationLoop(model, tokenizer, 2, 60);
        Told unwanted = new Told();
        loop.begin(request("ab", 40, SAMPLED), unwanted);
        unwanted.wanted = false;
        loop.step();
        assertThat(loop.running()).isZero();
        assertThat(unwanted.finish).isNull();
    }

    @Test
    void aStopEndsATextBeforeIt() {
        String whole = alone(request("ab", 30, Sampling.GREEDY)).text.toString();
        String stop = whole.substring(5, 8);
        Told told = alone(request("ab", 30, Sampling.GREEDY, stop, "never this"));
        assertThat(told.text.toString()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(told.finish).isEqualTo(GenerationListener.Finish.STOP);
        assertThat(told.tokens.size()).isLessThan(30);
    }

    /** Texts that end among the steps that were asked for at once, of several lengths; and one that wants scores. */
    @Test
    void textsOfWhichSomeStepsAreAskedForAtOnceAreThoseStepByStep() {
        FalconH1Config config =
                HashSeededModel.config(tokenizer.vocabSize(), 24, 40, 2, 4, 2, 8, 6, 8, 2, 16, 8, false);
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 2)) {
            Parameters parameters = HashSeededModel.parameters(config, ops);
            FalconH1Model stepByStep = new FalconH1Model(config, parameters, ops);
            FalconH1Model ahead = new FalconH1Model(config, parameters, DecodeOpsWith.stepsAtOnce(ops));
            String whole = alone(stepByStep, withoutScores("ab", 40)).text.toString();
            for (int maxTokens : new int[] {1, 8, 9, 10, 17, 40}) {
                Told expected = alone(stepByStep, withoutScores("ab", maxTokens));
                GenerationLoop loop = new GenerationLoop(ahead, tokenizer, 1, 60);
                Told told = new Told();
                loop.begin(withoutScores("ab", maxTokens), told);
                int steps = 0;
                for (; loop.running() > 0; steps++) {
                    loop.step();
                }
                assertThat(told.text.toString()).isEqualTo(expected.text.toString());
                assertThat(told.finish).isEqualTo(expected.finish);
                assertThat(told.tokens).isEqualTo(expected.tokens).hasSize(maxTokens);
                int behindThePrompt = maxTokens - 1;
                assertThat(steps).isEqualTo(behindThePrompt / 8 + behindThePrompt % 8);
            }
            GenerationLoop loop = new GenerationLoop(ahead, tokenizer, 3, 60);
            String stop = whole.substring(5, 8);
            Told stopped = new Told();
            Told beside = new Told();
            Told later = new Told();
            loop.begin(withoutScores("ab", 40, stop), stopped);
            loop.begin(withoutScores("cab", 33), beside);
            while (loop.running() == 2) {
                loop.step();
            }
            loop.begin(request("be", 20, SAMPLED), later);
            while (loop.running() > 0) {
                loop.step();
            }
            assertThat(stopped.text.toString()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
            assertThat(beside.tokens).isEqualTo(alone(stepByStep, withoutScores("cab", 33)).tokens);
            assertThat(later.tokens).isEqualTo(alone(stepByStep, request("be", 20, SAMPLED)).tokens);
        }
    }

    private static GenerationRequest withoutScores(String prompt, int maxTokens, String... stops) {
        return request(prompt, maxTokens, Sampling.GREEDY, OptionalInt.empty(), stops);
    }

    @Test
    void theGreedyTokenIsTheLikeliest() {
        for (TokenChoice token : alone(request("ab", 10, Sampling.GREEDY)).tokens) {
            assertThat(token.likeliest()).hasSize(2);
            assertThat(token.likeliest().get(0).id()).isEqualTo(token.id());
            assertThat(token.logProbability().orElseThrow())
                    .isEqualTo(token.likeliest().get(0).logProbability());
        }
    }

    @Test
    void whatDoesNotFitIsRefusedAndThePlaceIsFree() {
        GenerationLoop loop = new GenerationLoop(model, tokenizer, 1, 20);
        assertThatThrownBy(() -> loop.begin(request("ab", 20, SAMPLED), new Told()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("max-tokens = 20: must be at most 19 with a prompt of 1 tokens: there is room for 20");
        assertThat(loop.hasRoom()).isTrue();
    }
}
