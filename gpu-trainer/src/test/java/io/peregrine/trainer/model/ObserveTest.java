package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Looking at a pass forward shows what it computes, whatever is kept of it for the way back. */
class ObserveTest {
    private static final int LENGTH = 19;
    private static final int VOCAB = 64;
    private static final TokenBatch BATCH = TokenBatch.ofWholeRows(1, LENGTH, HashSeededModel.tokens(LENGTH, VOCAB));

    private static Map<String, float[]> activations(FalconH1Model model) {
        Map<String, float[]> seen = new LinkedHashMap<>();
        model.observe(
                BATCH, (name, activation) -> seen.put(name, activation.get().toFloats()));
        return seen;
    }

    @ParameterizedTest
    @CsvSource({"NONE, SA_M", "SELECTIVE, SA_M", "BLOCK, SA_M", "NONE, SAM", "NONE, S_A_M"})
    void theResidualIsTheSumOfWhatIsShown(Recompute recompute, BlockOrder order) {
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 2)) {
            FalconH1Config config = HashSeededModel.ordered(HashSeededModel.config(true), order);
            FalconH1Model model = new FalconH1Model(
                    config, HashSeededModel.parameters(config, ops), ops, DocumentBoundaries.ALL, recompute);
            Map<String, float[]> seen = activations(model);
            assertThat(seen.keySet())
                    .containsExactly(
                            "embedding",
                            "layers.0.dt",
                            "layers.0.ssm",
                            "layers.0.attention",
                            "layers.0.mlp",
                            "layers.0.residual",
                            "layers.1.dt",
                            "layers.1.ssm",
                            "layers.1.attention",
                            "layers.1.mlp",
                            "layers.1.residual",
                            "logits");
            float[] before = seen.get("embedding");
            for (int layer = 0; layer < 2; layer++) {
                String prefix = "layers." + layer + ".";
                float[] after = seen.get(prefix + "residual");
                for (int i = 0; i < before.length; i++) {
                    double sum = (double) before[i]
                            + seen.get(prefix + "ssm")[i]
                            + seen.get(prefix + "attention")[i]
                            + seen.get(prefix + "mlp")[i];
                    assertThat((double) after[i]).isCloseTo(sum, within(1e-5));
                }
                before = after;
            }
            assertThat(seen.get("layers.0.dt")).hasSize(LENGTH * config.mamba().nHeads());
            assertThat(seen.get("logits")).isEqualTo(model.logits(BATCH).toFloats());
        }
    }

    /** It may be looked at between the way back and the optimizer's step. */
    @ParameterizedTest
    @EnumSource(Recompute.class)
    void lookingLeavesGradientsAsTheyAre(Recompute recompute) {
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 2)) {
            FalconH1Config config = HashSeededModel.config(false);
            FalconH1Model model = new FalconH1Model(
                    config, HashSeededModel.parameters(config, ops), ops, DocumentBoundaries.ALL, recompute);
            model.lossAndGradients(BATCH, 1);
            Map<String, float[]> gradients = new LinkedHashMap<>();
            for (Parameter parameter : model.parameters()) {
                gradients.put(parameter.name(), parameter.gradient().toFloats());
            }
            activations(model);
            for (Parameter parameter : model.parameters()) {
                assertThat(parameter.gradient().toFloats()).isEqualTo(gradients.get(parameter.name()));
            }
            model.parameters().zeroGradients();
            model.lossAndGradients(BATCH, 1);
            for (Parameter parameter : model.parameters()) {
                assertThat(parameter.gradient().toFloats()).isEqualTo(gradients.get(parameter.name()));
            }
        }
    }
}
