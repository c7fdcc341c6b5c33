package io.peregrine.data.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PretokenCounterTest {
    private static Map<String, Long> counts(PretokenCounter counter) {
        Map<String, Long> counts = new TreeMap<>();
        counter.counts().forEachRemaining(count -> counts.put(count.pretoken(), count.count()));
        return counts;
    }

    @Test
    void countsPretokens() {
        PretokenCounter counter = new PretokenCounter(new PreTokenizer(SplitRules.DEFAULTS));
        counter.add("a b a b");
        counter.add("a");
        assertThat(counts(counter)).isEqualTo(Map.of("a", 2L, " b", 2L, " a", 1L));
    }

    @Test
    void leavesOutWhatIsLongerThanTheLimitInBytes() {
        PretokenCounter counter = new PretokenCounter(new PreTokenizer(SplitRules.DEFAULTS));
        counter.add("x".repeat(256));
        counter.add("y".repeat(257));
        counter.add("\u00E9".repeat(128));
        counter.add("\u00E8".repeat(129));
        counter.add("\uD835\uDD38".repeat(65));
        assertThat(counts(counter).keySet()).containsExactly("x".repeat(256), "\u00E9".repeat(128));
        assertThat(counter.overlong()).isEqualTo(3);
        assertThat(counter.overlongBytes()).isEqualTo(257 + 258 + 260);
    }

    @Test
    void aLoneSurrogateIsCountedAsTheReplacementCharacter() {
        PretokenCounter counter = new PretokenCounter(new PreTokenizer(SplitRules.DEFAULTS));
        counter.add("\uD800");
        assertThat(counts(counter)).isEqualTo(Map.of("\uFFFD", 1L));
    }
}
