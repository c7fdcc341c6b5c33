package io.peregrine.mixture.shard;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the shards of a run are and what is in them: the file {@code 70-shards/index.json}.
 *
 * @param format always {@link #FORMAT}
 * @param version version of the index
 * @param sequenceLength tokens of a full sequence
 * @param shardSequences sequences per shard
 * @param tokenBytes bytes per token, 2 or 4
 * @param streams the streams that have shards, sorted by name
 */
public record ShardIndex(
        String format,
        int version,
        int sequenceLength,
        int shardSequences,
        int tokenBytes,
        List<StreamShards> streams) {
    public static final String FILE_NAME = "index.json";
    public static final String FORMAT = "peregrine-shards";
    public static final int VERSION = 2;

    /** Version of the rows in the shards and of their digests: part of their identity. */
    public static final int ROWS_VERSION = 1;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * The shards of a stream.
     *
     * @param name the stream
     * @param table its table, at exactly the version that has these rows
     * @param packingDigest identity of its sequences, as in the plan
     * @param tokens tokens in all its sequences
     * @param digest identity of what is in the table
     * @param shards identity of each shard, in their order
     * @param packings what decided each shard's rows, in the same order; empty if that is not known
     * @param parts identity of each part of each shard, see {@link ShardDigests#PART_ROWS}; empty if that is not known
     */
    public record StreamShards(
            String name,
            TableVersion table,
            String packingDigest,
            long tokens,
            String digest,
            List<String> shards,
            List<String> packings,
            List<List<String>> parts) {
        public StreamShards {
            parts = parts.stream().map(List::copyOf).toList();
            shards = List.copyOf(shards);
            packings = List.copyOf(packings);
            if (!packings.isEmpty() && packings.size() != shards.size()) {
                throw new DataException(
                        "stream '%s': %d packings for %d shards".formatted(name, packings.size(), shards.size()));
            }
            boolean partsFit = parts.isEmpty()
                    || parts.stream().map(ShardDigests::ofParts).toList().equals(shards);
            if (!partsFit) {
                throw new DataException(
                        "stream '%s': the digests of the shards are not those of their parts".formatted(name));
            }
            if (!ShardDigests.ofStream(shards).equals(digest)) {
                throw new DataException("stream '%s': the digest %s is not that of its %d shards"
                        .formatted(name, digest, shards.size()));
            }
        }
    }

    public ShardIndex {
        streams = List.copyOf(streams);
        if (!format.equals(FORMAT) || version != VERSION) {
            throw new DataException("format %s version %d; this program reads %s version %d"
                    .formatted(format, version, FORMAT, VERSION));
        }
    }

    /** The shards of a stream. */
    public StreamShards stream(String name) {
        return streams.stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new DataException("there are no shards of stream '%s'; run 'mixture build'".formatted(name)));
    }

    /** Identity of what is in the shards, whatever versions the tables have; 64 hexadecimal digits. */
    public String payloadDigest() {
        PayloadDigest digest = new PayloadDigest();
        digest.add(format)
                .add(ROWS_VERSION)
                .add(sequenceLength)
                .add(shardSequences)
                .add(tokenBytes);
        digest.list(streams.size());
        streams.forEach(stream -> digest.add(stream.name()).add(stream.digest()));
        return digest.hex();
    }

    /**
     * Checks that these are the shards that a plan orders.
     *
     * @throws DataException naming the first thing that differs
     */
    public void requireFor(MixturePlan plan) {
        requireEqual("sequence-length", sequenceLength, plan.sequenceLength());
        requireEqual("shard-sequences", shardSequences, plan.shardSequences());
        requireEqual("token-bytes", tokenBytes, plan.tokenBytes());
        for (PlannedStream planned : plan.streams()) {
            if (planned.planned()) {
                StreamShards shards = stream(planned.name());
                String where = planned.name() + ": ";
                requireEqual(where + "packing-digest", shards.packingDigest(), planned.packingDigest());
                requireEqual(where + "sequences", shards.table().rows(), planned.sequences());
                requireEqual(where + "tokens", shards.tokens(), planned.tokens());
            }
        }
    }

    private static void requireEqual(String what, Object have, Object planned) {
        if (!have.equals(planned)) {
            throw new DataException(
                    "the shards are not those of the plan: %s is %s, the plan has %s; run 'mixture build'"
                            .formatted(what, have, planned));
        }
    }

    /** Writes the index, whole or not at all. */
    public void write(Path file) {
        try {
            AtomicFiles.write(file, toJson().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** The content of the index's file. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an index can always be written", e);
        }
    }

    /**
     * Reads an index.
     *
     * @throws DataException if the file is missing, damaged or of another version
     */
    public static ShardIndex read(Path file) {
        try {
            JsonNode index = JSON.readTree(Files.readString(file));
            if (index.path("version").asInt() == 1 && index instanceof ObjectNode first) {
                first.put("version", VERSION);
                first.path("streams").forEach(stream -> {
                    ((ObjectNode) stream).putArray("packings");
                    ((ObjectNode) stream).putArray("parts");
                });
            }
            return JSON.treeToValue(index, ShardIndex.class);
        } catch (NoSuchFileException e) {
            throw new DataException("%s: there are no shards here; run 'mixture build' first".formatted(file), e);
        } catch (JsonProcessingException e) {
            String detail = e.getCause() instanceof DataException fault ? fault.getMessage() : e.getOriginalMessage();
            throw new DataException("%s: not a shard index (%s); run 'mixture build' again".formatted(file, detail), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
