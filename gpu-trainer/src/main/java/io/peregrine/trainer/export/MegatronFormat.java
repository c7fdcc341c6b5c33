package io.peregrine.trainer.export;

import io.peregrine.data.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Megatron-LM's indexed dataset; the package's documentation has the layout.
 *
 * @param unit what one sequence of the dataset is
 * @param shardBytes most bytes of a {@code .bin}, save for one that holds a single sequence
 * @param tokenBytes bytes per token, 2 or 4
 */
public record MegatronFormat(Unit unit, long shardBytes, int tokenBytes) implements ExportFormat {
    /** A run stopped in the middle does at most so much again. */
    public static final long DEFAULT_SHARD_BYTES = 16L << 30;

    /** What one sequence of the dataset is. */
    public enum Unit {
        /** A piece of a document as it lies in a packed sequence. */
        DOCUMENT,
        /** A packed sequence. */
        SEQUENCE
    }

    public MegatronFormat {
        if (shardBytes < 1) {
            throw new ConfigException("--shard-bytes", shardBytes, "must be >= 1");
        }
    }

    @Override
    public String name() {
        return "megatron";
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("unit", unit == Unit.DOCUMENT ? "document" : "sequence");
        settings.put("shard-bytes", Long.toString(shardBytes));
        return settings;
    }

    @Override
    public OutputShard begin(Path folder, int index) throws IOException {
        return new MegatronShard(this, folder, "shard-%05d".formatted(index));
    }

    /** Nothing: each shard is a dataset, with an index of its own. */
    @Override
    public void finish(Path folder, List<ExportedShard> shards) {}
}
