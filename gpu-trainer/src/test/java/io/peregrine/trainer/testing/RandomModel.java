package io.peregrine.trainer.testing;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.train.Initialization;
import java.nio.file.Path;

/** A small model that knows nothing, always the same, and a tokenizer: enough to generate with. */
public final class RandomModel implements AutoCloseable {
    private final BpeTokenizer tokenizer;
    private final Ops ops;
    private final FalconH1Model model;

    /**
     * @param folder for the tokenizer's files
     * @param ops closed with the model
     */
    public RandomModel(Path folder, Ops ops) {
        TestRun.writeTokenizer(folder);
        this.tokenizer = BpeTokenizer.load(folder.resolve(TokenizerFiles.TOKENIZER_JSON));
        this.ops = ops;
        this.model = of(ops);
    }

    /** The model alone. */
    public static FalconH1Model of(Ops ops) {
        FalconH1Config config = FalconH1Config.read(TrainSettings.MODEL);
        Parameters parameters = Parameters.zeros(config, ops);
        Initialization.initialize(parameters, SeedStream.of(3));
        return new FalconH1Model(config, parameters, ops);
    }

    public BpeTokenizer tokenizer() {
        return tokenizer;
    }

    public FalconH1Model model() {
        return model;
    }

    @Override
    public void close() {
        ops.close();
        tokenizer.close();
    }
}
