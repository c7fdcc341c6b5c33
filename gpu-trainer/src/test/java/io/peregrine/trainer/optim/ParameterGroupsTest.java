package io.peregrine.trainer.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParameterGroupsTest {
    @ParameterizedTest
    @CsvSource({
        "model.embed_tokens.weight, EMBEDDING",
        "lm_head.weight, LM_HEAD",
        "model.layers.11.self_attn.k_proj.weight, QKV",
        "model.layers.0.self_attn.o_proj.weight, ATTENTION_OUT",
        "model.layers.0.mamba.in_proj.weight, SSM_IN",
        "model.layers.0.mamba.out_proj.weight, SSM_OUT",
        "model.layers.0.mamba.norm.weight, SSM_NORM",
        "model.layers.0.mamba.conv1d.weight, CONV_WEIGHT",
        "model.layers.0.mamba.conv1d.bias, CONV_BIAS",
        "model.layers.0.mamba.dt_bias, DT_BIAS",
        "model.layers.0.mamba.A_log, A_LOG",
        "model.layers.0.mamba.D, D",
        "model.layers.0.feed_forward.up_proj.weight, MLP_UP",
        "model.layers.0.feed_forward.up_proj.bias, BIAS",
        "model.layers.0.input_layernorm.weight, INPUT_NORM",
        "model.layers.0.pre_ff_layernorm.weight, PRE_FF_NORM",
        "model.final_layernorm.weight, FINAL_NORM",
    })
    void knowsEachTensorByItsName(String name, ParameterKind kind) {
        assertThat(ParameterKind.of(name)).isEqualTo(kind);
    }

    @Test
    void anUnknownTensorIsAnError() {
        assertThatThrownBy(() -> ParameterKind.of("model.layers.0.mamba.E"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("tensor model.layers.0.mamba.E: not a parameter of a Falcon-H1 model");
    }

    @Test
    void plainGroupsDecayMatricesOnly() {
        for (ParameterKind kind : ParameterKind.values()) {
            assertThat(ParameterGroups.PLAIN.learningRateMultiple(kind)).isEqualTo(1.0);
            assertThat(ParameterGroups.PLAIN.weightDecayMultiple(kind)).isEqualTo(kind.isMatrix() ? 1.0 : 0.0);
        }
    }

    @Test
    void readsMultiplesByKey() {
        ParameterGroups groups = ParameterGroups.parse(Map.of("ssm-in", 0.5, "a-log", 2.0), Map.of("mlp-gate", 0.25));
        assertThat(groups.learningRateMultiple(ParameterKind.SSM_IN)).isEqualTo(0.5);
        assertThat(groups.learningRateMultiple(ParameterKind.A_LOG)).isEqualTo(2.0);
        assertThat(groups.weightDecayMultiple(ParameterKind.MLP_GATE)).isEqualTo(0.25);
        assertThat(groups.weightDecayMultiple(ParameterKind.MLP_UP)).isEqualTo(1.0);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> ParameterGroups.parse(Map.of("ssm", 1.0), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "learning-rate-multipliers.ssm = 1.0: no such kind of parameter; one of [a-log,");
        assertThatThrownBy(() -> ParameterGroups.parse(Map.of(), Map.of("input-norm", 1.0)))
                .hasMessage("weight-decay-multipliers.input-norm = 1.0: vectors are never decayed");
        assertThatThrownBy(() -> ParameterGroups.parse(Map.of("qkv", 0.0), Map.of()))
                .hasMessage("learning-rate-multipliers.qkv = 0.0: must be > 0");
    }
}
