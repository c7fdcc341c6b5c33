package io.peregrine.trainer.experiments.coordinates;

import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.MuP;
import java.util.List;
import java.util.Locale;

/** How a model's multipliers follow its width. */
enum Parametrization {
    /** By the closed form of the released models. */
    MUP {
        @Override
        FalconH1Config.Multipliers multipliers(FalconH1Config config) {
            return MuP.of(config);
        }
    },
    /** Not at all: 1 everywhere, but for the embedding's, which no width changes under muP either. */
    STANDARD {
        @Override
        FalconH1Config.Multipliers multipliers(FalconH1Config config) {
            double embedding = MuP.of(config).embedding();
            return new FalconH1Config.Multipliers(embedding, 1, 1, 1, 1, 1, 1, 1, 1, List.of(1.0, 1.0, 1.0, 1.0, 1.0));
        }
    };

    abstract FalconH1Config.Multipliers multipliers(FalconH1Config config);

    /** The shape with these multipliers. */
    FalconH1Config of(FalconH1Config config) {
        return new FalconH1Config(
                config.vocabSize(),
                config.hiddenSize(),
                config.intermediateSize(),
                config.numHiddenLayers(),
                config.rmsNormEps(),
                config.mlpBias(),
                config.tieWordEmbeddings(),
                config.maxPositionEmbeddings(),
                config.padTokenId(),
                config.bosTokenId(),
                config.eosTokenIds(),
                config.order(),
                config.attention(),
                config.mamba(),
                multipliers(config),
                config.json());
    }

    /** As tables and files spell it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
