package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every parameter's gradient against central differences in double, on packed documents. */
class GradientCheckTest {
    private static final int VOCAB = 16;
    private static final double STEP = 1e-5;
    /** Entries checked per tensor: first, last, and some between. */
    private static final int ENTRIES = 5;

    @ParameterizedTest
    @CsvSource({"SA_M, false", "SA_M, true", "SAM, false", "S_A_M, false"})
    void againstCentralDifferences(BlockOrder order, boolean rmsNorm) {
        check(HashSeededModel.ordered(HashSeededModel.config(VOCAB, 8, 12, 2, 2, 1, 4, 4, 4, 2, 4, 4, rmsNorm), order));
    }

    /** Where a step size is at its limit, nothing moves it: no gradient passes. */
    @Test
    void againstCentralDifferencesWithLimitedStepSizes() {
        FalconH1Config config =
                HashSeededModel.limited(HashSeededModel.config(VOCAB, 8, 12, 1, 2, 1, 4, 4, 4, 2, 4, 4, false));
        List<Float> stepSizes = check(config);
        assertThat(stepSizes)
                .contains(0.2f, 0.4f)
                .anySatisfy(dt -> assertThat(dt).isGreaterThan(0.2f).isLessThan(0.4f));
    }

    /** Returns the step sizes that were taken. */
    private static List<Float> check(FalconH1Config config) {
        Ops ops = new ReferenceOps(DType.F64);
        FalconH1Model model = new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops);
        int[] segments = {0, 0, 0, 1, 1, 2, 2, 2, 2, TokenBatch.PADDING, TokenBatch.PADDING};
        TokenBatch batch = new TokenBatch(1, segments.length, HashSeededModel.tokens(segments.length, VOCAB), segments);
        model.lossAndGradients(batch, 1);
        for (Parameter parameter : model.parameters()) {
            Tensor value = parameter.value();
            int size = value.rows() * value.columns();
            for (int entry = 0; entry < ENTRIES; entry++) {
                int at = (int) ((long) entry * (size - 1) / (ENTRIES - 1));
                int row = at / value.columns();
                int column = at % value.columns();
                double before = value.get(row, column);
                value.set(row, column, before + STEP);
                double above = model.loss(batch).nats();
                value.set(row, column, before - STEP);
                double below = model.loss(batch).nats();
                value.set(row, column, before);
                double difference = (above - below) / (2 * STEP);
                assertThat(parameter.gradient().get(row, column))
                        .as("%s[%d][%d]", parameter.name(), row, column)
                        .isCloseTo(difference, within(1e-7 * Math.max(1, Math.abs(difference))));
            }
        }
        List<Float> stepSizes = new ArrayList<>();
        model.observe(batch, (name, activation) -> {
            if (name.endsWith("." + LayerObserver.STEP_SIZES)) {
                for (float dt : activation.get().toFloats()) {
                    stepSizes.add(dt);
                }
            }
        });
        return stepSizes;
    }
}
