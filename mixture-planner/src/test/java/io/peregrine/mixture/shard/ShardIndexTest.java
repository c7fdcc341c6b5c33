package io.peregrine.mixture.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.TestPlans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardIndexTest {
    private static final String SHARD = "ab".repeat(32);

    @TempDir
    Path folder;

    private static ShardIndex index(long version, long rows) {
        String digest = ShardDigests.ofStream(List.of(SHARD));
        TableVersion table = new TableVersion("70-shards/s000", version, rows, digest);
        return new ShardIndex(
                ShardIndex.FORMAT,
                ShardIndex.VERSION,
                TestPlans.SEQUENCE_LENGTH,
                16,
                2,
                List.of(new ShardIndex.StreamShards(
                        "s000",
                        table,
                        "packing of s000",
                        rows * TestPlans.SEQUENCE_LENGTH,
                        digest,
                        List.of(SHARD),
                        List.of(),
                        List.of())));
    }

    @Test
    void anIndexSurvivesItsFile() {
        Path file = folder.resolve(ShardIndex.FILE_NAME);
        index(3, 50).write(file);
        assertThat(ShardIndex.read(file)).isEqualTo(index(3, 50));
    }

    @Test
    void anIndexOfTheFirstVersionIsReadWithoutPackings() throws IOException {
        Path file = folder.resolve(ShardIndex.FILE_NAME);
        index(3, 50).write(file);
        String first = Files.readString(file)
                .replace("\"version\" : 2", "\"version\" : 1")
                .replaceAll(",\\s*\"parts\" : \\[ ]", "")
                .replaceAll(",\\s*\"packings\" : \\[ ]", "");
        assertThat(first).doesNotContain("packings").contains("\"version\" : 1");
        Files.writeString(file, first);
        assertThat(ShardIndex.read(file)).isEqualTo(index(3, 50));
    }

    @Test
    void theDigestOfAShardIsThatOfItsParts() {
        for (int rows : List.of(1, 1023, 1024, 1025, 2049, 3072, 5000)) {
            List<byte[]> digests = IntStream.range(0, rows)
                    .mapToObj(row -> new PayloadDigest().add(row).digest())
                    .toList();
            List<String> parts = ShardDigests.partsOf(digests);
            assertThat(parts).hasSize((rows + ShardDigests.PART_ROWS - 1) / ShardDigests.PART_ROWS);
            assertThat(ShardDigests.ofParts(parts)).as("%d rows", rows).isEqualTo(ShardDigests.ofShard(digests));
        }
    }

    @Test
    void theVersionOfATableIsNotPartOfTheContent() {
        assertThat(index(3, 50).payloadDigest()).isEqualTo(index(4, 50).payloadDigest());
    }

    @Test
    void shardsOfAnotherPackingAreRefused() {
        MixturePlan plan = TestPlans.plan(List.of(1_000_000_000), List.of(50L), 100, 64, 0);
        index(3, 50).requireFor(plan);
        assertThatThrownBy(() -> index(3, 49).requireFor(plan))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "the shards are not those of the plan: s000: sequences is 49, the plan has 50; run 'mixture "
                                + "build'");
        MixturePlan two = TestPlans.plan(List.of(500_000_000, 500_000_000), List.of(50L, 50L), 100, 64, 0);
        assertThatThrownBy(() -> index(3, 50).requireFor(two))
                .hasMessage("there are no shards of stream 's001'; run 'mixture build'");
    }

    @Test
    void aDamagedIndexIsRefused() throws IOException {
        Path file = folder.resolve(ShardIndex.FILE_NAME);
        index(3, 50).write(file);
        Files.writeString(file, Files.readString(file).replace(SHARD, "ac".repeat(32)));
        assertThatThrownBy(() -> ShardIndex.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is not that of its 1 shards");
    }
}
