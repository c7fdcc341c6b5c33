package io.peregrine.data.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerFilesTest {
    @TempDir
    Path folder;

    private TokenizerModel model;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        model = BpeTrainerTest.goldenModel();
        TokenizerFiles.write(model, folder);
        file = folder.resolve("tokenizer.json");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(TokenizerReader.read(TokenizerReader.bytes(file), "t")).isEqualTo(model);
        assertThat(TokenizerFiles.NAMES)
                .allSatisfy(name -> assertThat(folder.resolve(name))
                        .content()
                        .matches("\\p{ASCII}*")
                        .endsWith("}\n"));
    }

    @Test
    void theSpecialTokensAreNamedForAutoTokenizer() {
        assertThat(folder.resolve("tokenizer_config.json"))
                .content()
                .contains("PreTrainedTokenizerFast", "\"eos_token\" : \"<|end_of_text|>\"");
        assertThat(folder.resolve("special_tokens_map.json")).content().contains("\"pad_token\" : \"<|pad|>\"");
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("nowhere").resolve("tokenizer.json");
        assertThatThrownBy(() -> BpeTokenizer.load(missing))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": no such file; train a tokenizer first (peregrine tokenizer train)");
    }

    @Test
    void aFileCutShortIsNamed() throws IOException {
        String whole = Files.readString(file);
        for (int length : new int[] {0, 1, whole.length() / 2, whole.length() - 3}) {
            Files.writeString(file, whole.substring(0, length));
            assertThatThrownBy(() -> BpeTokenizer.load(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageEndingWith("; restore the file or train the tokenizer again");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "\"BPE\" ~ \"WordPiece\" ~ /model/type: must be BPE",
                "<|reserved_3|> ~ <|hello|> ~ /added_tokens/3: must be the special token <|reserved_3|> with id 3",
                "\"!\" : 16 ~ \"!\" : 17 ~ each of them once",
                "[A-Za-z] ~ [a-z] ~ /pre_tokenizer: must split by this version's pattern",
                "\"e s\" ~ \"es\" ~ must be two tokens with a space between them, which together are a token",
            })
    void aChangedFileIsRefusedWithTheReason(String found, String replacement, String message) throws IOException {
        String whole = Files.readString(file);
        assertThat(whole).contains(found);
        Files.writeString(file, whole.replace(found, replacement));
        assertThatThrownBy(() -> BpeTokenizer.load(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new TokenizerConfig(4_000, 16, 1, 1, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("vocab-size = 4000: must be a multiple of 128, <= 1048576");
        assertThatThrownBy(() -> new TokenizerConfig(4_096, 11, 1, 1, 1))
                .hasMessage("reserved-tokens = 11: must be >= 12 tokens");
        assertThatThrownBy(() -> new TokenizerConfig(256, 16, 1, 1, 1))
                .hasMessage("vocab-size = 256: must hold the reserved tokens and the 256 bytes: >= 272");
        assertThatThrownBy(() -> new TokenizerConfig(4_096, 16, 0, 1, 1))
                .hasMessage("training-bytes-per-stream = 0: must be >= 1");
    }
}
