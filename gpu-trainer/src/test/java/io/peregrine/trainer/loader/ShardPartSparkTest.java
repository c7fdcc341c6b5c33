package io.peregrine.trainer.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.mixture.shard.ShardDigests;
import io.peregrine.mixture.shard.ShardIndex;
import io.peregrine.mixture.shard.ShardRow;
import io.peregrine.trainer.loader.ShardTable.ShardFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One shard of three parts in several row groups: what a loader that resumes reads of it, and what it finds. */
@Tag("spark")
class ShardPartSparkTest {
    private static final int ROWS = 2500;
    private static final int TOKENS = 40;

    @TempDir
    static Path folder;

    private static final List<ShardRow> rows = new ArrayList<>();
    private static ShardIndex.StreamShards shards;

    @BeforeAll
    static void write() {
        SeedStream draws = SeedStream.of(3);
        for (int ordinal = 0; ordinal < ROWS; ordinal++) {
            byte[] tokens = new byte[TOKENS * Short.BYTES];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = (byte) draws.nextInt(256);
            }
            rows.add(new ShardRow(ordinal, tokens, TOKENS, new int[] {TOKENS}, false, List.of("d" + ordinal)));
        }
        StructType schema = new StructType()
                .add("seq_ord", DataTypes.LongType)
                .add("tokens", DataTypes.BinaryType)
                .add("n_tok", DataTypes.IntegerType)
                .add("doc_ends", DataTypes.createArrayType(DataTypes.IntegerType))
                .add("first_is_continuation", DataTypes.BooleanType)
                .add("doc_ids", DataTypes.createArrayType(DataTypes.StringType));
        SparkTest.spark()
                .createDataFrame(rows.stream().map(ShardPartSparkTest::row).toList(), schema)
                .coalesce(1)
                .sortWithinPartitions("seq_ord")
                .write()
                .format("delta")
                .option("compression", "uncompressed")
                .option("parquet.enable.dictionary", "false")
                .option("parquet.block.size", "40000")
                .save(folder.resolve("table").toString());
        List<byte[]> digests = rows.stream().map(ShardDigests::ofRow).toList();
        List<String> digest = List.of(ShardDigests.ofShard(digests));
        shards = new ShardIndex.StreamShards(
                "web",
                new TableVersion("table", 0, ROWS, ""),
                "",
                (long) ROWS * TOKENS,
                ShardDigests.ofStream(digest),
                digest,
                List.of(),
                List.of(ShardDigests.partsOf(digests)));
    }

    private static Row row(ShardRow row) {
        return RowFactory.create(
                row.seqOrd(),
                row.tokens(),
                row.nTok(),
                row.docEnds(),
                row.firstIsContinuation(),
                row.docIds().toArray(String[]::new));
    }

    private static ShardTable open(Path path) {
        return ShardTable.open(DefaultEngine.create(new Configuration()), path, shards, 4096);
    }

    @Test
    void aPartHasTheRowsOfTheWhole() {
        ShardTable table = open(folder.resolve("table"));
        ShardFile file = table.fileOf(0);
        ShardRows whole = table.read(file);
        for (int row : List.of(0, 1023, 1024, 1500, 2047, 2048, ROWS - 1)) {
            ShardRows part = table.readPart(file, row);
            assertThat(part.whole()).isFalse();
            assertThat(part.holds(row)).isTrue();
            assertThat(part.holds(row + 1024)).isFalse();
            assertThat(part.sequence(row).tokens())
                    .isEqualTo(whole.sequence(row).tokens())
                    .isEqualTo(rows.get(row).tokens());
            assertThat(part.bytes()).isLessThan(whole.bytes() / 2);
        }
    }

    @Test
    void onlyTheFirstReadIsAPartAndTheWholeTakesItsPlace() {
        ShardTable table = open(folder.resolve("table"));
        ShardCache cache = new ShardCache(1 << 30);
        assertThat(cache.holding(table, 1500).whole()).isFalse();
        assertThat(cache.holding(table, 1024).whole()).isFalse();
        assertThat(cache.reads()).isEqualTo(1);
        ShardRows whole = cache.holding(table, 10);
        assertThat(whole.whole()).isTrue();
        assertThat(cache.holding(table, 1500)).isSameAs(whole);
        assertThat(cache.reads()).isEqualTo(2);
        assertThat(cache.bytes()).isEqualTo(whole.bytes());
    }

    @Test
    void anotherTokenIsFoundWithThePartThatItIsIn() throws IOException {
        Path copy = copyWithAnotherTokenIn(1500);
        ShardTable table = open(copy);
        ShardFile file = table.fileOf(0);
        assertThat(table.readPart(file, 10).sequence(10).tokens())
                .isEqualTo(rows.get(10).tokens());
        assertThatThrownBy(() -> table.readPart(file, 1024))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(".*table-1500: shard " + file.name()
                        + " has 1024 sequences from 1024 on with the payload digest [0-9a-f]{64}, [0-9a-f]{64} was written; "
                        + "run the shards stage again");
        ShardCache cache = new ShardCache(1 << 30);
        cache.holding(table, 10);
        assertThatThrownBy(() -> cache.holding(table, 2400))
                .as("nothing of a shard is handed out but what was verified")
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has 2500 sequences from 0 on with the payload digest");
    }

    private static Path copyWithAnotherTokenIn(int row) throws IOException {
        Path copy = folder.resolve("table-" + row);
        try (Stream<Path> walk = Files.walk(folder.resolve("table"))) {
            for (Path from : walk.toList()) {
                Files.copy(from, copy.resolve(folder.resolve("table").relativize(from)));
            }
        }
        try (Stream<Path> files = Files.list(copy)) {
            Path file = files.filter(path -> path.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            byte[] content = Files.readAllBytes(file);
            byte[] wanted = rows.get(row).tokens();
            for (int place = 0; place + wanted.length <= content.length; place++) {
                if (Arrays.equals(wanted, 0, wanted.length, content, place, place + wanted.length)) {
                    content[place] ^= 1;
                }
            }
            Files.write(file, content);
            Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
        }
        return copy;
    }
}
