package io.peregrine.trainer.experiments.coordinates;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.optim.ParameterKind;
import io.peregrine.trainer.tensor.Tensor;
import io.peregrine.trainer.train.Initialization;
import java.util.Arrays;
import java.util.Locale;

/** How a model's first values follow its width. The paper's own rule is not public; either is consistent with its multipliers. */
enum InitialValues {
    /**
     * One standard deviation for every width, as training begins. Products by these values fall as one over the root of the
     * width under muP, and are soon outgrown by what training adds.
     */
    CONSTANT {
        @Override
        void fill(Parameters parameters, SeedStream seed) {
            Initialization.initialize(parameters, seed);
        }
    },
    /** Matrices by the root of their input's width over that of the paper's base shape: products are as large at every width. */
    SCALED {
        @Override
        void fill(Parameters parameters, SeedStream seed) {
            Initialization.initialize(parameters, seed);
            for (Parameter parameter : parameters) {
                double base = baseInput(ParameterKind.of(parameter.name()));
                if (base > 0) {
                    scale(parameter.value(), Math.sqrt(parameter.value().columns() / base));
                }
            }
        }
    };

    private static final double BASE_HIDDEN = 1280;
    private static final double BASE_QUERIES = 768;
    private static final double BASE_SSM = 1024;
    private static final double BASE_FEED_FORWARD = 3840;

    /** Sets every parameter. */
    abstract void fill(Parameters parameters, SeedStream seed);

    /** As the command line spells it. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static InitialValues named(String name) {
        return Arrays.stream(values())
                .filter(value -> value.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("--init", name, "must be scaled or constant"));
    }

    /** Width of a matrix's input in the shape that {@link io.peregrine.trainer.model.MuP} has as its base; 0 for all others. */
    private static double baseInput(ParameterKind kind) {
        return switch (kind) {
            case QKV, SSM_IN, MLP_GATE, MLP_UP, LM_HEAD -> BASE_HIDDEN;
            case ATTENTION_OUT -> BASE_QUERIES;
            case SSM_OUT -> BASE_SSM;
            case MLP_DOWN -> BASE_FEED_FORWARD;
            default -> 0;
        };
    }

    private static void scale(Tensor value, double factor) {
        float[] row = new float[value.columns()];
        for (int i = 0; i < value.rows(); i++) {
            value.read(i, 0, row, 0, row.length);
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) (factor * row[j]);
            }
            value.write(i, 0, row, 0, row.length);
        }
    }
}
