package io.peregrine.mixture.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {
    @Test
    void decimalsAndPartsPerBillionAreTheSame() {
        assertThat(Shares.ofWeights("mixture.streams", decimals("0.5", "0.3", "0.2")))
                .isEqualTo(Shares.ofWeights("mixture.streams", decimals("500000000", "300000000", "200000000")))
                .containsExactly(500_000_000, 300_000_000, 200_000_000);
    }

    @Test
    void largestRemainderGetsWhatIsLeftAndTiesGoToTheFirst() {
        assertThat(Shares.ofWeights("mixture.streams", decimals("0.333333", "0.333333", "0.333333")))
                .containsExactly(333_333_334, 333_333_333, 333_333_333);
        assertThat(Shares.ofWeights("mixture.streams", decimals("0.9999999996", "0.0000000004")))
                .containsExactly(1_000_000_000, 0);
    }

    @Test
    void oneStreamIsAWhole() {
        assertThat(Shares.ofWeights("mixture.streams", decimals("1"))).containsExactly(1_000_000_000);
        assertThat(Shares.ofWeights("mixture.streams", decimals("1.0", "0"))).containsExactly(1_000_000_000, 0);
    }

    @Test
    void anotherSumIsRefused() {
        assertThatThrownBy(() -> Shares.ofWeights("mixture.streams", decimals("0.5", "0.4")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("mixture.streams = weights that sum to 0.9: must sum to 1 (to within 0.000001), "
                        + "or to 1000000000 as parts per billion; give a stream what is missing");
    }

    @Test
    void aStreamThatPacksHalfAsWellGetsTwiceTheSequences() {
        List<Integer> shares =
                Shares.ofSequences(List.of(500_000_000, 500_000_000), List.of(packed(1000), packed(500)));
        assertThat(shares).containsExactly(333_333_333, 666_666_667);
    }

    private static PackedStream packed(long tokens) {
        return new PackedStream("of " + tokens, 10, tokens, List.of(10L), "");
    }

    private static List<BigDecimal> decimals(String... values) {
        return Arrays.stream(values).map(BigDecimal::new).toList();
    }
}
