package io.peregrine.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.shard.TokenBytes;
import io.peregrine.trainer.loader.PackedSequence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of each form, written out by hand from its description. */
class OutputShardTest {
    @TempDir
    Path folder;

    private static PackedSequence sequence(int width, List<Integer> tokens, Integer... docEnds) {
        byte[] bytes =
                TokenBytes.encode(tokens.stream().mapToInt(Integer::intValue).toArray(), width);
        return new PackedSequence(
                bytes, Arrays.stream(docEnds).mapToInt(Integer::intValue).toArray());
    }

    private OutputShard.Files write(ExportFormat format, PackedSequence... sequences) throws IOException {
        try (OutputShard shard = format.begin(folder, 7)) {
            for (PackedSequence sequence : sequences) {
                assertThat(shard.fits(sequence)).isTrue();
                shard.add(sequence);
            }
            return shard.finish();
        }
    }

    private String bytesOf(String name) throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(folder.resolve(name)));
    }

    private static String hex(String... parts) {
        return String.join("", parts).replace(" ", "");
    }

    @Test
    void megatronByItsLayout() throws IOException {
        PackedSequence first = sequence(2, List.of(1, 2, 0xFFFE), 2, 3);
        PackedSequence second = sequence(2, List.of(258), 1);
        OutputShard.Files files = write(new MegatronFormat(MegatronFormat.Unit.DOCUMENT, 8, 2), first, second);
        assertThat(files.stored()).extracting(OutputFile::name).containsExactly("shard-00007.bin", "shard-00007.idx");
        assertThat(files.stored().get(0).isIntact(folder)).isTrue();
        assertThat(bytesOf("shard-00007.bin")).isEqualTo(hex("0100 0200 feff 0201"));
        assertThat(bytesOf("shard-00007.idx"))
                .isEqualTo(hex(
                        "4d4d4944494458 0000", // MMIDIDX
                        "0100000000000000 08", // version, uint16
                        "0300000000000000 0300000000000000", // three sequences, two documents and the end
                        "02000000 01000000 01000000",
                        "0000000000000000 0400000000000000 0600000000000000",
                        "0000000000000000 0200000000000000 0300000000000000"));
    }

    @Test
    void megatronWithWideTokensBySequence() throws IOException {
        PackedSequence first = sequence(4, List.of(70_000, 2), 1, 2);
        write(new MegatronFormat(MegatronFormat.Unit.SEQUENCE, 8, 4), first);
        assertThat(bytesOf("shard-00007.bin")).isEqualTo(hex("70110100 02000000"));
        assertThat(bytesOf("shard-00007.idx"))
                .isEqualTo(hex(
                        "4d4d4944494458 0000 0100000000000000 04",
                        "0100000000000000 0200000000000000",
                        "02000000",
                        "0000000000000000",
                        "0000000000000000 0100000000000000"));
    }

    @Test
    void mdsByItsLayout() throws IOException {
        String settings = "{\"column_encodings\": [\"ndarray:uint32\", \"ndarray:uint16\"], \"column_names\":"
                + " [\"doc_ends\", \"tokens\"], \"column_sizes\": [null, null], \"compression\": null, \"format\":"
                + " \"mds\", \"hashes\": [\"sha256\"], \"size_limit\": 1000, \"version\": 2}";
        int begin = 4 + 3 * 4 + settings.length();
        MdsFormat format = new MdsFormat(false, 1000, 2);
        write(format, sequence(2, List.of(1, 2, 0xFFFE), 2, 3), sequence(2, List.of(258), 1));
        byte[] bytes = Files.readAllBytes(folder.resolve("shard.00007.mds"));
        assertThat(new String(bytes, 16, settings.length(), StandardCharsets.US_ASCII))
                .isEqualTo(settings);
        assertThat(HexFormat.of().formatHex(bytes, 0, 4)).isEqualTo("02000000");
        assertThat(offsets(bytes)).containsExactly(begin, begin + 26, begin + 26 + 18);
        assertThat(HexFormat.of().formatHex(bytes, begin, bytes.length))
                .isEqualTo(hex(
                        "0a000000 08000000", // bytes of the columns
                        "04 02 02000000 03000000", // one axis of two, in a byte
                        "04 03 0100 0200 feff",
                        "06000000 04000000",
                        "04 01 01000000",
                        "04 01 0201"));
    }

    /** The table of offsets at the head of an MDS shard. */
    private static List<Integer> offsets(byte[] shard) {
        ByteBuffer bytes = ByteBuffer.wrap(shard).order(ByteOrder.LITTLE_ENDIAN);
        int samples = bytes.getInt();
        return IntStream.rangeClosed(0, samples).mapToObj(i -> bytes.getInt()).toList();
    }

    @Test
    void mdsNamesEveryLengthInTheFewestBytes() throws IOException {
        for (int length : new int[] {255, 256, 65_535, 65_536}) {
            Path out = Files.createDirectories(folder.resolve("length-" + length));
            List<Integer> tokens =
                    IntStream.range(0, length).mapToObj(i -> i % 50_000).toList();
            Integer[] ends = IntStream.rangeClosed(1, length).boxed().toArray(Integer[]::new);
            MdsFormat format = new MdsFormat(true, 1 << 20, 4);
            try (OutputShard shard = format.begin(out, 0)) {
                shard.add(sequence(4, tokens, ends));
                OutputShard.Files files = shard.finish();
                int expected = length < 256 ? 1 : length < 65_536 ? 2 : 4;
                long header = 4L + 2 * 4 + format.header().length + 2 * 4;
                assertThat(files.unpacked().orElseThrow().bytes()).isEqualTo(header + 2 * (1 + expected + 4L * length));
                format.finish(
                        out, List.of(new ExportedShard(0, 0, 1, length, length, files.stored(), files.unpacked())));
            }
            assertThat(MdsReader.read(out)).containsExactly(new Sequence(tokens, List.of(ends)));
        }
    }

    @Test
    void nanosetByItsLayout() throws IOException {
        write(new NanosetFormat(8, 2), sequence(2, List.of(1, 2, 3), 2, 3), sequence(2, List.of(4), 1));
        assertThat(bytesOf("shard-00007.ds")).isEqualTo(hex("0100 0200 0300 0400"));
        assertThat(bytesOf("shard-00007.ds.index"))
                .isEqualTo(hex("0200000000000000 0300000000000000 0400000000000000"));
        assertThat(folder.resolve("shard-00007.ds.metadata")).hasContent("tokenizer.json|2\n4\n4.00 T");
        assertThat(List.of(0L, 12L, 999L, 1000L, 1_234_567L, 45_600_000_000L))
                .extracting(NanosetShard::metric)
                .containsExactly("0.00 T", "12.0 T", "999 T", "1.00 kT", "1.23 MT", "45.6 GT");
    }

    @Test
    void aShardIsFullToTheByte() throws IOException {
        PackedSequence sequence = sequence(2, List.of(1, 2, 3), 2, 3);
        long mds = 4L + 4 + new MdsFormat(false, 400, 2).header().length + 2 * (4 + 8 + 10 + 8);
        for (ExportFormat format : List.of(
                new MegatronFormat(MegatronFormat.Unit.DOCUMENT, 12, 2),
                new NanosetFormat(12, 2),
                new MdsFormat(false, mds, 2))) {
            try (OutputShard shard = format.begin(folder, 0)) {
                shard.add(sequence);
                assertThat(shard.fits(sequence)).as(format.name()).isTrue();
                shard.add(sequence);
                assertThat(shard.fits(sequence)).as(format.name()).isFalse();
                shard.finish();
            }
        }
        assertThat(Files.size(folder.resolve("shard.00000.mds"))).isEqualTo(mds);
    }

    @Test
    void anUnfinishedShardLeavesNothing() throws IOException {
        for (ExportFormat format : List.of(
                new MegatronFormat(MegatronFormat.Unit.DOCUMENT, 12, 2),
                new NanosetFormat(12, 2),
                new MdsFormat(true, 900, 2))) {
            try (OutputShard shard = format.begin(folder, 0)) {
                shard.add(sequence(2, List.of(1, 2, 3), 2, 3));
            }
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left).as(format.name()).isEmpty();
            }
        }
    }

    @Test
    void sizesThatTheFormCannotHoldAreRefused() {
        assertThatThrownBy(() -> new MdsFormat(false, 1L << 32, 2))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--shard-bytes = 4294967296: must be 1..4294967295: the offsets inside an MDS shard have 32"
                        + " bits");
        assertThatThrownBy(() -> new MegatronFormat(MegatronFormat.Unit.DOCUMENT, 0, 2))
                .hasMessage("--shard-bytes = 0: must be >= 1");
    }
}
