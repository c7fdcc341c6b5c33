package io.peregrine.trainer.experiments.arms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.config.YamlConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExperimentConfigTest {
    private static ExperimentConfig parse(String yaml) {
        return YamlConfig.parse(Path.of("e.yaml"), yaml, ExperimentConfig.class);
    }

    @Test
    void armsAreOneChoiceOnEachAxis() {
        ExperimentConfig config = parse("""
                name: two
                axes:
                  - name: width
                    choices: [{name: w1, value: 1}, {name: w2, value: 2}]
                  - name: rate
                    choices: [{name: low}, {name: high, set: {train.learning-rate: 0.1}}]
                """);
        List<ArmSpec> arms = ArmSpec.product(config.axes());
        assertThat(arms).extracting(ArmSpec::name).containsExactly("w1--low", "w1--high", "w2--low", "w2--high");
        assertThat(arms.get(3).coordinates()).isEqualTo(Map.of("width", "w2", "rate", "high"));
        assertThat(arms.get(3).values()).isEqualTo(Map.of("width", 2.0));
        assertThat(ArmSpec.product(List.of())).extracting(ArmSpec::name).containsExactly("arm");
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() {
        assertThatThrownBy(() -> parse("name: x\nset: {rewrite.share: 1}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "e.yaml:2: set.rewrite.share = 1: an arm may set keys of 'train' and 'mixture'");
        assertThatThrownBy(() -> parse("name: Upper\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("e.yaml:1: name = Upper: must be 1 to 63 of a-z");
        assertThatThrownBy(() -> parse("name: x\nseeds: [1, 1]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("e.yaml:2: seeds = [1, 1]: must be one or more, each once");
        assertThatThrownBy(() -> parse("name: x\naxes: [{name: a, choices: [{name: b}, {name: b}]}]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("choices = [b, b]: must be one or more, each with a name of its own");
        assertThatThrownBy(() -> parse("name: x\naxis: []\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unknown key 'axis'; did you mean 'axes'?");
        assertThatThrownBy(() -> parse("name: x\n").preset("huge"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--preset = huge: experiment 'x' has only small");
        assertThatThrownBy(() -> new Eighths(2, 1, 4))
                .isInstanceOf(ConfigException.class)
                .hasMessage("eighths = 2:1:4: must be three shares of at least 1 with the sum 8");
    }

    /** At the paper's width the shares are its own, and every eighth costs about the same parameters. */
    @Test
    void eighthsAreThoseOfThePaper() throws Exception {
        ObjectNode model = (ObjectNode) new ObjectMapper().readTree("""
                {"hidden_size": 1280, "mamba_d_head": 64, "head_dim": 64, "num_key_value_heads": 2}""");
        new Eighths(2, 1, 5).applyTo(model);
        assertThat(model.path("mamba_d_ssm").asInt()).isEqualTo(1024);
        assertThat(model.path("mamba_n_heads").asInt()).isEqualTo(16);
        assertThat(model.path("num_attention_heads").asInt() * 64).isEqualTo(768);
        assertThat(model.path("intermediate_size").asInt()).isEqualTo(3040);
    }
}
