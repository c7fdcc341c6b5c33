package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FalconH1ConfigTest {
    private static final Path QUICKSTART = Path.of("../conf/model/quickstart.json");

    @TempDir
    private Path folder;

    @Test
    void readsTheKeysOfVersionFour() {
        FalconH1Config config = FalconH1Config.read(QUICKSTART);
        assertThat(config.attention().ropeTheta()).isEqualTo(1e11);
        assertThat(config.mamba().timeStepMax()).isInfinite();
        assertThat(config.eosTokenIds()).containsExactly(11);
        assertThat(config.mamba().projectionRows()).isEqualTo(2 * 384 + 2 * 64 + 6);
    }

    @Test
    void readsTheKeysOfVersionFive() throws IOException {
        String text = Files.readString(QUICKSTART)
                .replace(
                        "\"rope_theta\": 100000000000.0",
                        "\"rope_parameters\": {\"rope_theta\": 5, \"rope_type\": \"default\"}")
                .replace("\"torch_dtype\"", "\"time_step_limit\": [0.0, {\"__float__\": \"Infinity\"}], \"dtype\"");
        FalconH1Config config = FalconH1Config.parse(text, "five.json");
        assertThat(config.attention().ropeTheta()).isEqualTo(5);
        assertThat(config.mamba().timeStepMax()).isInfinite();
    }

    @Test
    void writesWhatItRead() throws IOException {
        Path copy = folder.resolve("config.json");
        FalconH1Config.read(QUICKSTART).write(copy);
        assertThat(copy).hasSameBinaryContentAs(QUICKSTART);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"mamba_n_heads\": 6 | \"mamba_n_heads\": 5 | mamba_n_heads = 5: must satisfy mamba_n_heads * mamba_d_head"
                        + " = mamba_d_ssm (5 * 64 != 384)",
                "\"mamba_n_heads\": 6 | \"mamba_n_heads\": 6.5 | mamba_n_heads = 6.5: must be an integer",
                "\"num_key_value_heads\": 2 | \"num_key_value_heads\": 3 | num_key_value_heads = 3: must divide"
                        + " num_attention_heads (4)",
                "\"hidden_act\": \"silu\" | \"hidden_act\": \"gelu\" | hidden_act = \"gelu\": only",
                "\"attention_bias\" | \"attention_bais\" | attention_bais = false: is not a key of a Falcon-H1 model",
                "\"vocab_size\": 4096, | | vocab_size = null: is missing",
            })
    void refusesWhatIsWrongAndSaysWhere(String right, String wrong, String message) throws IOException {
        String text = Files.readString(QUICKSTART).replace(right, wrong == null ? "" : wrong);
        assertThatThrownBy(() -> FalconH1Config.parse(text, "tiny.json"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("; tiny.json");
    }

    /** A library that knows Falcon-H1 alone must not be able to load another order of the parts. */
    @Test
    void anotherOrderOfTheBlocksPartsNeedsAnotherModelType() throws IOException {
        String text = Files.readString(QUICKSTART);
        assertThat(FalconH1Config.parse(text, "it.json").order()).isEqualTo(BlockOrder.SA_M);
        String sequential = text.replace("{\n", "{\n \"peregrine_block_order\": \"S_A_M\",\n");
        assertThatThrownBy(() -> FalconH1Config.parse(sequential, "it.json"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "peregrine_block_order = \"S_A_M\": needs model_type \"peregrine_falcon_h1\", so that no other"
                                + " library takes it for a Falcon-H1 and computes something else; it.json:2");
        String ours = sequential.replace("\"falcon_h1\"", "\"peregrine_falcon_h1\"");
        assertThat(FalconH1Config.parse(ours, "it.json").order()).isEqualTo(BlockOrder.S_A_M);
        assertThatThrownBy(() -> FalconH1Config.parse(ours.replace("S_A_M", "MAS"), "it.json"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("peregrine_block_order = \"MAS\": must be one of [SA_M, SAM, S_A_M]; it.json:2");
    }

    @Test
    void theNormBeforeTheGateIsRefused() throws IOException {
        String text = Files.readString(QUICKSTART)
                .replace("\"mamba_rms_norm\": false", "\"mamba_rms_norm\": true")
                .replace("\"mamba_norm_before_gate\": false", "\"mamba_norm_before_gate\": true");
        assertThatThrownBy(() -> FalconH1Config.parse(text, "tiny.json"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("only the norm behind the gate is supported")
                .hasMessageContaining("tiny.json:");
    }

    @Test
    void aMissingAndABrokenFileAreNamed() throws IOException {
        assertThatThrownBy(() -> FalconH1Config.read(folder.resolve("none.json")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.json");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"vocab_size\": 1,\n oops");
        assertThatThrownBy(() -> FalconH1Config.read(broken))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("broken.json:2: is not JSON");
    }
}
