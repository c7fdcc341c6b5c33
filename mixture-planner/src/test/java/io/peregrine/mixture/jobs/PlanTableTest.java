package io.peregrine.mixture.jobs;

import static io.peregrine.mixture.TestPlans.full;
import static io.peregrine.mixture.TestPlans.segment;
import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.ScheduleConfig;
import io.peregrine.mixture.ScheduleSegment;
import io.peregrine.mixture.StreamMix;
import io.peregrine.mixture.TestPlans;
import io.peregrine.mixture.plan.GroupReport;
import io.peregrine.mixture.plan.MixturePlanner;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class PlanTableTest {
    private static final long WINDOW_TOKENS = 6_000;

    /** An original of 200 sequences and its rewrite of 50, each seen once; web fills the run up to 1,000 of 100 tokens. */
    private static MixturePlan plan(List<ScheduleSegment> segments) {
        StreamMix version =
                new StreamMix(Optional.empty(), Optional.empty(), Optional.of(WINDOW_TOKENS), Optional.of("books"));
        return MixturePlanner.plan(
                TestPlans.scheduled(
                        100_000,
                        50,
                        new ScheduleConfig(1, segments),
                        Map.of("books", version, "rewritten-books", version, "web", TestPlans.free())),
                List.of(full("books", 200), full("rewritten-books", 50), full("web", 10_000)),
                2,
                TestPlans.SEED);
    }

    private static String printed(MixturePlan plan) {
        StringWriter out = new StringWriter();
        new PlanTable(plan, 0).print(new PrintWriter(out, true));
        return out.toString();
    }

    @Test
    void versionsThatShareBlocksAreCertifiedToNothing() {
        MixturePlan plan =
                plan(List.of(segment("1", Map.of("books", "0.2", "rewritten-books", "0.05", "web", "0.75"))));
        assertThat(GroupReport.of(plan).get(0).gapSequences()).hasValue(1);
        assertThat(printed(plan))
                .contains("group books            gap tokens >= 100, window tokens 6,000: books, rewritten-books")
                .contains("warning: group 'books': versions of one document may come inside the window of a stream");
    }

    @Test
    void versionsThatTakeTurnsAreAsFarApartAsTheirTurns() {
        MixturePlan plan = plan(List.of(
                segment("0.4", Map.of("books", "0.5", "web", "0.5")),
                segment("0.1", Map.of("web", "1")),
                segment("0.5", Map.of("rewritten-books", "0.1", "web", "0.9"))));
        GroupReport group = GroupReport.of(plan).get(0);
        assertThat(group.gapSequences().getAsLong()).isBetween(90L, 110L);
        assertThat(group.gapTokens()).hasValue(100 * group.gapSequences().getAsLong());
        assertThat(printed(plan)).contains("group books ").doesNotContain("warning");
        Row books = PlanRows.streams(plan).get(0);
        int column = PlanRows.STREAMS.fieldIndex("group_gap_sequences");
        assertThat(books.get(column)).isEqualTo(group.gapSequences().getAsLong());
        assertThat(PlanRows.streams(plan).get(2).get(column))
                .as("of a stream in no group")
                .isNull();
    }
}
