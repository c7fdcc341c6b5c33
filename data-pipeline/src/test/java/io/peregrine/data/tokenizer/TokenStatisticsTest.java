package io.peregrine.data.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenStatisticsTest {
    private static final TokenStatistics SAMPLE = TokenStatistics.of(
            512,
            Map.of(
                    "web",
                    new TokenStatistics.Counted(2, 40, new WordCount(8, 6), new TreeMap<>(Map.of(16, 4L, 17, 4L))),
                    "code",
                    new TokenStatistics.Counted(1, 8, new WordCount(2, 0), new TreeMap<>(Map.of(17, 8L))),
                    "empty",
                    new TokenStatistics.Counted(0, 0, new WordCount(0, 0), new TreeMap<>())));

    @TempDir
    Path folder;

    @Test
    void entropyIsThatOfTheFrequencies() {
        assertThat(SAMPLE.streams().get("web").unigramEntropyNats()).isCloseTo(Math.log(2), within(1e-15));
        assertThat(SAMPLE.streams().get("code").unigramEntropyNats()).isZero();
        // 4 of 16 and 12 of 16.
        double expected = 0.25 * Math.log(4) + 0.75 * Math.log(4.0 / 3);
        assertThat(SAMPLE.all().unigramEntropyNats()).isCloseTo(expected, within(1e-15));
        assertThat(SAMPLE.all().bytesPerToken()).isEqualTo(3);
        assertThat(SAMPLE.usedTokens()).isEqualTo(2);
        assertThat(SAMPLE.streams().get("web").singleTokenWordRatio()).isEqualTo(0.75);
        assertThat(SAMPLE.all().singleTokenWordRatio()).isEqualTo(0.6);
        assertThat(SAMPLE.streams().get("empty").singleTokenWordRatio()).isZero();
        assertThat(SAMPLE.streams().get("empty").bytesPerToken()).isZero();
    }

    @Test
    void survivesItsFile() {
        SAMPLE.write(folder);
        assertThat(TokenStatistics.read(folder)).isEqualTo(SAMPLE);
    }

    @Test
    void aMissingOrDamagedFileIsNamed() throws IOException {
        Path file = folder.resolve("statistics.json");
        assertThatThrownBy(() -> TokenStatistics.read(folder))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": no such file; run the tokens stage first");
        Files.writeString(file, "{\"vocabSize\": 1");
        assertThatThrownBy(() -> TokenStatistics.read(folder))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": not valid (");
    }
}
