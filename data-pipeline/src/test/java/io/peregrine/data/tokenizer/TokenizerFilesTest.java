package io.peregrine.data.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
                "\"content\" : \"<|reserved_3|>\" ~ \"content\" : \"<|hello|>\" ~ /added_tokens/3: must be the special token <|reserved_3|> with id 3",
                "<|end_of_text|> ~ <|eos|> ~ /added_tokens: must have <|end_of_text|>",
                "\"!\" : 16 ~ \"!\" : 17 ~ each of them once",
                "[A-Za-z] ~ [a-z] ~ /pre_tokenizer: must split by a pattern of this version",
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
    void specialTokensThatCannotBeAreRefused() {
        Map<String, Integer> ids = new TreeMap<>(SpecialTokens.FALCON_H1);
        ids.put("<|im_end|>", 228);
        assertThat(SpecialTokens.of(1024, ids).names().get(228)).isEqualTo("<|im_end|>");
        assertThat(SpecialTokens.of(1024, ids).names().get(229)).isEqualTo("<|reserved_229|>");
        assertThatThrownBy(() -> SpecialTokens.of(128, ids))
                .isInstanceOf(ConfigException.class)
                .hasMessage("special-tokens.<|im_end|> = 228: must be in [0, 128), the reserved-tokens");
        ids.put("<|im_end|>", 11);
        assertThatThrownBy(() -> SpecialTokens.of(1024, ids))
                .hasMessageContaining("is the id of")
                .hasMessageContaining("11");
        ids.remove("<|im_end|>");
        ids.put("<|reserved_5|>", 6);
        assertThatThrownBy(() -> SpecialTokens.of(1024, ids))
                .hasMessageContaining("<|reserved_5|>")
                .hasMessageContaining("is the name of the reserved token");
        ids.remove("<|reserved_5|>");
        ids.remove("<|pad|>");
        assertThatThrownBy(() -> SpecialTokens.of(1024, ids)).hasMessageContaining("must give <|pad|> an id");
    }

    @Test
    void listsOfCommandsThatCannotBeAreRefused() throws IOException {
        Path list = folder.resolve("commands.txt");
        LatexCommands latex = new LatexCommands(0, List.of("math"), Optional.of(list.toString()));
        assertThatThrownBy(latex::listed).hasMessage(list + ": no such file; latex.list must name a file");
        Files.writeString(list, "\\frac\n\n\\alpha \n");
        assertThat(latex.listed()).containsExactly("\\frac", "\\alpha");
        Files.writeString(list, "\\frac\nalpha\n");
        assertThatThrownBy(latex::listed).hasMessageStartingWith(list + ", line 2: 'alpha' must be a backslash and");
        Files.writeString(list, "\\frac\n\\frac\n");
        assertThatThrownBy(latex::listed).hasMessage(list + ", line 2: \\frac is there twice; delete one");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new TokenizerConfig(4_000, 16, 1, 1, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("vocab-size = 4000: must be a multiple of 128, <= 1048576");
        assertThatThrownBy(() -> new TokenizerConfig(4_096, 11, 1, 1, 1))
                .hasMessage("special-tokens.<|end_of_text|> = 11: must be in [0, 11), the reserved-tokens");
        assertThatThrownBy(() -> new TokenizerConfig(256, 16, 1, 1, 1))
                .hasMessage("vocab-size = 256: must hold the reserved tokens and the 256 bytes: >= 272");
        assertThatThrownBy(() -> new TokenizerConfig(4_096, 16, 0, 1, 1))
                .hasMessage("training-bytes-per-stream = 0: must be >= 1");
    }
}
