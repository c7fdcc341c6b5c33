package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.testing.TrainSettings;
import org.junit.jupiter.api.Test;

final class InitializationTest {
    private static Parameters initialized(long seed) {
        try (Ops ops = Backend.REFERENCE.open(DType.F64, 1)) {
            Parameters parameters = Parameters.zeros(FalconH1Config.read(TrainSettings.MODEL), ops);
            Initialization.initialize(parameters, SeedStream.of(seed));
            return parameters;
        }
    }

    private static double[] values(Parameters parameters, String name) {
        Parameter parameter = parameters.get(name);
        float[] floats = parameter.value().toFloats();
        double[] values = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    @Test
    void theSeedDecides() {
        String name = "model.layers.1.mamba.in_proj.weight";
        assertThat(values(initialized(1), name)).isEqualTo(values(initialized(1), name));
        assertThat(values(initialized(1), name)).isNotEqualTo(values(initialized(2), name));
        assertThat(values(initialized(1), name))
                .isNotEqualTo(values(initialized(1), "model.layers.0.mamba.in_proj.weight"));
    }

    @Test
    void matricesAreNormal() {
        double[] embedding = values(initialized(1), "model.embed_tokens.weight");
        double sum = 0;
        double squares = 0;
        for (double value : embedding) {
            sum += value;
            squares += value * value;
        }
        // 12,288 draws: four standard errors of mean and deviation.
        assertThat(sum / embedding.length).isCloseTo(0, within(4 * 0.02 / 110));
        assertThat(Math.sqrt(squares / embedding.length)).isCloseTo(0.02, within(4 * 0.02 / 157));
    }

    @Test
    void theMixerStartsAsMamba2Does() {
        Parameters parameters = initialized(3);
        for (int layer = 0; layer < 2; layer++) {
            String mamba = "model.layers." + layer + ".mamba.";
            for (double bias : values(parameters, mamba + "dt_bias")) {
                // softplus brings the step size back.
                assertThat(Math.log1p(Math.exp(bias))).isBetween(0.00099, 0.1001);
            }
            for (double aLog : values(parameters, mamba + "A_log")) {
                assertThat(Math.exp(aLog)).isBetween(1.0, 16.0);
            }
            assertThat(values(parameters, mamba + "D")).containsOnly(1);
            assertThat(values(parameters, mamba + "norm.weight")).containsOnly(1);
            for (double tap : values(parameters, mamba + "conv1d.weight")) {
                assertThat(tap).isBetween(-0.5, 0.5);
            }
        }
    }
}
