package io.peregrine.rewrite.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VariantsTest {
    private static String text(String word) {
        return IntStream.range(0, 60)
                .mapToObj(i -> word + (char) ('a' + i % 26) + (char) ('a' + i / 26))
                .collect(Collectors.joining(" "));
    }

    @Test
    void aVariantNearOneBeforeItIsRefused() {
        var verdicts =
                new Variants(0.8).judge(List.of(text("a"), text("b"), text("a") + " end", text("b"), "s", "s", "t"));
        assertThat(verdicts.stream().map(verdict -> verdict.isEmpty()))
                .containsExactly(true, true, false, false, true, false, true);
        Rejection rejection = verdicts.get(3).orElseThrow();
        assertThat(rejection).isEqualTo(new Rejection(RejectReason.NEAR_DUPLICATE, 1, 0.8));
    }

    @Test
    void theBoundIsAShare() {
        assertThatThrownBy(() -> new Variants(1.1)).hasMessage("similarity 1.1: must be 0 to 1");
    }
}
