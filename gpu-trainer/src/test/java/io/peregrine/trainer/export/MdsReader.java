package io.peregrine.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads MDS shards by MosaicML Streaming's description of them: index, offsets, columns as named, arrays as typed. */
final class MdsReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private MdsReader() {}

    static List<Sequence> read(Path folder) throws IOException {
        JsonNode index = JSON.readTree(folder.resolve("index.json").toFile());
        assertThat(index.path("version").intValue()).isEqualTo(2);
        List<Sequence> samples = new ArrayList<>();
        for (JsonNode shard : index.path("shards")) {
            byte[] raw = raw(folder, shard);
            List<Sequence> read = shard(raw, shard);
            assertThat(read).hasSize(shard.path("samples").intValue());
            samples.addAll(read);
        }
        return samples;
    }

    private static byte[] raw(Path folder, JsonNode shard) throws IOException {
        if (shard.path("compression").isNull()) {
            assertThat(shard.path("zip_data").isNull()).isTrue();
            return checked(Files.readAllBytes(folder.resolve(name(shard, "raw_data"))), shard.path("raw_data"));
        }
        assertThat(shard.path("compression").textValue()).isEqualTo("zstd");
        assertThat(name(shard, "zip_data")).isEqualTo(name(shard, "raw_data") + ".zstd");
        assertThat(folder.resolve(name(shard, "raw_data"))).doesNotExist();
        byte[] zip = checked(Files.readAllBytes(folder.resolve(name(shard, "zip_data"))), shard.path("zip_data"));
        long size = Zstd.getFrameContentSize(zip);
        assertThat(size)
                .as("size in the frame")
                .isEqualTo(shard.path("raw_data").path("bytes").longValue());
        return checked(Zstd.decompress(zip, (int) size), shard.path("raw_data"));
    }

    private static String name(JsonNode shard, String file) {
        return shard.path(file).path("basename").textValue();
    }

    private static byte[] checked(byte[] content, JsonNode file) {
        assertThat(content).hasSize(file.path("bytes").intValue());
        try {
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            assertThat(file.path("hashes").path("sha256").textValue()).isEqualTo(sha256);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        return content;
    }

    private static List<Sequence> shard(byte[] raw, JsonNode described) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        int samples = bytes.getInt();
        List<Integer> offsets = new ArrayList<>();
        for (int i = 0; i <= samples; i++) {
            offsets.add(bytes.getInt());
        }
        assertThat(offsets).isSorted().doesNotHaveDuplicates().endsWith(raw.length);
        byte[] settings = new byte[offsets.get(0) - bytes.position()];
        bytes.get(settings);
        JsonNode header = JSON.readTree(settings);
        header.fieldNames()
                .forEachRemaining(key -> assertThat(described.path(key)).as(key).isEqualTo(header.path(key)));
        assertThat(header.path("version").intValue()).isEqualTo(2);
        assertThat(header.path("format").textValue()).isEqualTo("mds");
        if (samples > 1) {
            assertThat(raw.length).isLessThanOrEqualTo(header.path("size_limit").intValue());
        }
        List<Sequence> read = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            bytes.position(offsets.get(i));
            read.add(sample(bytes, header));
            assertThat(bytes.position()).isEqualTo(offsets.get(i + 1));
        }
        return read;
    }

    private static Sequence sample(ByteBuffer bytes, JsonNode header) {
        List<Integer> sizes = new ArrayList<>();
        for (JsonNode size : header.path("column_sizes")) {
            assertThat(size.isNull()).as("columns of any length").isTrue();
            sizes.add(bytes.getInt());
        }
        List<List<Integer>> columns = new ArrayList<>();
        for (int column = 0; column < sizes.size(); column++) {
            int end = bytes.position() + sizes.get(column);
            columns.add(array(bytes, header.path("column_encodings").get(column).textValue()));
            assertThat(bytes.position()).isEqualTo(end);
        }
        assertThat(header.path("column_names")).extracting(JsonNode::textValue).containsExactly("doc_ends", "tokens");
        return new Sequence(columns.get(1), columns.get(0));
    }

    private static List<Integer> array(ByteBuffer bytes, String encoding) {
        int head = bytes.get();
        assertThat(head >> 2).as("axes").isEqualTo(1);
        int length = number(bytes, 1 << (head & 3));
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            values.add(number(bytes, encoding.equals("ndarray:uint16") ? 2 : 4));
        }
        return values;
    }

    private static int number(ByteBuffer bytes, int width) {
        return switch (width) {
            case 1 -> bytes.get() & 0xFF;
            case 2 -> bytes.getShort() & 0xFFFF;
            default -> bytes.getInt();
        };
    }
}
