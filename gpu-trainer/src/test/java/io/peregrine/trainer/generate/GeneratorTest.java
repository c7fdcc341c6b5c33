package io.peregrine.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;
import io.peregrine.trainer.testing.RandomModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeneratorTest {
    private static final String PROMPT = "ab na\u00efve";

    @TempDir
    static Path folder;

    private static RandomModel random;
    private static BpeTokenizer tokenizer;
    private static FalconH1Model model;

    @BeforeAll
    static void open() {
        random = new RandomModel(folder, Backend.REFERENCE.open(DType.F64, 1));
        tokenizer = random.tokenizer();
        model = random.model();
    }

    @AfterAll
    static void close() {
        random.close();
    }

    private static String generate(Sampling sampling, long seed, int maxTokens) {
        StringBuilder text = new StringBuilder();
        new Generator(model, tokenizer).generate(PROMPT, maxTokens, sampling, SeedStream.of(seed), text::append);
        return text.toString();
    }

    @Test
    void greedyIsTheArgmaxOfAFullForwardPassEachTime() {
        int maxTokens = 12;
        List<Integer> ids = new ArrayList<>();
        for (int id : tokenizer.encode(PROMPT)) {
            ids.add(id);
        }
        int prompt = ids.size();
        while (ids.size() < prompt + maxTokens) {
            int[] all = ids.stream().mapToInt(Integer::intValue).toArray();
            Tensor logits = model.logits(TokenBatch.ofWholeRows(1, all.length, all));
            float[] last = new float[model.config().vocabSize()];
            logits.read(all.length - 1, 0, last, 0, last.length);
            ids.add(Sampling.GREEDY.choose(last, 0));
        }
        int[] continuation =
                ids.stream().skip(prompt).mapToInt(Integer::intValue).toArray();
        assertThat(continuation).doesNotContain(11);
        assertThat(generate(Sampling.GREEDY, 0, maxTokens)).isEqualTo(tokenizer.decode(continuation));
    }

    @Test
    void theSameSeedGivesTheSameText() {
        Sampling sampling = new Sampling(1, 50, 0.95);
        assertThat(generate(sampling, 4, 20)).isEqualTo(generate(sampling, 4, 20));
        assertThat(generate(sampling, 4, 20)).isNotEqualTo(generate(sampling, 5, 20));
    }

    @Test
    void anEmptyPromptAndTooManyTokensAreRefused() {
        Generator generator = new Generator(model, tokenizer);
        assertThatThrownBy(() -> generator.generate("", 5, Sampling.GREEDY, SeedStream.of(0), text -> {}))
                .isInstanceOf(ConfigException.class)
                .hasMessage("prompt = \"\": must have at least one character");
        assertThatThrownBy(() -> generator.generate("ab", 64, Sampling.GREEDY, SeedStream.of(0), text -> {}))
                .hasMessage("max-tokens = 64: must be at least 1, and at most 63 with a prompt of 1 tokens:"
                        + " max_position_embeddings is 64");
    }

    @Test
    void aPromptThatLeavesNoRoomIsNamed() {
        Generator generator = new Generator(model, tokenizer);
        List<String> prompts = List.of(PROMPT, "q".repeat(64));
        assertThatThrownBy(() -> generator.generateAll(prompts, 5, Sampling.GREEDY, SeedStream.of(0), 2))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "prompt 2 = 64 tokens: must have fewer than 64, the model's max_position_embeddings, to leave"
                                + " room for a continuation");
    }

    @Test
    void charactersComeOutWhole() {
        Utf8Stream stream = new Utf8Stream();
        List<String> pieces = new ArrayList<>();
        for (byte b : "a\u00e9\u20ac\ud83d\ude00z".getBytes(StandardCharsets.UTF_8)) {
            pieces.add(stream.add(new byte[] {b}));
        }
        assertThat(pieces).containsExactly("a", "", "\u00e9", "", "", "\u20ac", "", "", "", "\ud83d\ude00", "z");
        assertThat(stream.end()).isEmpty();
        assertThat(stream.add(new byte[] {(byte) 0xE2, (byte) 0x82})).isEmpty();
        assertThat(stream.end()).isEqualTo("\ufffd");
        assertThat(stream.add(new byte[] {(byte) 0xFF, 'b'})).isEqualTo("\ufffdb");
    }
}
