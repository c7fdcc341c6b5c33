package io.peregrine.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.mixture.BlockRange;
import io.peregrine.mixture.CapMode;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PackingMode;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.plan.GapCertificate;
import io.peregrine.mixture.plan.MixturePlanner;
import io.peregrine.mixture.plan.PackedStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReuseGapsTest {
    /** 2,000 sequences: {@code many} is seen once in part, {@code few} twenty times. */
    private static MixturePlan plan() {
        TreeMap<String, StreamMix> streams = new TreeMap<>();
        streams.put("few", StreamMix.of(new BigDecimal("0.5")));
        streams.put("many", StreamMix.of(new BigDecimal("0.5")));
        MixtureConfig config = new MixtureConfig(
                10,
                100,
                Optional.of(20_000L),
                Optional.empty(),
                PackingMode.BEST_FIT,
                65536,
                1024,
                0,
                CapMode.PROJECT,
                streams,
                ScheduleConfig.DEFAULTS);
        return MixturePlanner.plan(config, List.of(packed("few", 50), packed("many", 5000)), 2, "00000000000000aa");
    }

    private static PackedStream packed(String name, long sequences) {
        return new PackedStream(
                name,
                sequences,
                sequences * 10,
                List.of(sequences),
                new PayloadDigest().add(name).hex());
    }

    @Test
    void everyRepeatIsFoundAndNoneIsNearerThanCertified() {
        MixturePlan plan = plan();
        ReuseGaps few = ReuseGaps.of(plan).get(0);
        assertThat(few.stream()).isEqualTo("few");
        assertThat(few.sequences())
                .hasSize(Math.toIntExact(plan.counts().total(0) - 50))
                .isSorted();
        assertThat(few.least().orElseThrow())
                .isGreaterThanOrEqualTo(GapCertificate.of(plan, 0).orElseThrow());
        assertThat(few.median().orElseThrow()).isBetween(95L, 105L); // 50 sequences at every second position
        assertThat(few.distribution().get(100))
                .isEqualTo(new ReuseGaps.Point(few.sequences().get(949), 1.0));
    }

    @Test
    void aStreamThatDoesNotRepeatHasNoGaps() {
        ReuseGaps many = ReuseGaps.of(plan()).get(1);
        assertThat(many.sequences()).isEmpty();
        assertThat(many.least()).isEmpty();
        assertThat(many.median()).isEmpty();
        assertThat(many.distribution()).isEmpty();
    }

    @Test
    void whatIsSkippedIsNotSeen() {
        ReuseGaps few = ReuseGaps.of(plan().skipping(new BlockRange(3, 5))).get(0);
        assertThat(few.sequences()).hasSize(850);
        assertThat(few.sequences().get(849)).isGreaterThan(250); // across the two blocks that are left out
    }
}
