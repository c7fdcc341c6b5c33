package io.peregrine.data.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models are written by {@link FastTextWriter}; what is expected is computed here in double precision from the definition.
 */
class FastTextModelTest {
    private static final double FLOAT = 2e-6;

    @TempDir
    Path folder;

    private final FastTextWriter writer = new FastTextWriter();

    @Test
    void aHashTakesBytesWithTheirSign() {
        assertThat(row("a", 1_000_003)).isEqualTo(0xe40c292cL % 1_000_003);
        assertThat(row("foobar", 1_000_003)).isEqualTo(0xbf9cf968L % 1_000_003);
        long plain = ((((0x811c9dc5L ^ 0xC3) * 16777619) & 0xFFFFFFFFL) ^ 0xA9) * 16777619 & 0xFFFFFFFFL;
        assertThat(row("\u00e9", 1_000_003)).isNotEqualTo(plain % 1_000_003);
    }

    private static long row(String group, int bucket) {
        return fnv(group) % bucket;
    }

    /** By the definition: 32-bit FNV-1a, bytes widened with their sign. */
    private static long fnv(String group) {
        long hash = 2166136261L;
        for (byte b : group.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFFFFFFFFL)) * 16777619 & 0xFFFFFFFFL;
        }
        return hash;
    }

    private List<Integer> rows(String text) throws IOException {
        try (FastTextFile file = new FastTextFile(writer.write(folder))) {
            FastTextRows rows =
                    new FastTextDictionary(file, FastTextArgs.read(file)).rows(text.getBytes(StandardCharsets.UTF_8));
            List<Integer> list = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                list.add(rows.get(i));
            }
            return list;
        }
    }

    private List<Integer> groups(String... groups) {
        return Arrays.stream(groups)
                .map(group -> writer.words.size() + (int) row(group, writer.bucket))
                .toList();
    }

    private static List<Integer> join(List<?>... parts) {
        return Arrays.stream(parts)
                .flatMap(List::stream)
                .map(Integer.class::cast)
                .toList();
    }

    @Test
    void aTextIsItsWordsTheirGroupsAndTheEndOfTheLine() throws IOException {
        writer.bucket = 1_000_003;
        writer.input = new float[1][1];
        assertThat(rows("hello"))
                .isEqualTo(join(
                        List.of(1),
                        groups("<h", "<he", "he", "hel", "el", "ell", "ll", "llo", "lo", "lo>", "o>"),
                        List.of(0)));
        assertThat(rows("\u00e9\u4e2d"))
                .isEqualTo(join(
                        groups("<\u00e9", "<\u00e9\u4e2d", "\u00e9\u4e2d", "\u00e9\u4e2d>", "\u4e2d>"), List.of(0)));
        assertThat(rows(" \t\n\r\u000b\f\0")).isEqualTo(List.of(0));
    }

    @Test
    void oneCharacterIsAGroupOnlyInsideTheBrackets() throws IOException {
        writer.bucket = 1_000_003;
        writer.input = new float[1][1];
        writer.shortest = 1;
        writer.longest = 1;
        assertThat(rows("ab")).isEqualTo(join(groups("a", "b"), List.of(0)));
    }

    @Test
    void aLabelInTheTextIsNoWord() throws IOException {
        writer.bucket = 1_000_003;
        writer.input = new float[1][1];
        assertThat(rows("__label__en __label__unheard")).isEqualTo(List.of(0));
    }

    @Test
    void groupsOfWordsAreHashedFromSignedHashes() throws IOException {
        writer.bucket = 1_000_003;
        writer.input = new float[1][1];
        writer.longest = 0;
        writer.wordGroups = 3;
        long a = (int) fnv("foo");
        long b = (int) fnv("hello");
        long c = (int) fnv("</s>");
        assertThat(List.of(a, b, c))
                .as("signs differ, so that widening is tested")
                .anyMatch(h -> h < 0);
        long[] hashes = {a * 116049371L + b, (a * 116049371L + b) * 116049371L + c, b * 116049371L + c};
        List<Integer> expected = Arrays.stream(hashes)
                .mapToObj(hash -> 2 + (int) Long.remainderUnsigned(hash, 1_000_003))
                .toList();
        assertThat(rows("foo hello")).isEqualTo(join(List.of(1, 0), expected));
    }

    /** Mean of the rows, in double precision. */
    private double[] hidden(List<Integer> rows) {
        double[] mean = new double[writer.dimension];
        for (int row : rows) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (double) writer.input[row][i] / rows.size();
            }
        }
        return mean;
    }

    private double dot(double[] hidden, int row) {
        double sum = 0;
        for (int i = 0; i < hidden.length; i++) {
            sum += writer.output[row][i] * hidden[i];
        }
        return sum;
    }

    private double[] predicted(String text) throws IOException {
        double[] byLabel = new double[writer.labels.size()];
        Arrays.fill(byLabel, Double.NaN);
        List<FastTextModel.Prediction> best =
                FastTextModel.read(writer.write(folder)).predict(text, byLabel.length);
        best.forEach(found -> byLabel[writer.labels.indexOf(found.label())] = found.probability());
        assertThat(best).isSortedAccordingTo((a, b) -> Float.compare(b.probability(), a.probability()));
        return byLabel;
    }

    @Test
    void softmaxIsOverAllLabels() throws IOException {
        writer.loss = 3;
        double[] found = predicted("hello w\u00f6rld");
        double[] h = hidden(rows("hello w\u00f6rld"));
        double sum = Math.exp(dot(h, 0)) + Math.exp(dot(h, 1)) + Math.exp(dot(h, 2));
        for (int i = 0; i < 3; i++) {
            assertThat(found[i]).isCloseTo(Math.exp(dot(h, i)) / sum + 1e-5, within(FLOAT));
        }
    }

    /** Labels were seen 5, 3 and 1 times: the rare two share the first inner node, and that and the first the root. */
    @Test
    void hierarchicalSoftmaxMultipliesAlongTheHuffmanTree() throws IOException {
        writer.loss = 1;
        double[] found = predicted("hello there");
        double[] h = hidden(rows("hello there"));
        double right0 = 1 / (1 + Math.exp(-dot(h, 0)));
        double right1 = 1 / (1 + Math.exp(-dot(h, 1)));
        assertThat(found[0]).isCloseTo(right1 + 1e-5, within(FLOAT));
        assertThat(found[1]).isCloseTo((1 - right1 + 1e-5) * (right0 + 1e-5), within(FLOAT));
        assertThat(found[2]).isCloseTo((1 - right1 + 1e-5) * (1 - right0 + 1e-5), within(FLOAT));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void independentLabelsHaveALogisticCurveInSteps(int loss) throws IOException {
        writer.loss = loss;
        double[] found = predicted("hello there");
        double[] h = hidden(rows("hello there"));
        for (int i = 0; i < 3; i++) {
            double step = Math.floor((dot(h, i) + 8) * 32) / 32 - 8;
            assertThat(found[i]).isCloseTo(1 / (1 + Math.exp(-step)) + 1e-5, within(FLOAT));
        }
    }

    @Test
    void theCurveEndsAtEight() throws IOException {
        writer.loss = 4;
        writer.longest = 0;
        writer.words = List.of("</s>");
        writer.input = new float[8][3];
        Arrays.fill(writer.input[0], 1);
        writer.output = new float[][] {{3, 3, 3}, {-3, -3, -3}, {0, 0, 0}};
        double[] found = predicted("x");
        assertThat(found[0]).isCloseTo(1 + 1e-5, within(FLOAT));
        assertThat(found[1]).isCloseTo(1e-5, within(FLOAT));
        assertThat(found[2]).isCloseTo(0.5 + 1e-5, within(FLOAT));
    }

    @Test
    void aQuantisedModelSaysWhatItsDecodedRowsSay() throws IOException {
        writer.dimension = 5;
        writer.quantized = true;
        writer.loss = 3;
        double[] quantized = predicted("hello there");
        writer.quantized = false;
        double[] plain = predicted("hello there");
        for (int i = 0; i < 3; i++) {
            assertThat(quantized[i]).isCloseTo(plain[i], within(FLOAT));
        }
    }

    @Test
    void prunedGroupsHaveNoRowAndTheOthersAnotherOne() throws IOException {
        writer.bucket = 1_000_003;
        writer.quantized = true;
        writer.pruned = new int[][] {{(int) row("<h", writer.bucket), 1}, {(int) row("o>", writer.bucket), 0}};
        assertThat(rows("hello")).isEqualTo(List.of(1, 3, 2, 0));
        assertThat(predicted("hello")).doesNotContain(Double.NaN);
    }

    @Test
    void versionElevenHasNoGroupsOfCharacters() throws IOException {
        writer.version = 11;
        assertThat(rows("hello")).isEqualTo(List.of(1, 0));
    }

    @Test
    void onlyAsManyLabelsAreGivenAsAreAskedFor() throws IOException {
        for (int loss = 1; loss <= 4; loss++) {
            writer.loss = loss;
            FastTextModel model = FastTextModel.read(writer.write(folder));
            List<FastTextModel.Prediction> all = model.predict("hello", 9);
            assertThat(all).hasSize(3);
            assertThat(model.predict("hello", 1)).isEqualTo(all.subList(0, 1));
        }
    }

    static Stream<Arguments> brokenModels() {
        return Stream.of(
                broken("begins with 7 and must begin with 793712314", w -> w.magic = 7),
                broken("version 13 must be 11 or 12", w -> w.version = 13),
                broken("model 2 must be 3, supervised", w -> w.model = 2),
                broken("loss 5 must be 1 to 4", w -> w.loss = 5),
                broken("dimension -1 must be 0 to 16384", w -> w.dimension = -1),
                broken("bucket 0 must be above 0", w -> w.bucket = 0),
                broken("must have 9 and 3", w -> w.input = FastTextWriter.rows(8, 3, 1)),
                broken("must have 3 and 3", w -> w.output = FastTextWriter.rows(4, 3, 1)),
                broken("a pruned dictionary must come with a quantised matrix", w -> w.pruned = new int[][] {{1, 0}}),
                broken("label count -1 must be 0 to", w -> w.labelCounts = new long[] {5, -1, 1}));
    }

    private static Arguments broken(String message, Consumer<FastTextWriter> change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenModels")
    void aBrokenModelIsRefusedInOneLine(String message, Consumer<FastTextWriter> change) throws IOException {
        writer.input = FastTextWriter.rows(9, 3, 1);
        writer.output = FastTextWriter.rows(3, 3, 1);
        change.accept(writer);
        Path path = writer.write(folder);
        assertThatThrownBy(() -> FastTextModel.read(path))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(path + ": byte ")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyTruncatedModelIsRefused(boolean quantized) throws IOException {
        writer.quantized = quantized;
        writer.pruned = quantized ? new int[][] {{1, 0}} : null;
        byte[] whole = writer.toBytes();
        Path path = folder.resolve("cut.bin");
        for (int length = 0; length < whole.length; length += length < 400 ? 1 : 97) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> FastTextModel.read(path))
                    .as("the first %d of %d bytes", length, whole.length)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("truncated");
        }
    }

    @Test
    void aMissingModelIsNamed() {
        Path path = folder.resolve("none.bin");
        assertThatThrownBy(() -> FastTextModel.read(path))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(path + ": fastText model cannot be read");
    }

    @Test
    void labelsOfEveryStyleBecomeOurCodes() throws IOException {
        writer.loss = 4;
        writer.longest = 0;
        writer.words = List.of("</s>", "one", "two", "three");
        writer.input = new float[11][3];
        for (int i = 1; i <= 3; i++) {
            writer.input[i][i - 1] = 8;
        }
        writer.output = new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        LanguageIdentifier identifier = new FastTextLanguageIdentifier(FastTextModel.read(writer.write(folder)), 1000);
        assertThat(identifier.identify("one").language()).isEqualTo("en");
        assertThat(identifier.identify("two").language()).isEqualTo("fr");
        Identification chinese = identifier.identify("three");
        assertThat(chinese.language()).isEqualTo("zh");
        assertThat(chinese.confidence()).isCloseTo(1 / (1 + Math.exp(-4)), within(1e-4));
        assertThat(chinese.ownScriptRatio()).isZero();
        assertThat(identifier.identify("1 2 3")).isEqualTo(Identification.UNDETERMINED);
    }

    @Test
    void baitIsReadInLinearTime() throws IOException {
        FastTextModel model = FastTextModel.read(writer.write(folder));
        for (String bait : List.of("a", "a ", "\u0301", "__label__")) {
            assertThat(model.predict(bait.repeat(5_000_000 / bait.length()), 1)).hasSize(1);
        }
    }
}
