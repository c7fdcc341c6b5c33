package io.peregrine.trainer.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What nvcc has put into a library: a fat binary for each source, with its code for each target.
 *
 * <p>A fat binary is a header (magic number, 16 bits of version, 16 bits of its own size, 64 bits of the size of what follows)
 * and entries. An entry is a header (16 bits of kind, 16 of version, 32 of its own size, 64 of the size of what follows; at 28
 * the architecture in 32 bits) and code. NVIDIA does not document it; this is what CUDA 10 to 13 write.
 */
final class FatBinaries {
    private static final int MAGIC = 0xBA55ED50;
    private static final int HEADER_BYTES = 16;
    private static final int ARCHITECTURE_AT = 28;
    private static final int PTX = 1;
    private static final int ELF = 2;

    private FatBinaries() {}

    /** The kinds of code of each source, such as {@code ELF 90}. */
    static List<Set<String>> of(URL library) throws IOException {
        ByteBuffer bytes;
        try (InputStream in = library.openStream()) {
            bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
        List<Set<String>> sources = new ArrayList<>();
        for (int at = 0; at + HEADER_BYTES <= bytes.limit(); at += Long.BYTES) { // they are aligned
            if (bytes.getInt(at) == MAGIC) {
                sources.add(kinds(bytes, at));
            }
        }
        return sources;
    }

    private static Set<String> kinds(ByteBuffer bytes, int at) {
        Set<String> kinds = new TreeSet<>();
        int entry = at + bytes.getShort(at + 6);
        long end = entry + bytes.getLong(at + 8);
        while (entry < end) {
            String kind = switch (bytes.getShort(entry)) {
                case PTX -> "PTX ";
                case ELF -> "ELF ";
                default -> "kind " + bytes.getShort(entry) + " ";
            };
            kinds.add(kind + bytes.getInt(entry + ARCHITECTURE_AT));
            entry += bytes.getInt(entry + 4) + Math.toIntExact(bytes.getLong(entry + 8));
        }
        return kinds;
    }
}
