package io.peregrine.trainer.experiments.rates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import org.junit.jupiter.api.Test;

/** AdamW on noise settles where theory says, and as fast; a decay that is not decoupled would not. */
class NoiseModelTest {
    @Test
    void noiseAndDecayBalance() {
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 1)) {
            NoiseModel.Settled base = NoiseModel.run(0.02, 0.1, ops, SeedStream.of(3));
            assertThat(base.predicted()).isCloseTo(0.31623, within(1e-5));
            assertThat(base.rms() / base.predicted()).isCloseTo(1, within(0.03));
            assertThat(base.relaxationSteps() / base.predictedSteps()).isCloseTo(1, within(0.08));

            NoiseModel.Settled sameProduct = NoiseModel.run(0.04, 0.05, ops, SeedStream.of(3));
            assertThat(sameProduct.rms() / base.rms()).isCloseTo(2, within(0.06));
            assertThat(sameProduct.relaxationSteps() / base.relaxationSteps()).isCloseTo(1, within(0.08));

            NoiseModel.Settled sameRatio = NoiseModel.run(0.01, 0.05, ops, SeedStream.of(3));
            assertThat(sameRatio.rms() / base.rms()).isCloseTo(1, within(0.03));
            assertThat(sameRatio.relaxationSteps() / base.relaxationSteps()).isCloseTo(4, within(0.35));
        }
    }
}
