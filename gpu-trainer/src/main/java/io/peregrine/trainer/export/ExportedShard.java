package io.peregrine.trainer.export;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A finished output shard, as the export's record has it.
 *
 * @param shard its number, from 0
 * @param from position of its first sequence in the plan
 * @param to position behind its last sequence
 * @param pieces pieces of documents in it: a document cut by the packing has several
 * @param tokens tokens in it
 * @param files its files in the export's folder
 * @param unpacked the file before compression, if there was any
 */
record ExportedShard(
        int shard,
        long from,
        long to,
        long pieces,
        long tokens,
        List<OutputFile> files,
        Optional<OutputFile> unpacked) {
    ExportedShard {
        files = List.copyOf(files);
        if (shard < 0 || from < 0 || to <= from || pieces < to - from || tokens < pieces || files.isEmpty()) {
            throw new DataException("shard %d, positions %d to %d, %d pieces, %d tokens, %d files: not an output shard"
                    .formatted(shard, from, to, pieces, tokens, files.size()));
        }
    }

    /** Size of its files. */
    long bytes() {
        return files.stream().mapToLong(OutputFile::bytes).sum();
    }

    /** Whether the folder has all its files, byte for byte. */
    boolean isIntact(Path folder) throws IOException {
        for (OutputFile file : files) {
            if (!file.isIntact(folder)) {
                return false;
            }
        }
        return true;
    }
}
