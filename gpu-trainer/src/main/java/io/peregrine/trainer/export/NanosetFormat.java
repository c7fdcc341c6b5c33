package io.peregrine.trainer.export;

import io.peregrine.data.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Datatrove's tokenized files, which nanotron's Nanoset reads; the package's documentation has the layout.
 *
 * @param shardBytes most bytes of a {@code .ds}, save for one that holds a single sequence
 * @param tokenBytes bytes per token, 2 or 4
 */
public record NanosetFormat(long shardBytes, int tokenBytes) implements ExportFormat {
    /** A run stopped in the middle does at most so much again. */
    public static final long DEFAULT_SHARD_BYTES = 16L << 30;

    public NanosetFormat {
        if (shardBytes < 1) {
            throw new ConfigException("--shard-bytes", shardBytes, "must be >= 1");
        }
    }

    @Override
    public String name() {
        return "nanoset";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("shard-bytes", Long.toString(shardBytes));
    }

    @Override
    public OutputShard begin(Path folder, int index) throws IOException {
        return new NanosetShard(this, folder, "shard-%05d.ds".formatted(index));
    }

    /** Nothing: the files side by side are the dataset. */
    @Override
    public void finish(Path folder, List<ExportedShard> shards) {}
}
