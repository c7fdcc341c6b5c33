package io.peregrine.data.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.testing.ForAll;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTokenizerTest {
    @TempDir
    static Path folder;

    private static BpeTokenizer tokenizer;

    @BeforeAll
    static void train() throws IOException {
        TokenizerFiles.write(BpeTrainerTest.goldenModel(), folder);
        tokenizer = BpeTokenizer.load(folder.resolve(TokenizerFiles.TOKENIZER_JSON));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void encodesAsTheReferenceLibraryDoes() throws IOException {
        JsonNode golden = TokenizerFiles.JSON.readTree(BpeTrainerTest.golden("case.json"));
        int compared = 0;
        for (JsonNode line : golden.get("lines")) {
            String text = line.get("text").asText();
            if (!text.contains("<|")) { // there special tokens were looked for
                assertThat(tokenizer.encode(text))
                        .as(text)
                        .isEqualTo(TokenizerFiles.JSON.convertValue(line.get("ids"), int[].class));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    @Test
    void everyTextComesBack() {
        ForAll.forAll(300, gen -> {
            String text = gen.text();
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        });
    }

    @Test
    void everyCodePointComesBack() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x30000 ? 1 : 257) {
            if (Character.getType(c) != Character.SURROGATE) {
                all.appendCodePoint(c);
            }
        }
        assertThat(tokenizer.decode(tokenizer.encode(all.toString()))).isEqualTo(all.toString());
    }

    @Test
    void aLoneSurrogateIsTheReplacementCharacter() {
        for (String text : new String[] {"a\uD800b", "\uDC00", "x\uD83E", "\uD83E\uDD85\uDD85\uD83E\uDD85\uD83E"}) {
            String expected = new String(text.getBytes(StandardCharsets.UTF_16), StandardCharsets.UTF_16);
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(expected);
        }
        assertThat(tokenizer.encode("a\uD800b")).isEqualTo(tokenizer.encode("a\uFFFDb"));
    }

    @Test
    void theLibraryMakesAsManyTokensAsTrainingCounted() throws IOException {
        List<PretokenCount> counts = BpeTrainerTest.goldenCounts();
        TokenizerModel model = BpeTrainerTest.goldenModel();
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < model.tokens().size(); id++) {
            ids.put(model.tokens().get(id), id);
        }
        TrainingWords words = TrainingWords.of(counts, 1, ids, List.of());
        words.repeat(model.merges());
        long expected = 0;
        for (int word = 0; word < words.size(); word++) {
            expected += words.count(word) * words.length(word);
        }
        String text = new String(BpeTrainerTest.golden("text.txt"), StandardCharsets.UTF_8);
        assertThat(tokenizer.encode(text)).hasSize(Math.toIntExact(expected));
    }

    @Test
    void aCommandPutInIsOneTokenWhereItStandsAlone(@TempDir Path latex) throws IOException {
        List<String> commands = List.of("\\otimes", "\\mathbb", "\\aleph");
        TokenizerModel model = BpeTrainer.train(
                BpeTrainerTest.goldenCounts(),
                BpeTrainer.Training.of(new TokenizerConfig(640, 16, 1_000_000, 1, 2), commands),
                MergeJournal.NONE,
                Progress.SILENT);
        TokenizerFiles.write(model, latex);
        assertThat(TokenizerReader.read(TokenizerReader.bytes(latex.resolve("tokenizer.json")), "t"))
                .isEqualTo(model);
        try (BpeTokenizer withCommands = BpeTokenizer.load(latex.resolve(TokenizerFiles.TOKENIZER_JSON))) {
            for (String command : commands) {
                assertThat(withCommands.encode(command))
                        .containsExactly(model.tokens().indexOf(command));
                assertThat(withCommands.decode(withCommands.encode(command))).isEqualTo(command);
                assertThat(tokenizer.encode(command).length).isGreaterThan(1);
            }
            assertThat(withCommands.encode("2\\otimes{x}").length).isEqualTo(2 + withCommands.encode("{x}").length);
            // a longer command is another one
            assertThat(withCommands.encode("\\alephs").length).isGreaterThan(1);
        }
    }

    @Test
    void noTextGivesASpecialToken() {
        StringBuilder names = new StringBuilder();
        SpecialTokens special = SpecialTokens.of(16, SpecialTokens.FALCON_H1);
        for (int id = 0; id < 16; id++) {
            names.append(special.names().get(id)).append(id % 2 == 0 ? " " : "");
        }
        int[] ids = tokenizer.encode(names.toString());
        assertThat(Arrays.stream(ids).min().orElseThrow()).isGreaterThanOrEqualTo(16);
        assertThat(tokenizer.decode(ids)).isEqualTo(names.toString());
        assertThat(tokenizer.decode(new int[] {tokenizer.endOfText()})).isEqualTo("<|end_of_text|>");
    }

    @Test
    void nothingIsCutOffOrAdded() {
        String text = "the low lowest ".repeat(5_000);
        int[] once = tokenizer.encode("the low lowest ");
        assertThat(tokenizer.encode("")).isEmpty();
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        assertThat(tokenizer.encode(text).length).isGreaterThan(5_000 * (once.length - 2));
    }

    @Test
    void aLongTextEncodesAsItsPartsDo() {
        // Pieces end where pre-tokens end, so the ids are those of the lines one by one.
        String line = "a line of words, 123 numbers\tand \\frac{1}{2} \uD83E\uDD85 \u6771\u4EAC.\n";
        int[] once = tokenizer.encode(line);
        int lines = 3 * BpeTokenizer.PIECE_CHARS / line.length();
        int[] many = IntStream.range(0, lines).flatMap(i -> Arrays.stream(once)).toArray();
        assertThat(tokenizer.encode(line.repeat(lines))).isEqualTo(many);
    }

    @Test
    void aPretokenLongerThanAPieceComesBack() {
        for (String unit : new String[] {"a", " ", "\n", "\uD835\uDD38", "x\u0301"}) {
            String text = "start " + unit.repeat(3 * BpeTokenizer.PIECE_CHARS) + " end";
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void idsOutsideTheVocabularyAreRefused() {
        int vocabSize = tokenizer.vocabSize();
        assertThatThrownBy(() -> tokenizer.decode(new int[] {vocabSize}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("token id %d: must be in [0, %d)".formatted(vocabSize, vocabSize));
    }

    @Test
    void wordsInOneTokenAreCounted() {
        String text = "the lowest 12 \\frac{x} zyxwv <|pad|>\n\uD835\uDD38";
        List<String> words = List.of("the", " lowest", "x", " zyxwv", "pad", "\uD835\uDD38");
        long single = words.stream()
                .filter(word -> tokenizer.encode(word).length == 1)
                .count();
        assertThat(single).isBetween(1L, 5L);
        assertThat(WordCount.of(text, tokenizer.encode(text), tokenizer))
                .isEqualTo(new WordCount(words.size(), single));
        assertThat(WordCount.of("", new int[0], tokenizer)).isEqualTo(new WordCount(0, 0));
    }

    @Test
    void idsSurviveTheirBytes() {
        assertThat(TokenBytes.encode(new int[] {0, 1, 65_535}, 65_536)).containsExactly(0, 0, 1, 0, 0xFF, 0xFF);
        assertThat(TokenBytes.decode(new byte[] {0, 0, 1, 0, -1, -1}, 65_536)).containsExactly(0, 1, 65_535);
        int[] wide = {0, 65_536, 131_071};
        assertThat(TokenBytes.encode(wide, 131_072)).hasSize(12);
        assertThat(TokenBytes.decode(TokenBytes.encode(wide, 131_072), 131_072)).isEqualTo(wide);
        assertThatThrownBy(() -> TokenBytes.encode(new int[] {640}, 640)).hasMessageContaining("[0, 640)");
        assertThatThrownBy(() -> TokenBytes.decode(new byte[3], 640)).hasMessageContaining("multiple of 2");
    }
}
