package io.peregrine.trainer.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;
import io.peregrine.trainer.testing.TrainSettings;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AdamWTest {
    private static final String MATRIX = "model.layers.0.self_attn.o_proj.weight";
    private static final String VECTOR = "model.layers.0.mamba.D";

    private Ops ops;
    private Parameters parameters;

    @BeforeEach
    void open() {
        ops = Backend.REFERENCE.open(DType.F64, 1);
        parameters = Parameters.zeros(FalconH1Config.read(TrainSettings.MODEL), ops);
    }

    @AfterEach
    void close() {
        ops.close();
    }

    private AdamW adamW(ParameterGroups groups) {
        return new AdamW(parameters, groups, AdamConfig.DEFAULTS, ops);
    }

    private Tensor value(String name) {
        return parameters.get(name).value();
    }

    @Test
    void theFirstStepIsTheLearningRateAgainstTheSignOfTheGradient() {
        for (Parameter parameter : parameters) {
            parameter.gradient().fill(-3);
        }
        AdamW optimizer = adamW(ParameterGroups.parse(Map.of("attention-out", 0.5), Map.of()));
        optimizer.step(0.01, 0, 1);
        assertThat(optimizer.step()).isEqualTo(1);
        assertThat(value(VECTOR).get(0, 0)).isCloseTo(0.01, within(1e-9));
        assertThat(value(MATRIX).get(1, 2)).isCloseTo(0.005, within(1e-9));
    }

    @Test
    void aMeasuredStepIsTheSameStepAndSaysHowFarItWent() {
        SeedStream draws = SeedStream.of(4);
        for (Parameter parameter : parameters) {
            for (int row = 0; row < parameter.value().rows(); row++) {
                for (int column = 0; column < parameter.value().columns(); column++) {
                    parameter.value().set(row, column, draws.nextGaussian());
                    parameter.gradient().set(row, column, draws.nextGaussian());
                }
            }
        }
        Parameters others = Parameters.zeros(FalconH1Config.read(TrainSettings.MODEL), ops);
        for (Parameter other : others) {
            other.value().copyFrom(value(other.name()));
            other.gradient().copyFrom(parameters.get(other.name()).gradient());
        }
        KindNorms before = KindNorms.ofValues(parameters, ops.optim());
        adamW(ParameterGroups.PLAIN).step(0.01, 0.5, 0.7);
        KindNorms updates =
                new AdamW(others, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops).measuredStep(0.01, 0.5, 0.7);
        for (Parameter other : others) {
            assertThat(other.value().toFloats()).isEqualTo(value(other.name()).toFloats());
        }
        // The first step moves every number by the rate, and matrices besides by their decay.
        int heads = others.get(VECTOR).value().columns();
        assertThat(updates.byKind().get(ParameterKind.D)).isCloseTo(0.01 * Math.sqrt(2.0 * heads), within(1e-6));
        assertThat(updates.byKind().get(ParameterKind.SSM_OUT))
                .isGreaterThan(0.01 * Math.sqrt(2.0 * 32 * 32))
                .isLessThan(0.012 * Math.sqrt(2.0 * 32 * 32));
        assertThat(updates.byKind().keySet())
                .isEqualTo(before.byKind().keySet())
                .doesNotContain(ParameterKind.BIAS)
                .contains(ParameterKind.EMBEDDING, ParameterKind.A_LOG);
        assertThat(KindNorms.ofGradients(parameters, ops.optim()).byKind().values().stream()
                        .mapToDouble(norm -> norm * norm)
                        .sum())
                .isCloseTo(Math.pow(GradientClip.globalNorm(parameters, ops.optim()), 2), within(1e-6));
    }

    @Test
    void onlyMatricesDecayEachByItsMultiple() {
        for (Parameter parameter : parameters) {
            parameter.value().fill(1);
        }
        adamW(ParameterGroups.parse(Map.of(), Map.of("lm-head", 0.25))).step(0.1, 0.5, 1);
        for (Parameter parameter : parameters) {
            ParameterKind kind = ParameterKind.of(parameter.name());
            double expected = kind == ParameterKind.LM_HEAD ? 1 - 0.1 * 0.125 : kind.isMatrix() ? 0.95 : 1;
            assertThat(parameter.value().get(0, 0)).as(parameter.name()).isCloseTo(expected, within(1e-12));
        }
    }

    /**
     * On pure noise AdamW settles where it adds as much as it decays: near an RMS of sqrt(rate / 2 decay) when both are
     * small, and exactly where a first-order process driven by the first moment does, which remembers beta1 of itself.
     */
    @Test
    void noiseAndDecayComeToTheirEquilibrium() {
        double learningRate = 0.04;
        double weightDecay = 1;
        AdamW optimizer = adamW(ParameterGroups.PLAIN);
        SeedStream noise = SeedStream.of(8);
        Tensor gradient = parameters.get(MATRIX).gradient();
        for (int step = 0; step < 150; step++) {
            for (int row = 0; row < gradient.rows(); row++) {
                for (int column = 0; column < gradient.columns(); column++) {
                    gradient.set(row, column, noise.nextGaussian());
                }
            }
            optimizer.step(learningRate, weightDecay, 1);
        }
        double rms = Math.sqrt(ops.optim().sumOfSquares(value(MATRIX)) / (32 * 32));
        double kept = 1 - learningRate * weightDecay;
        double memory = AdamConfig.DEFAULTS.beta1();
        double expected = learningRate
                * Math.sqrt(
                        (1 - memory) / (1 + memory) * (1 + kept * memory) / (1 - kept * memory) / (1 - kept * kept));
        // 1,024 numbers give the RMS to 2 percent.
        assertThat(rms).isCloseTo(expected, within(0.06 * expected));
    }

    @Test
    void momentsHaveTheNamesOfTheirParametersAndGoOn() {
        AdamW optimizer = adamW(ParameterGroups.PLAIN);
        assertThat(optimizer.moments())
                .hasSize(2 * parameters.all().size())
                .containsKeys("exp_avg." + VECTOR, "exp_avg_sq." + VECTOR);
        parameters.get(VECTOR).gradient().fill(2);
        optimizer.step(0.1, 0, 1);
        assertThat(optimizer.moments().get("exp_avg." + VECTOR).get(0, 0)).isCloseTo(0.2, within(1e-12));
        assertThat(optimizer.moments().get("exp_avg_sq." + VECTOR).get(0, 0)).isCloseTo(0.2, within(1e-12));

        AdamW continued = adamW(ParameterGroups.PLAIN);
        optimizer
                .moments()
                .forEach((name, moment) -> continued.moments().get(name).copyFrom(moment));
        continued.continueAfter(1);
        double before = value(VECTOR).get(0, 0);
        continued.step(0.1, 0, 1);
        double moved = value(VECTOR).get(0, 0);
        value(VECTOR).fill(before);
        optimizer.step(0.1, 0, 1);
        assertThat(value(VECTOR).get(0, 0)).isEqualTo(moved);
    }

    @Test
    void theNormIsOverAllGradientsAndClippingBringsItDown() {
        parameters.get(VECTOR).gradient().fill(3);
        parameters.get(MATRIX).gradient().set(0, 0, 4);
        parameters.get(MATRIX).gradient().set(5, 1, -Math.sqrt(2));
        double norm = GradientClip.globalNorm(parameters, ops.optim());
        // Two heads of 3, a 4 and a root of 2.
        assertThat(norm).isCloseTo(6, within(1e-12));
        assertThat(GradientClip.coefficient(norm, 1.5)).isCloseTo(0.25, within(1e-12));
        assertThat(GradientClip.coefficient(norm, 6.1)).isEqualTo(1);
        assertThat(GradientClip.coefficient(0, 1)).isEqualTo(1);
    }
}
