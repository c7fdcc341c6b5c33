package io.peregrine.trainer.export;

import io.peregrine.trainer.loader.PackedSequence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One MDS shard. The table of offsets comes first and needs all sizes, so the shard's sequences wait in memory until it
 * is full.
 */
final class MdsShard implements OutputShard {
    /** What MosaicML's own writer takes if no level is named. */
    private static final int ZSTD_LEVEL = 3;

    /** A sample begins with the size of each of its two columns. */
    private static final int SAMPLE_HEADER_BYTES = 2 * Integer.BYTES;

    /** One axis; the type of its length comes in the two bits below. */
    private static final int ONE_AXIS = 1 << 2;

    private final MdsFormat format;
    private final Path folder;
    private final String name;
    private final byte[] header;
    private final List<PackedSequence> sequences = new ArrayList<>();
    private long bytes;

    MdsShard(MdsFormat format, Path folder, String name) {
        this.format = format;
        this.folder = folder;
        this.name = name;
        this.header = format.header();
        this.bytes = 2L * Integer.BYTES + header.length;
    }

    @Override
    public boolean fits(PackedSequence sequence) {
        return sequences.isEmpty() || bytes + Integer.BYTES + sampleBytes(sequence) <= format.shardBytes();
    }

    @Override
    public void add(PackedSequence sequence) {
        sequences.add(sequence);
        bytes += Integer.BYTES + sampleBytes(sequence);
    }

    private static long sampleBytes(PackedSequence sequence) {
        return SAMPLE_HEADER_BYTES + docEndsBytes(sequence) + tokensBytes(sequence);
    }

    private static long docEndsBytes(PackedSequence sequence) {
        int documents = sequence.docEnds().length;
        return Byte.BYTES + (1L << lengthType(documents)) + (long) documents * Integer.BYTES;
    }

    private static long tokensBytes(PackedSequence sequence) {
        return Byte.BYTES + (1L << lengthType(sequence.length())) + sequence.tokens().length;
    }

    /** Type of an axis's length, by the logarithm of its bytes: the narrowest unsigned one. */
    private static int lengthType(int length) {
        if (length < 1 << Byte.SIZE) {
            return 0;
        }
        return length < 1 << Short.SIZE ? 1 : 2;
    }

    @Override
    public Files finish() throws IOException {
        if (!format.zstd()) {
            try (FileOutput file = new FileOutput(folder, name)) {
                write(file);
                return new Files(List.of(file.finish()), Optional.empty());
            }
        }
        try (ZstdOutput raw = new ZstdOutput(name, bytes, ZSTD_LEVEL, new FileOutput(folder, name + ".zstd"))) {
            write(raw);
            OutputFile unpacked = raw.digested();
            return new Files(List.of(raw.finish()), Optional.of(unpacked));
        }
    }

    private void write(DigestedOutput out) throws IOException {
        out.putInt(sequences.size());
        long offset = Integer.BYTES + (sequences.size() + 1L) * Integer.BYTES + header.length;
        for (PackedSequence sequence : sequences) {
            out.putInt((int) offset);
            offset += sampleBytes(sequence);
        }
        out.putInt((int) offset);
        out.put(header);
        for (PackedSequence sequence : sequences) {
            write(sequence, out);
        }
    }

    private static void write(PackedSequence sequence, DigestedOutput out) throws IOException {
        out.putInt((int) docEndsBytes(sequence));
        out.putInt((int) tokensBytes(sequence));
        axis(sequence.docEnds().length, out);
        for (int end : sequence.docEnds()) {
            out.putInt(end);
        }
        axis(sequence.length(), out);
        out.put(sequence.tokens());
    }

    private static void axis(int length, DigestedOutput out) throws IOException {
        int type = lengthType(length);
        out.putByte(ONE_AXIS | type);
        switch (type) {
            case 0 -> out.putByte(length);
            case 1 -> out.putShort(length);
            default -> out.putInt(length);
        }
    }

    /** The files are closed by {@link #finish}; until then there are none. */
    @Override
    public void close() {}
}
