package io.peregrine.mixture.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.mixture.shard.ShardPackings.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardRebuildTest {
    private static final int SHARD = 10;

    private static List<String> packings(Group... groups) {
        return ShardPackings.of(List.of(groups), SHARD);
    }

    private static ShardRebuild between(List<String> have, List<String> wanted) {
        return ShardRebuild.between(have, wanted);
    }

    @Test
    void whatIsAppendedRewritesTheLastShardIfItWasNotFullAndWhatFollows() {
        List<String> have = packings(new Group(12, "a"), new Group(23, "b"));
        assertThat(have).hasSize(4).doesNotHaveDuplicates();
        ShardRebuild rebuild = between(have, packings(new Group(12, "a"), new Group(23, "b"), new Group(9, "c")));
        assertThat(rebuild.ranges()).containsExactly(new ShardRebuild.Range(3, 5));
        assertThat(rebuild.condition(SHARD)).isEqualTo("(seq_ord >= 30)");
        assertThat(rebuild.written()).isEqualTo(2);
        assertThat(rebuild.places()).containsExactly(-1, -1, -1, 0, 1);
        assertThat(rebuild.isWhole()).isFalse();
    }

    @Test
    void aGroupThatGrowsMovesAllBehindIt() {
        ShardRebuild rebuild = between(
                packings(new Group(10, "a"), new Group(20, "b"), new Group(10, "c")),
                packings(new Group(10, "a"), new Group(21, "b2"), new Group(10, "c")));
        assertThat(rebuild.ranges()).containsExactly(new ShardRebuild.Range(1, 5));
    }

    @Test
    void aGroupThatKeepsItsSizeLeavesTheOthersWhereTheyAre() {
        ShardRebuild rebuild = between(
                packings(new Group(15, "a"), new Group(10, "b"), new Group(25, "c")),
                packings(new Group(15, "a"), new Group(10, "b2"), new Group(25, "c")));
        assertThat(rebuild.ranges()).containsExactly(new ShardRebuild.Range(1, 3));
        assertThat(rebuild.condition(SHARD)).isEqualTo("(seq_ord >= 10 AND seq_ord < 30)");
    }

    @Test
    void whatIsLessThanBeforeIsTakenAway() {
        ShardRebuild rebuild = between(packings(new Group(20, "a"), new Group(20, "b")), packings(new Group(20, "a")));
        assertThat(rebuild.written()).isZero();
        assertThat(rebuild.condition(SHARD)).isEqualTo("(seq_ord >= 20)");
        ShardRebuild first = between(
                packings(new Group(10, "a"), new Group(10, "b"), new Group(10, "c")),
                packings(new Group(10, "a2"), new Group(10, "b")));
        assertThat(first.condition(SHARD)).isEqualTo("(seq_ord >= 0 AND seq_ord < 10) OR (seq_ord >= 20)");
    }

    @Test
    void anotherOrderOfTheSameGroupsIsAnother() {
        ShardRebuild rebuild = between(
                packings(new Group(10, "a"), new Group(10, "b")), packings(new Group(10, "b"), new Group(10, "a")));
        assertThat(rebuild.isWhole()).isTrue();
        assertThat(ShardRebuild.whole(3).places()).containsExactly(0, 1, 2);
    }
}
