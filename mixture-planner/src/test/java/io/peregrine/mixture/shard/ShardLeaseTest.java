package io.peregrine.mixture.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other processes see of a lease is in {@code trainer.export.ExportSparkTest}, which kills some. */
class ShardLeaseTest {
    @TempDir
    Path root;

    private RunLayout layout;

    private ShardIndex write() {
        layout = new RunLayout(root);
        ShardIndex index = new ShardIndex(ShardIndex.FORMAT, ShardIndex.VERSION, 100, 16, 2, List.of());
        index.write(layout.shards().resolve(ShardIndex.FILE_NAME));
        return index;
    }

    @Test
    void aLeaseHoldsTheIndexUntilItIsGivenBack() {
        ShardIndex index = write();
        try (ShardLease lease = ShardLease.take(layout);
                ShardLease second = ShardLease.take(layout)) {
            assertThat(lease.index()).isEqualTo(index);
            assertThat(ShardLease.held(layout))
                    .hasSize(2)
                    .allSatisfy(file -> assertThat(ShardIndex.read(file)).isEqualTo(index));
            second.close();
            assertThat(ShardLease.held(layout)).hasSize(1);
        }
        assertThat(ShardLease.held(layout)).isEmpty();
        assertThat(ShardLease.leftOver(layout)).isEmpty();
    }

    @Test
    void whatNobodyHoldsIsLeftOver() throws IOException {
        write();
        Path leases = Files.createDirectories(layout.shards().resolve("leases"));
        Path leftOver = Files.createFile(leases.resolve("lease-1.json"));
        Files.createFile(leases.resolve("of-somebody-else.json"));
        assertThat(ShardLease.held(layout)).isEmpty();
        assertThat(ShardLease.leftOver(layout)).containsExactly(leftOver);
    }

    @Test
    void whereThereAreNoShardsThereIsNoLease() {
        RunLayout empty = new RunLayout(root.resolve("empty"));
        assertThatThrownBy(() -> ShardLease.take(empty))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there are no shards here; run 'mixture build' first");
        assertThat(empty.shards()).doesNotExist();
    }
}
