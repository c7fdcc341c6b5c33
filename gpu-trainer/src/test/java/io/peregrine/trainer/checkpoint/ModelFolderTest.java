package io.peregrine.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.testing.RandomModel;
import io.peregrine.trainer.testing.TestRun;
import io.peregrine.trainer.testing.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    @TempDir
    private Path folder;

    @Test
    void aModelToBeReadAndOneToBeTrainedAreTheSame() throws IOException {
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 1)) {
            FalconH1Model written = RandomModel.of(ops);
            ModelFolder.write(folder, written);
            TokenBatch batch = TokenBatch.ofWholeRows(1, 5, new int[] {3, 1, 4, 1, 5});
            FalconH1Model read = ModelFolder.load(folder, ops);
            FalconH1Model trained = ModelFolder.loadToTrain(folder, ops);
            assertThat(read.loss(batch)).isEqualTo(written.loss(batch)).isEqualTo(trained.lossAndGradients(batch, 1));
            assertThatThrownBy(() -> read.lossAndGradients(batch, 1)).hasMessageContaining("has no gradient");
        }
    }

    @Test
    void aTokenizerWithMoreIdsThanTheModelIsRefused() throws IOException {
        TestRun.writeTokenizer(folder);
        FalconH1Config config = FalconH1Config.read(TrainSettings.MODEL);
        config.write(folder.resolve(ModelFolder.CONFIG));
        int ids;
        try (BpeTokenizer tokenizer = ModelFolder.tokenizer(folder)) {
            ids = tokenizer.vocabSize();
        }
        assertThat(ids).isLessThanOrEqualTo(config.vocabSize());
        Files.writeString(
                folder.resolve(ModelFolder.CONFIG),
                config.json().replaceFirst("\"vocab_size\": *\\d+", "\"vocab_size\": " + (ids - 1)));
        assertThatThrownBy(() -> ModelFolder.tokenizer(folder))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "%s: has %d ids, but vocab_size = %d in the config.json beside it; put the tokenizer there that"
                                + " the model was trained with",
                        folder.resolve("tokenizer.json"), ids, ids - 1);
    }
}
