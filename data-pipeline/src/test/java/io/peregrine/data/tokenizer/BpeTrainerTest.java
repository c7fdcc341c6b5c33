package io.peregrine.data.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.testing.ForAll;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BpeTrainerTest {
    private static final TokenizerConfig SMALL = new TokenizerConfig(384, 16, 1_000_000, 1, 1);

    private static List<PretokenCount> counts(Object... pretokensAndCounts) {
        List<PretokenCount> counts = new ArrayList<>();
        for (int i = 0; i < pretokensAndCounts.length; i += 2) {
            counts.add(new PretokenCount(
                    (String) pretokensAndCounts[i], ((Number) pretokensAndCounts[i + 1]).longValue()));
        }
        return counts;
    }

    private static TokenizerModel train(List<PretokenCount> counts, TokenizerConfig config) {
        return BpeTrainer.train(counts, config, Progress.SILENT);
    }

    private static List<String> merges(TokenizerModel model) {
        return model.merges().stream()
                .map(merge ->
                        model.tokens().get(merge.left()) + " " + model.tokens().get(merge.right()))
                .toList();
    }

    static byte[] golden(String name) throws IOException {
        try (InputStream in = BpeTrainerTest.class.getResourceAsStream("/golden/bpe-merges/" + name)) {
            return in.readAllBytes();
        }
    }

    private static final TokenizerConfig GOLDEN = new TokenizerConfig(640, 16, 1_000_000, 1, 2);

    static List<PretokenCount> goldenCounts() throws IOException {
        PretokenCounter counter = new PretokenCounter(new PreTokenizer(SplitRules.DEFAULTS));
        counter.add(new String(golden("text.txt"), StandardCharsets.UTF_8));
        List<PretokenCount> counts = new ArrayList<>();
        counter.counts().forEachRemaining(counts::add);
        return counts;
    }

    static TokenizerModel goldenModel() throws IOException {
        return train(goldenCounts(), GOLDEN);
    }

    @Test
    void mergesTheMostFrequentPairAgainAndAgain() {
        // Sennrich et al.'s example, by hand. es 9, st 9 -> "e s" (lower ids); es+t 9; lo 7; low 7; ne, ew 6; ...
        TokenizerModel model = train(counts("low", 5, "lower", 2, "newest", 6, "widest", 3), SMALL);
        assertThat(merges(model))
                .startsWith("e s", "es t", "l o", "lo w", "e w", "n ew", "new est", "d est", "i dest", "w idest");
    }

    @Test
    void equalCountsGoToTheLowerIds() {
        assertThat(merges(train(counts("zy", 4, "ab", 4, "ac", 4), SMALL))).containsExactly("a b", "a c", "z y");
    }

    @Test
    void aRunOfOneCharacterIsMergedFromTheLeft() {
        TokenizerModel model = train(counts("aaaaa", 3), SMALL);
        // aa aa a: the pair (aa, aa) and the pair (aa, a) both occur 3 times, and a has the lower id.
        assertThat(merges(model)).containsExactly("a a", "aa a", "aa aaa");
    }

    @Test
    void mergesEqualThoseOfTheReferenceTrainer() throws IOException {
        JsonNode expected = TokenizerFiles.JSON.readTree(golden("case.json"));
        TokenizerModel model = goldenModel();
        assertThat(merges(model)).isEqualTo(TokenizerFiles.JSON.convertValue(expected.get("merges"), List.class));
        assertThat(model.tokens()).isEqualTo(TokenizerFiles.JSON.convertValue(expected.get("vocab"), List.class));
    }

    /** Source code, numbers and punctuation in many languages, a page of Markdown; each cut by other rules. */
    @ParameterizedTest
    @CsvSource({"code, SINGLE, RUN, false", "mixed, THREE, SINGLE, true", "runs, RUN, RUN, true"})
    void mergesOfSmallCorporaEqualThoseOfTheReferenceTrainer(
            String name, SplitRules.Digits digits, SplitRules.Punctuation punctuation, boolean latex)
            throws IOException {
        JsonNode expected =
                TokenizerFiles.JSON.readTree(golden("small-corpora.json")).get(name);
        SplitRules split = new SplitRules(digits, punctuation, latex);
        PretokenCounter counter = new PretokenCounter(new PreTokenizer(split));
        counter.add(new String(golden(name + ".txt"), StandardCharsets.UTF_8));
        List<PretokenCount> counts = new ArrayList<>();
        counter.counts().forEachRemaining(counts::add);
        TokenizerConfig config =
                new TokenizerConfig(expected.get("vocab_size").asInt(), 16, 1_000_000, 1, 2).withSplit(split);
        assertThat(merges(train(counts, config)))
                .isEqualTo(TokenizerFiles.JSON.convertValue(expected.get("merges"), List.class));
    }

    @Test
    void thePatternOfTheGoldenIsTodays() throws IOException {
        assertThat(TokenizerFiles.JSON.readValue(golden("pattern.json"), String.class))
                .isEqualTo(new PreTokenizer(SplitRules.DEFAULTS).pattern());
    }

    @Test
    void countsAreNotCutAtThirtyTwoBits() {
        long many = 3_000_000_000L;
        TokenizerModel model = train(counts("ab", many, "cd", 2 * many, "ef", 7), SMALL);
        assertThat(merges(model)).containsExactly("c d", "a b", "e f");
    }

    @Test
    void theOrderOfTheWordsDoesNotMatter() {
        ForAll.forAll(40, gen -> {
            PretokenCounter counter = new PretokenCounter(new PreTokenizer(SplitRules.DEFAULTS));
            for (int i = 0; i < 20; i++) {
                counter.add(gen.text());
            }
            List<PretokenCount> counts = new ArrayList<>();
            counter.counts().forEachRemaining(counts::add);
            List<PretokenCount> reversed = new ArrayList<>(counts);
            Collections.reverse(reversed);
            assertThat(train(reversed, SMALL)).isEqualTo(train(counts, SMALL));
        });
    }

    @Test
    void equalsTheDefinitionOnAnyWords() {
        ForAll.forAll(60, gen -> {
            Map<String, Long> words = new java.util.TreeMap<>();
            for (int i = 0; i < 12; i++) {
                StringBuilder word = new StringBuilder();
                for (int length = gen.between(1, 8); length > 0; length--) {
                    word.append((char) ('a' + gen.between(0, 2)));
                }
                words.merge(word.toString(), (long) gen.between(1, 4), Long::sum);
            }
            List<PretokenCount> counts = new ArrayList<>();
            words.forEach((word, count) -> counts.add(new PretokenCount(word, count)));
            assertThat(merges(train(counts, SMALL))).isEqualTo(naiveMerges(words, SMALL));
        });
    }

    /** The algorithm as the paper writes it: all pairs counted anew for each merge. */
    private static List<String> naiveMerges(Map<String, Long> words, TokenizerConfig config) {
        List<String> tokens = new ArrayList<>(config.special().names());
        for (char c : ByteAlphabet.sorted()) {
            tokens.add(String.valueOf(c));
        }
        List<List<String>> split = new ArrayList<>();
        words.keySet().forEach(word -> split.add(new ArrayList<>(Arrays.asList(word.split("")))));
        List<Long> counts = List.copyOf(words.values());
        List<String> merges = new ArrayList<>();
        while (tokens.size() < config.vocabSize()) {
            long bestCount = 0;
            int bestLeft = 0;
            int bestRight = 0;
            for (List<String> any : split) {
                for (int at = 0; at + 1 < any.size(); at++) {
                    int left = tokens.indexOf(any.get(at));
                    int right = tokens.indexOf(any.get(at + 1));
                    long count = 0;
                    for (int word = 0; word < split.size(); word++) {
                        List<String> symbols = split.get(word);
                        for (int i = 0; i + 1 < symbols.size(); i++) {
                            boolean same = symbols.get(i).equals(any.get(at))
                                    && symbols.get(i + 1).equals(any.get(at + 1));
                            count += same ? counts.get(word) : 0;
                        }
                    }
                    boolean lower = left < bestLeft || (left == bestLeft && right < bestRight);
                    if (count > bestCount || (count == bestCount && lower)) {
                        bestCount = count;
                        bestLeft = left;
                        bestRight = right;
                    }
                }
            }
            if (bestCount < config.pairCountMin()) {
                break;
            }
            String left = tokens.get(bestLeft);
            String right = tokens.get(bestRight);
            merges.add(left + " " + right);
            if (!tokens.contains(left + right)) {
                tokens.add(left + right);
            }
            for (List<String> symbols : split) {
                for (int i = 0; i + 1 < symbols.size(); i++) {
                    if (symbols.get(i).equals(left) && symbols.get(i + 1).equals(right)) {
                        symbols.set(i, left + right);
                        symbols.remove(i + 1);
                    }
                }
            }
        }
        return merges;
    }

    @Test
    void goesOnWhereItWasKilled(@TempDir Path folder) throws IOException {
        List<PretokenCount> counts = goldenCounts();
        BpeTrainer.Training training = BpeTrainer.Training.of(GOLDEN, List.of());
        TokenizerModel whole = train(counts, GOLDEN);
        for (int learned : new int[] {0, 1, 17, 200, whole.merges().size()}) {
            StringBuilder left = new StringBuilder("digest\n");
            whole.merges()
                    .subList(0, learned)
                    .forEach(merge -> left.append("%d %d %d\n".formatted(merge.left(), merge.right(), merge.merged())));
            Path file = folder.resolve("journal" + learned);
            Files.writeString(file, left + "12 3"); // a line cut short
            MergeJournal journal = MergeJournal.open(file, "digest");
            assertThat(journal.merges()).hasSize(learned);
            assertThat(BpeTrainer.train(counts, training, journal, Progress.SILENT))
                    .isEqualTo(whole);
            assertThat(MergeJournal.open(file, "digest").merges()).isEqualTo(whole.merges());
        }
        assertThat(MergeJournal.open(folder.resolve("journal17"), "other counts")
                        .merges())
                .isEmpty();
    }

    @Test
    void smallerVocabulariesArePartsOfTheLargest() throws IOException {
        List<PretokenCount> counts = goldenCounts();
        for (List<String> injected : List.of(List.<String>of(), List.of("\\frac", "\\alpha"))) {
            BpeTrainer.Training training = BpeTrainer.Training.of(GOLDEN, injected);
            TokenizerModel largest = BpeTrainer.train(counts, training, MergeJournal.NONE, Progress.SILENT);
            for (int size = 16 + 256 + 2; size <= 640; size += 61) {
                TokenizerModel alone =
                        BpeTrainer.train(counts, training.withVocabSize(size), MergeJournal.NONE, Progress.SILENT);
                assertThat(largest.withVocabSize(size)).isEqualTo(alone);
            }
        }
    }

    @Test
    void commandsThatSaveMostTokensAreChosen(@TempDir Path folder) {
        TokenizerConfig config = new TokenizerConfig(
                384,
                List.of(),
                16,
                SpecialTokens.FALCON_H1,
                SplitRules.DEFAULTS,
                new LatexCommands(2, List.of("math"), Optional.empty()),
                List.of(),
                1_000_000,
                1,
                1_000);
        List<PretokenCount> counts = counts("\\frac", 9, "\\le", 20, "\\operatorname", 4, "x", 100, "\\", 50);
        // no pair is frequent enough, so a command takes as many tokens as it has bytes
        TokenizerModel model = new TokenizerTraining(config, folder, Progress.SILENT).train(counts, counts);
        assertThat(model.injected()).isEqualTo(2);
        assertThat(model.tokens().subList(16 + 256, 16 + 256 + 2)).containsExactly("\\operatorname", "\\le");
    }

    @Test
    void aSmallCorpusGivesASmallVocabulary() {
        TokenizerModel model = train(List.of(), SMALL);
        assertThat(model.tokens()).hasSize(16 + 256);
        assertThat(model.tokens().subList(0, 3)).containsExactly("<|pad|>", "<|begin_of_text|>", "<|reserved_2|>");
        assertThat(model.tokens().get(11)).isEqualTo("<|end_of_text|>");
        assertThat(model.tokens().get(16)).isEqualTo("!");
    }

    @Test
    void rareWordsAndPairsAreLeftOut() {
        TokenizerConfig config = new TokenizerConfig(384, 16, 1_000_000, 2, 3);
        assertThat(merges(train(counts("ab", 1, "ab", 1, "cd", 2, "ef", 3), config)))
                .containsExactly("e f");
    }
}
