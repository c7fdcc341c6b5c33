package io.peregrine.data.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrainingSampleTest {
    private static int buckets(long budget) {
        return TrainingSample.buckets(new TreeMap<>(Map.of(3, 100L, 9, 50L, 4_095, 50L)), budget);
    }

    @Test
    void takesTheFirstBucketsThatFit() {
        assertThat(buckets(200)).isEqualTo(4_096);
        assertThat(buckets(199)).isEqualTo(4_095);
        assertThat(buckets(150)).isEqualTo(4_095);
        assertThat(buckets(149)).isEqualTo(9);
    }

    @Test
    void takesSomethingEvenIfItIsTooMuch() {
        assertThat(buckets(1)).isEqualTo(9);
        assertThat(TrainingSample.buckets(new TreeMap<>(), 1)).isEqualTo(4_096);
    }
}
