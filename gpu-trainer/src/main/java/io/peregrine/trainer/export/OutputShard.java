package io.peregrine.trainer.export;

import io.peregrine.trainer.loader.PackedSequence;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * An output shard under way.
 *
 * <p>Thread: for one thread. Ownership: closing one that has not been finished removes what it wrote.
 */
interface OutputShard extends Closeable {
    /** Whether the shard stays within its size with this sequence; the first one always fits. */
    boolean fits(PackedSequence sequence);

    /** Takes the next sequence. */
    void add(PackedSequence sequence) throws IOException;

    /** Writes what is left, moves the files to their places and says what they are. */
    Files finish() throws IOException;

    /**
     * The files of a finished shard.
     *
     * @param stored those in the folder
     * @param unpacked the file before compression, which is not in the folder, if there was any
     */
    record Files(List<OutputFile> stored, Optional<OutputFile> unpacked) {
        public Files {
            stored = List.copyOf(stored);
        }
    }
}
