package io.peregrine.rewrite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.rewrite.calls.BudgetLedger.Spent;
import org.junit.jupiter.api.Test;

class NeedsTest {
    private static final Needs NEEDS = new Needs(10, new Spent(100, 10), new Spent(400, 40));

    @Test
    void asManyTasksShareABudgetAsCanEachSendTheLargestRequest() {
        assertThat(NEEDS.tasks(new Spent(10_000, 10_000), 8)).isEqualTo(8);
        assertThat(NEEDS.tasks(new Spent(1_700, 10_000), 8)).isEqualTo(4);
        assertThat(NEEDS.tasks(new Spent(10_000, 90), 8)).isEqualTo(2);
        assertThat(NEEDS.tasks(new Spent(120, 10_000), 8)).isEqualTo(1);
    }

    @Test
    void nothingIsSentForLessThanTheSmallestRequest() {
        assertThat(NEEDS.tasks(new Spent(99, 10_000), 8)).isZero();
        assertThat(NEEDS.tasks(new Spent(10_000, 9), 8)).isZero();
        assertThat(NEEDS.tasks(new Spent(-5, -5), 8)).isZero();
    }

    @Test
    void sharesNeverAddUpToMoreThanThereIs() {
        for (int tasks = 1; tasks < 20; tasks++) {
            Spent each = new CallSettings.Share(tasks, new Spent(1_000, 77)).each();
            assertThat(each.tokens() * tasks).isLessThanOrEqualTo(1_000);
            assertThat(each.microDollars() * tasks).isLessThanOrEqualTo(77);
        }
        assertThat(new CallSettings.Share(3, new Spent(-1, -1)).each()).isEqualTo(Spent.NOTHING);
    }
}
