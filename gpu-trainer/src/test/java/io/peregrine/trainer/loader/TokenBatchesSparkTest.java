package io.peregrine.trainer.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.mixture.BlockRange;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceOrder;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.shard.ShardDigests;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardRow;
import io.peregrine.trainer.testing.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
final class TokenBatchesSparkTest {
    private static final int BATCH = 6;
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    static Path folder;

    private static TestRun run;

    @BeforeAll
    static void write() {
        run = TestRun.write(new RunLayout(folder.resolve("run")), 12_000);
    }

    private static ShardStreams streams(long cacheBytes) {
        return ShardStreams.open(run.layout(), run.plan(), TestRun.VOCAB, cacheBytes);
    }

    private static TrainingOrder order(int heldOut) {
        return new TrainingOrder(new SequenceOrder(run.plan()), HeldOut.of(run.plan(), heldOut));
    }

    private static List<int[]> read(long position, int batches, int readAhead, long cacheBytes) {
        List<int[]> seen = new ArrayList<>();
        try (TokenBatches loader = new TokenBatches(order(20), streams(cacheBytes), BATCH, position, readAhead)) {
            for (int i = 0; i < batches; i++) {
                TokenBatch batch = loader.next().batch();
                seen.add(batch.inputIds());
                seen.add(batch.segmentIds());
            }
        }
        return seen;
    }

    @Test
    void batchesHoldTheTokensOfTheRowsThePlanNames() {
        SequenceOrder plan = new SequenceOrder(run.plan());
        ShardStreams streams = streams(MEBIBYTE);
        for (long position = 0; position < 200; position++) {
            SequenceRef sequence = plan.at(position);
            TokenBatch batch = streams.read(List.of(sequence));
            ShardRow row =
                    run.rows(run.plan().streams().get(sequence.stream()).name()).get((int) sequence.row());
            assertThat(Arrays.copyOf(batch.inputIds(), row.nTok())).isEqualTo(row.tokenIds());
            assertThat(batch.tokens()).isEqualTo(row.nTok());
            // One token of every document has no successor inside it.
            assertThat(batch.predictions()).isEqualTo(row.nTok() - row.docEnds().length);
            int segment = 0;
            for (int column = 0; column < batch.seqLen(); column++) {
                segment += segment < row.docEnds().length && column == row.docEnds()[segment] ? 1 : 0;
                int expected = column < row.nTok() ? segment : TokenBatch.PADDING;
                assertThat(batch.segmentIds()[column]).isEqualTo(expected);
            }
        }
    }

    @Test
    void readingAheadAndCachingChangeNothing() {
        List<int[]> reference = read(0, 20, 1, MEBIBYTE);
        assertThat(read(0, 20, 7, MEBIBYTE)).usingRecursiveComparison().isEqualTo(reference);
        assertThat(read(0, 20, 3, 1)).usingRecursiveComparison().isEqualTo(reference);
    }

    @Test
    void resumingAtAnyBatchGivesTheSameBatches() {
        List<int[]> whole = read(0, 20, 2, MEBIBYTE);
        List<Long> positions = new ArrayList<>(List.of(0L));
        try (TokenBatches loader = new TokenBatches(order(20), streams(MEBIBYTE), BATCH, 0, 2)) {
            for (int i = 0; i < 20; i++) {
                positions.add(loader.next().next());
            }
        }
        for (int skipped = 0; skipped < 20; skipped++) {
            List<int[]> rest = read(positions.get(skipped), 20 - skipped, 2, MEBIBYTE);
            assertThat(rest).usingRecursiveComparison().isEqualTo(whole.subList(2 * skipped, whole.size()));
        }
    }

    /** Each reader has its own order and its own shards open, and reads its part of every global batch. */
    @Test
    void anyNumberOfReadersReadTheSameStream() {
        long end = 64 * 5;
        List<SequenceRef> order = new ArrayList<>();
        List<int[]> reference = new ArrayList<>();
        readAs(0, 1, 1, end, order, reference);
        for (int readers : new int[] {3, 7, 64}) {
            int globalBatch = readers == 3 ? 60 : readers == 7 ? 35 : 64;
            List<List<int[]>> parts = new ArrayList<>();
            for (int reader = 0; reader < readers; reader++) {
                parts.add(new ArrayList<>());
                readAs(reader, readers, globalBatch, end, new ArrayList<>(), parts.get(reader));
            }
            List<int[]> together = new ArrayList<>();
            int share = globalBatch / readers;
            for (long position = 0; position < end; position++) {
                int reader = (int) (position % globalBatch / share);
                together.add(parts.get(reader).remove(0));
            }
            assertThat(together)
                    .as("%d readers", readers)
                    .usingRecursiveComparison()
                    .isEqualTo(reference);
        }
        assertThat(order).doesNotHaveDuplicates();
    }

    private static void readAs(
            int reader, int readers, int globalBatch, long end, List<SequenceRef> order, List<int[]> seen) {
        SequenceOrder plan = new SequenceOrder(run.plan());
        ShardStreams streams = streams(MEBIBYTE);
        int share = globalBatch / readers;
        for (long batch = 0; batch < end; batch += globalBatch) {
            for (long at = batch + (long) reader * share; at < Math.min(end, batch + (reader + 1L) * share); at++) {
                order.add(plan.at(at));
                seen.add(streams.read(List.of(plan.at(at))).inputIds());
            }
        }
    }

    @Test
    void heldOutSequencesAreNeverTrainedOn() {
        HeldOut heldOut = HeldOut.of(run.plan(), 20);
        // A tenth of the 40 and 150 rows at most, a quarter and three quarters of 20 wanted.
        assertThat(heldOut.rowsOf(0)).containsExactly(36L, 37L, 38L, 39L);
        assertThat(heldOut.rowsOf(1)).hasSize(15).contains(149L);
        TrainingOrder order = order(20);
        long position = 0;
        Set<SequenceRef> trained = new HashSet<>();
        for (long n = 0; n < order.size(); n++) {
            TrainingOrder.Span span = order.from(position, 1);
            trained.addAll(span.sequences());
            position = span.next();
        }
        assertThat(trained).hasSize((int) order.size());
        assertThat(trained).noneMatch(sequence -> heldOut.contains(sequence.stream(), sequence.row()));
        assertThat(order.size()).isLessThan(run.plan().totalSequences());
        // The stream is seen more than once, and its held-out rows in no epoch.
        assertThat(trained).anyMatch(sequence -> sequence.epoch() > 1);
    }

    @Test
    void skippedBlocksAreNotTrainedOnAndTheSizeIsWhatThereIs() {
        MixturePlan plan = run.plan().skipping(new BlockRange(1, 3));
        HeldOut heldOut = HeldOut.of(plan, 20);
        TrainingOrder order = new TrainingOrder(new SequenceOrder(plan), heldOut);
        long position = 0;
        long trained = 0;
        while (trained < order.size()) {
            TrainingOrder.Span span = order.from(position, 1);
            int block = (int) ((span.next() - 1) / plan.blockSize());
            assertThat(block < 1 || block >= 3).as("block %d", block).isTrue();
            trained++;
            position = span.next();
        }
        long end = position;
        assertThatThrownBy(() -> order.from(end, 1))
                .as("size() counts all there is")
                .isInstanceOf(DataException.class);
    }

    /** A heap that is too small ends the reader as anything else does: nobody is left waiting. */
    @Test
    void anErrorOfTheReaderIsTheCallersToo() {
        ReadingOrder order = (position, count) -> {
            throw new OutOfMemoryError("made up");
        };
        try (TokenBatches loader = new TokenBatches(order, streams(MEBIBYTE), BATCH, 0, 1)) {
            for (int i = 0; i < 2; i++) {
                assertTimeoutPreemptively(
                        Duration.ofSeconds(30),
                        () -> assertThatThrownBy(loader::next)
                                .isInstanceOf(OutOfMemoryError.class)
                                .hasMessage("made up"));
            }
        }
    }

    @Test
    void theEndOfThePlanIsAnError() {
        long total = run.plan().totalSequences();
        try (TokenBatches loader = new TokenBatches(order(0), streams(MEBIBYTE), BATCH, total - BATCH, 1)) {
            assertThat(loader.next().next()).isEqualTo(total);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(loader::next)
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("position " + total);
            }
        }
    }

    @Test
    void memoryIsBoundedAndFilesAreReadOncePerEpoch() {
        ShardStreams large = streams(MEBIBYTE);
        ShardStreams small = streams(4000);
        TrainingOrder order = order(0);
        for (long position = 0; position < 150; position++) {
            List<SequenceRef> next = order.from(position, 1).sequences();
            large.read(next);
            small.read(next);
            assertThat(small.heldBytes()).isLessThan(4000);
        }
        // All shards of both streams, each once.
        assertThat(large.fileReads()).isLessThanOrEqualTo(13);
        assertThat(small.fileReads()).isGreaterThan(13);
    }

    @Test
    void sequencesAskedForTogetherCostEachFileOnceWithoutMemory() {
        ShardStreams streams = streams(1);
        List<SequenceRef> wanted = order(0).from(0, 150).sequences();
        List<PackedSequence> read = streams.sequences(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            String stream = run.plan().streams().get(wanted.get(i).stream()).name();
            ShardRow row = run.rows(stream).get((int) wanted.get(i).row());
            assertThat(read.get(i).tokens()).isEqualTo(row.tokens());
            assertThat(read.get(i).docEnds()).isEqualTo(row.docEnds());
        }
        assertThat(streams.fileReads()).isLessThanOrEqualTo(13);
        assertThat(streams.readBytes()).isPositive();
    }

    @Test
    void aTokenOutsideTheVocabularyIsNamed() {
        ShardStreams narrow = ShardStreams.open(run.layout(), run.plan(), 20, MEBIBYTE);
        assertThatThrownBy(() -> narrow.read(List.of(new SequenceRef(1, 0, 3))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("70-shards/web: shard part-00000")
                .hasMessageMatching(".*sequence 3: token \\d+ is \\d+, the model's vocabulary has 20 ids");
    }

    @Test
    void aMissingShardFileIsNamed() throws IOException {
        damage("web", file -> Files.delete(file), "cannot be read");
    }

    @Test
    void aTruncatedShardFileIsNamed() throws IOException {
        damage("code", file -> Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 900)), "cannot be read");
    }

    @Test
    void aShardWithOtherContentIsNamed() throws IOException {
        Path other = shard(run.layout(), "web", 3);
        damage("web", file -> Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING), "cannot be read");
    }

    /** A file that can be read to its last row, with another token in one: only the digest knows. */
    @Test
    void aShardWithAnotherTokenIsFoundByItsDigest() throws IOException {
        RunLayout copy = new RunLayout(folder.resolve("copy-token"));
        copy(run.layout().root(), copy.root());
        Path file = shard(copy, "web", 1);
        byte[] content = Files.readAllBytes(file);
        content[placeOf(run.rows("web").get(20).tokens(), content)] ^= 1;
        Files.write(file, content);
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
        ShardStreams streams = ShardStreams.open(copy, run.plan(), TestRun.VOCAB, MEBIBYTE);
        streams.read(List.of(new SequenceRef(1, 0, 0)));
        assertThatThrownBy(() -> streams.read(List.of(new SequenceRef(1, 0, 17))))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(".*70-shards/web: shard " + file.getFileName()
                        + " has 16 sequences from 16 on with the payload digest [0-9a-f]{64}, [0-9a-f]{64} was written; run"
                        + " the shards stage again");
    }

    private static int placeOf(byte[] wanted, byte[] content) {
        int place = 0;
        while (!Arrays.equals(wanted, Arrays.copyOfRange(content, place, place + wanted.length))) {
            place++;
        }
        return place;
    }

    /** What a test does to a shard file. */
    private interface Harm {
        void doTo(Path file) throws IOException;
    }

    private static void damage(String stream, Harm harm, String complaint) throws IOException {
        RunLayout copy = new RunLayout(folder.resolve("copy-" + stream + "-" + complaint.hashCode() + harm.hashCode()));
        copy(run.layout().root(), copy.root());
        Path file = shard(copy, stream, 1);
        harm.doTo(file);
        ShardStreams streams = ShardStreams.open(copy, run.plan(), TestRun.VOCAB, MEBIBYTE);
        int index = stream.equals("code") ? 0 : 1;
        streams.read(List.of(new SequenceRef(index, 0, 0)));
        assertThatThrownBy(() -> streams.read(List.of(new SequenceRef(index, 0, TestRun.SHARD_SEQUENCES))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("70-shards/" + stream + ": shard " + file.getFileName())
                .hasMessageContaining("with the sequences 16 to 31 " + complaint)
                .hasMessageContaining("run the shards stage again");
    }

    private static Path shard(RunLayout layout, String stream, int index) throws IOException {
        try (Stream<Path> files = Files.list(layout.shards().resolve(stream))) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-0000" + index))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path source : walk.toList()) {
                Path target = to.resolve(from.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(source, target);
                }
            }
        }
    }

    @Test
    void aTableWithoutItsVersionIsNamed() {
        io.delta.kernel.engine.Engine engine =
                io.delta.kernel.defaults.engine.DefaultEngine.create(new org.apache.hadoop.conf.Configuration());
        Path table = run.layout().shards().resolve("web");
        assertThatThrownBy(() -> ShardTable.open(engine, table, shards(7, List.of()), 16))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("70-shards/web: cannot read version 7");
        assertThatThrownBy(() -> ShardTable.open(engine, folder.resolve("nothing"), shards(0, List.of()), 16))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nothing: cannot read version 0");
        assertThatThrownBy(() -> ShardTable.open(engine, table, shards(0, List.of("ab".repeat(32))), 16))
                .hasMessageContaining("10 shards, the index of the shards names 1");
    }

    private static ShardIndex.StreamShards shards(long version, List<String> digests) {
        TableVersion table = new TableVersion("", version, 0, "");
        return new ShardIndex.StreamShards(
                "web", table, "", 0, ShardDigests.ofStream(digests), digests, List.of(), List.of());
    }
}
