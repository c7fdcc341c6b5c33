package io.peregrine.trainer.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.generate.Generator.Result;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.testing.TestRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code generate} and {@code serve} do, on a device. */
@Tag("gpu")
class CudaGenerationTest {
    private static final int CAPACITY = 300;
    private static final List<String> PROMPTS = List.of("ab", "cab be", "x", "the quick brown fox", "ba ba ba");

    @TempDir
    static Path folder;

    /**
     * A text alone goes through many steps at once in one kernel; whoever wants scores, and a few texts side by side, do not. Of
     * those the last one that still goes on does.
     */
    @Test
    void aTextIsTheSameAloneWithItsScoresAndBesideOthers() {
        TestRun.writeTokenizer(folder);
        try (BpeTokenizer tokenizer = BpeTokenizer.load(folder.resolve(TokenizerFiles.TOKENIZER_JSON));
                CudaOps ops = new CudaOps(new CudaDevice(0), DType.BF16)) {
            int vocab = (tokenizer.vocabSize() + 7) / 8 * 8;
            FalconH1Config config = HashSeededModel.config(vocab, 1024, 2048, 3, 8, 2, 64, 24, 64, 1, 128, 128, false);
            FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
            if (ops.device().name().contains("H200")) {
                assertThat(model.stepsAtOnce(model.newDecodeState(1, CAPACITY))).isEqualTo(8);
                assertThat(model.stepsAtOnce(model.newDecodeState(3, CAPACITY))).isEqualTo(8);
            }
            Generator generator = new Generator(model, tokenizer);
            List<Result> beside = generator.generateAll(PROMPTS, 200, Sampling.GREEDY, SeedStream.of(0), 3);
            for (int i = 0; i < PROMPTS.size(); i++) {
                StringBuilder told = new StringBuilder();
                Result alone = generator.generate(PROMPTS.get(i), 200, Sampling.GREEDY, SeedStream.of(0), told::append);
                assertThat(alone.text()).isEqualTo(told.toString()).isNotEmpty();
                assertThat(beside.get(i)).isEqualTo(alone);
                assertThat(withScores(model, tokenizer, PROMPTS.get(i))).isEqualTo(alone.text());
            }
        }
    }

    private static String withScores(FalconH1Model model, BpeTokenizer tokenizer, String prompt) {
        GenerationLoop loop = new GenerationLoop(model, tokenizer, 1, CAPACITY);
        List<Integer> ids = Arrays.stream(tokenizer.encode(prompt)).boxed().toList();
        GenerationRequest request =
                new GenerationRequest(ids, 200, Sampling.GREEDY, SeedStream.of(0), List.of(), OptionalInt.of(2));
        Told told = new Told();
        loop.begin(request, told);
        while (loop.running() > 0) {
            loop.step();
        }
        assertThat(told.tokens)
                .allSatisfy(token -> assertThat(token.likeliest().get(0).id()).isEqualTo(token.id()));
        return told.text.toString();
    }
}
