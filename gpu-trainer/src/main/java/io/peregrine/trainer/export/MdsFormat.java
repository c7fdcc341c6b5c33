package io.peregrine.trainer.export;

import io.peregrine.data.ConfigException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * MosaicML Streaming's MDS shards; the package's documentation has the layout.
 *
 * @param zstd whether shards are compressed
 * @param shardBytes most bytes of a shard before compression, save for one that holds a single sequence
 * @param tokenBytes bytes per token, 2 or 4
 */
public record MdsFormat(boolean zstd, long shardBytes, int tokenBytes) implements ExportFormat {
    /** What MosaicML's own writer takes. */
    public static final long DEFAULT_SHARD_BYTES = 1L << 26;

    private static final long SHARD_BYTES_MAX = 0xFFFF_FFFFL;
    private static final String INDEX = "index.json";

    public MdsFormat {
        if (shardBytes < 1 || shardBytes > SHARD_BYTES_MAX) {
            throw new ConfigException(
                    "--shard-bytes",
                    shardBytes,
                    "must be 1..%d: the offsets inside an MDS shard have 32 bits".formatted(SHARD_BYTES_MAX));
        }
    }

    @Override
    public String name() {
        return "mds";
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("compression", zstd ? "zstd" : "none");
        settings.put("shard-bytes", Long.toString(shardBytes));
        return settings;
    }

    /** The settings that stand in every shard, as the object's members in sorted order; {@code hole} comes in between. */
    private String members(String hole) {
        return ("\"column_encodings\": [\"ndarray:uint32\", \"ndarray:uint%d\"], \"column_names\": [\"doc_ends\","
                        + " \"tokens\"], \"column_sizes\": [null, null], \"compression\": %s, \"format\": \"mds\","
                        + " \"hashes\": [\"sha256\"], %s\"size_limit\": %d, \"version\": 2")
                .formatted(tokenBytes * Byte.SIZE, zstd ? "\"zstd\"" : "null", hole, shardBytes);
    }

    /** The JSON object inside every shard. */
    byte[] header() {
        return ("{" + members("") + "}").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public OutputShard begin(Path folder, int index) {
        return new MdsShard(this, folder, "shard.%05d.mds".formatted(index));
    }

    @Override
    public void finish(Path folder, List<ExportedShard> shards) throws IOException {
        String index = shards.stream().map(this::entry).collect(Collectors.joining(", ", "{\"shards\": [", "], "))
                + "\"version\": 2}";
        AtomicFiles.write(folder.resolve(INDEX), index.getBytes(StandardCharsets.US_ASCII));
    }

    private String entry(ExportedShard shard) {
        OutputFile stored = shard.files().get(0);
        OutputFile raw = shard.unpacked().orElse(stored);
        String middle = "\"raw_data\": %s, \"samples\": %d, ".formatted(described(raw), shard.to() - shard.from());
        String last = ", \"zip_data\": " + (zstd ? described(stored) : "null");
        return "{" + members(middle) + last + "}";
    }

    private static String described(OutputFile file) {
        return "{\"basename\": \"%s\", \"bytes\": %d, \"hashes\": {\"sha256\": \"%s\"}}"
                .formatted(file.name(), file.bytes(), file.sha256());
    }
}
