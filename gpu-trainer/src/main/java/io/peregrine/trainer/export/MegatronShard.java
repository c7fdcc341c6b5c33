package io.peregrine.trainer.export;

import io.peregrine.trainer.loader.PackedSequence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One {@code .bin} with its {@code .idx}. The lengths wait on disk for the index, so any number of them costs no memory. */
final class MegatronShard implements OutputShard {
    private static final byte[] MAGIC = "MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final long VERSION = 1;
    private static final int UINT16 = 8;
    private static final int INT32 = 4;

    private final MegatronFormat format;
    private final FileOutput bin;
    private final FileOutput idx;
    private final SpilledInts lengths;
    private final SpilledInts documentSizes;

    MegatronShard(MegatronFormat format, Path folder, String name) throws IOException {
        this.format = format;
        this.bin = new FileOutput(folder, name + ".bin");
        this.idx = new FileOutput(folder, name + ".idx");
        this.lengths = new SpilledInts(folder.resolve("." + name + ".lengths.tmp"));
        this.documentSizes = new SpilledInts(folder.resolve("." + name + ".documents.tmp"));
    }

    @Override
    public boolean fits(PackedSequence sequence) {
        return bin.bytes() == 0 || bin.bytes() + sequence.tokens().length <= format.shardBytes();
    }

    @Override
    public void add(PackedSequence sequence) throws IOException {
        bin.put(sequence.tokens());
        int begin = 0;
        for (int end : ends(sequence)) {
            lengths.add(end - begin);
            begin = end;
        }
        documentSizes.add(ends(sequence).length);
    }

    private int[] ends(PackedSequence sequence) {
        return format.unit() == MegatronFormat.Unit.DOCUMENT ? sequence.docEnds() : new int[] {sequence.length()};
    }

    @Override
    public Files finish() throws IOException {
        writeIndex();
        return new Files(List.of(bin.finish(), idx.finish()), Optional.empty());
    }

    private void writeIndex() throws IOException {
        idx.put(MAGIC);
        idx.putLong(VERSION);
        idx.putByte(format.tokenBytes() == Short.BYTES ? UINT16 : INT32);
        idx.putLong(lengths.size());
        idx.putLong(documentSizes.size() + 1);
        lengths.forEach(idx::putInt);
        Sum pointer = new Sum();
        lengths.forEach(length -> idx.putLong(pointer.add((long) length * format.tokenBytes())));
        Sum document = new Sum();
        documentSizes.forEach(size -> idx.putLong(document.add(size)));
        idx.putLong(document.value);
    }

    /** A running sum that gives what it was before. */
    private static final class Sum {
        private long value;

        long add(long more) {
            long before = value;
            value += more;
            return before;
        }
    }

    @Override
    public void close() throws IOException {
        try (bin;
                idx;
                lengths;
                documentSizes) {
            // Closes all four, whichever fails.
        }
    }
}
