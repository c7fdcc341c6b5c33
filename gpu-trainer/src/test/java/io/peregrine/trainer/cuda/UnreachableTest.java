package io.peregrine.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnreachableTest {
    private static final int OWNERS = 2_000;

    /** As tensors die between two steps: nothing may be missed because it came in late. */
    @Test
    void whatNobodyReachesIsGivenBackAtOnceAndTheRestIsKept() {
        Unreachable unreachable = new Unreachable();
        List<Integer> given = new ArrayList<>();
        for (int round = 1; round <= 5; round++) {
            Object kept = new Object();
            unreachable.watch(kept, () -> given.add(-1));
            IntStream.range(0, OWNERS).forEach(i -> unreachable.watch(new Object(), () -> given.add(i)));
            unreachable.collect();
            assertThat(given).as("round %d", round).hasSize(OWNERS).doesNotContain(-1);
            assertThat(given).doesNotHaveDuplicates();
            given.clear();
            Reference.reachabilityFence(kept);
            kept = null;
            unreachable.collect();
            assertThat(given).containsExactly(-1);
            given.clear();
        }
    }
}
