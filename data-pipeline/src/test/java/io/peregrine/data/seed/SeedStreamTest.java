package io.peregrine.data.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;

class SeedStreamTest {
    @Test
    void mixingIsTheFinalizerOfSplitMix64() {
        // The first numbers of SplitMix64 from state 0, as published with xoshiro256 (Blackman and Vigna).
        assertThat(SeedStream.mix(0x9E3779B97F4A7C15L)).isEqualTo(0xE220A8397B1DCDAFL);
        assertThat(SeedStream.mix(0x3C6EF372FE94F82AL)).isEqualTo(0x6E789E6AA1B965F4L);
        assertThat(SeedStream.mix(0xDAA66D2C7DDF743FL)).isEqualTo(0x06C45D188009454FL);
    }

    @Test
    void aStreamIsPinnedForever() {
        SeedStream stream = SeedStream.of(42).child("shuffle");
        assertThat(stream.nextLong())
                .isEqualTo(SeedStream.of(42).child("shuffle").nextLong());
        assertThat(SeedStream.of(42).key()).isEqualTo(SeedStream.mix(42 + 0x9E3779B97F4A7C15L));
        assertThat(SeedStream.of(42).child("a").key())
                .isNotEqualTo(SeedStream.of(42).child("b").key());
    }

    @Test
    void aChildDoesNotDependOnHowFarTheParentWasWalked() {
        SeedStream walked = SeedStream.of(7);
        walked.nextLong();
        assertThat(walked.child("x").nextLong())
                .isEqualTo(SeedStream.of(7).child("x").nextLong());
        assertThat(walked.hash(1, 2)).isEqualTo(SeedStream.of(7).hash(1, 2));
    }

    @Test
    void countersDoNotCommute() {
        SeedStream stream = SeedStream.of(1);
        assertThat(stream.hash(1, 2)).isNotEqualTo(stream.hash(2, 1));
        assertThat(stream.hash(0)).isNotEqualTo(stream.hash(0, 0));
    }

    @Test
    void boundedDrawsAreUniform() {
        SeedStream stream = SeedStream.of(3);
        long[] counts = new long[7];
        for (int i = 0; i < 70_000; i++) {
            counts[stream.nextInt(7)]++;
        }
        double[] expected = DoubleStream.generate(() -> 10_000).limit(7).toArray();
        assertThat(new ChiSquareTest().chiSquareTest(expected, counts)).isGreaterThan(0.001);
    }

    @Test
    void gaussianDrawsHaveTheRightMoments() {
        SeedStream stream = SeedStream.of(5);
        double[] draws =
                DoubleStream.generate(stream::nextGaussian).limit(100_000).toArray();
        assertThat(DoubleStream.of(draws).average().orElseThrow()).isBetween(-0.015, 0.015);
        assertThat(DoubleStream.of(draws).map(x -> x * x).average().orElseThrow())
                .isBetween(0.98, 1.02);
    }

    @Test
    void aBoundMustBePositive() {
        assertThatThrownBy(() -> SeedStream.of(1).nextInt(0)).hasMessage("bound = 0: must be > 0");
    }
}
