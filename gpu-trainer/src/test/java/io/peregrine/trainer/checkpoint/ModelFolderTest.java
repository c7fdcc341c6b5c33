package io.peregrine.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.DataException;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;
import io.peregrine.trainer.testing.RandomModel;
import io.peregrine.trainer.testing.TestRun;
import io.peregrine.trainer.testing.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

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

    /** The folder's only file cut into two, with the index that Hugging Face's tools write. */
    private void shard() throws IOException {
        Path whole = folder.resolve(ModelFolder.WEIGHTS);
        Map<String, Tensor> even = new LinkedHashMap<>();
        Map<String, Tensor> odd = new LinkedHashMap<>();
        try (SafetensorsReader reader = SafetensorsReader.open(whole)) {
            for (String name : reader.names()) {
                (even.size() <= odd.size() ? even : odd).put(name, reader.read(name, DType.F32));
            }
        }
        SafetensorsWriter.write(folder.resolve(FIRST), Map.of(), even);
        SafetensorsWriter.write(folder.resolve(SECOND), Map.of(), odd);
        Map<String, String> map = new LinkedHashMap<>();
        even.keySet().forEach(name -> map.put(name, FIRST));
        odd.keySet().forEach(name -> map.put(name, SECOND));
        writeIndex(map);
        Files.delete(whole);
    }

    private void writeIndex(Map<String, String> map) throws IOException {
        Files.writeString(
                folder.resolve(WeightFiles.INDEX),
                new ObjectMapper().writeValueAsString(Map.of("metadata", Map.of("total_size", 1), "weight_map", map)));
    }

    private Map<String, String> index() throws IOException {
        return new ObjectMapper()
                .convertValue(
                        new ObjectMapper()
                                .readTree(folder.resolve(WeightFiles.INDEX).toFile())
                                .get("weight_map"),
                        new TypeReference<LinkedHashMap<String, String>>() {});
    }

    @Test
    void weightsInSeveralFilesAreTheSame() throws IOException {
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 1)) {
            FalconH1Model written = RandomModel.of(ops);
            ModelFolder.write(folder, written);
            shard();
            TokenBatch batch = TokenBatch.ofWholeRows(1, 5, new int[] {3, 1, 4, 1, 5});
            assertThat(ModelFolder.load(folder, ops).loss(batch)).isEqualTo(written.loss(batch));
        }
    }

    @Test
    void anIndexThatSaysWhatIsNotSoIsRefused() throws IOException {
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 1)) {
            ModelFolder.write(folder, RandomModel.of(ops));
            shard();
            Map<String, String> right = index();
            String name = right.keySet().iterator().next();
            for (String elsewhere : List.of("../other.safetensors", "/etc/passwd", "", "a/b.safetensors")) {
                Map<String, String> wrong = new LinkedHashMap<>(right);
                wrong.put(name, elsewhere);
                writeIndex(wrong);
                refused(
                        ops,
                        "weight_map.%s = \"%s\": must name a .safetensors file beside it".formatted(name, elsewhere));
            }
            Map<String, String> wrong = new LinkedHashMap<>(right);
            wrong.put(name, right.get(name).equals(FIRST) ? SECOND : FIRST);
            writeIndex(wrong);
            refused(ops, "has no tensor " + name);
            wrong.remove(name);
            writeIndex(wrong);
            refused(ops, "has a tensor %s, which the %s beside it does not say".formatted(name, WeightFiles.INDEX));
            wrong.put(name, "gone.safetensors");
            writeIndex(wrong);
            refused(ops, "gone.safetensors: cannot be opened");
            Files.writeString(folder.resolve(WeightFiles.INDEX), "{\"weight_map\": []}");
            refused(ops, "must have an object weight_map");
            Files.writeString(folder.resolve(WeightFiles.INDEX), "{");
            refused(ops, "is not JSON");
        }
    }

    private void refused(Ops ops, String why) {
        assertThatThrownBy(() -> ModelFolder.load(folder, ops))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(why);
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
