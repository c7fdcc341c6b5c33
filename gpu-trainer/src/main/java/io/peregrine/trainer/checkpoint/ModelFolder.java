package io.peregrine.trainer.checkpoint;

import io.peregrine.data.DataException;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A model as Hugging Face's loaders take it: a folder with {@value #CONFIG} and {@value #WEIGHTS}; read also where the weights
 * are in several files with an index.
 */
public final class ModelFolder {
    public static final String CONFIG = "config.json";
    public static final String WEIGHTS = "model.safetensors";

    private ModelFolder() {}

    /**
     * Loads a model to be asked: {@link Parameters#forInference}.
     *
     * @throws DataException if a file is missing or damaged, lacks a tensor, has one too many, or one of a wrong shape
     */
    public static FalconH1Model load(Path folder, Ops ops) {
        return load(folder, ops, Parameters::forInference);
    }

    /**
     * Loads a model whose parameters are looked at too: {@link Parameters#withoutGradients}.
     *
     * @throws DataException as {@link #load}
     */
    public static FalconH1Model loadExact(Path folder, Ops ops) {
        return load(folder, ops, Parameters::withoutGradients);
    }

    /**
     * Loads a model to be trained.
     *
     * @throws DataException as {@link #load}
     */
    public static FalconH1Model loadToTrain(Path folder, Ops ops) {
        return load(folder, ops, Parameters::zeros);
    }

    private static FalconH1Model load(Path folder, Ops ops, BiFunction<FalconH1Config, Ops, Parameters> zeros) {
        FalconH1Config config = FalconH1Config.read(folder.resolve(CONFIG));
        Parameters parameters = zeros.apply(config, ops);
        readWeights(folder, parameters);
        return new FalconH1Model(config, parameters, ops);
    }

    /**
     * The tokenizer beside a model; the caller closes it.
     *
     * @throws DataException if a file is missing or damaged, or the tokenizer has ids that the model has no row for
     */
    public static BpeTokenizer tokenizer(Path folder) {
        int rows = FalconH1Config.read(folder.resolve(CONFIG)).vocabSize();
        Path file = folder.resolve(TokenizerFiles.TOKENIZER_JSON);
        BpeTokenizer tokenizer = BpeTokenizer.load(file);
        if (tokenizer.vocabSize() > rows) {
            int ids = tokenizer.vocabSize();
            tokenizer.close();
            throw new DataException(
                    "%s: has %d ids, but vocab_size = %d in the %s beside it; put the tokenizer there that the model was trained with"
                            .formatted(file, ids, rows, CONFIG));
        }
        return tokenizer;
    }

    /**
     * Reads every parameter's value.
     *
     * @param folder whose weights are exactly these parameters
     * @throws DataException naming file, tensor and expected shape at the first difference
     */
    public static void readWeights(Path folder, Parameters parameters) {
        try (WeightFiles weights = WeightFiles.open(folder)) {
            for (String name : weights.names()) {
                if (!parameters.contains(name)) {
                    throw new DataException("%s: has a tensor %s that the model of this config.json has not"
                            .formatted(weights.source(), name));
                }
            }
            for (Parameter parameter : parameters) {
                if (!weights.names().contains(parameter.name())) {
                    throw new DataException("%s: has no tensor %s, expected with shape %s"
                            .formatted(weights.source(), parameter.name(), parameter.shape()));
                }
                weights.read(parameter.name(), parameter.value());
            }
        }
    }

    /** Writes {@value #CONFIG} and {@value #WEIGHTS} into a folder that is there, forced to disk. */
    public static void write(Path folder, FalconH1Model model) throws IOException {
        write(folder, model.config(), weights(model.parameters()));
    }

    /** As {@link #write(Path, FalconH1Model)}, with values that may be copies of a model's. */
    public static void write(Path folder, FalconH1Config config, Map<String, Tensor> weights) throws IOException {
        config.write(folder.resolve(CONFIG));
        writeWeights(folder.resolve(WEIGHTS), weights);
    }

    /** Every parameter's value by its name, in the model's order. */
    public static Map<String, Tensor> weights(Parameters parameters) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            tensors.put(parameter.name(), parameter.value());
        }
        return tensors;
    }

    /** Writes every parameter's value to a file. */
    public static void writeWeights(Path file, Parameters parameters) throws IOException {
        writeWeights(file, weights(parameters));
    }

    private static void writeWeights(Path file, Map<String, Tensor> weights) throws IOException {
        SafetensorsWriter.write(file, Map.of("format", "pt"), weights);
    }
}
