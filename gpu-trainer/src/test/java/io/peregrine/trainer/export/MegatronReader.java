package io.peregrine.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads indexed datasets by Megatron-LM's description of them, and holds them to what its reader asserts. */
final class MegatronReader {
    private static final int UINT16 = 8;
    private static final int INT32 = 4;

    private MegatronReader() {}

    /** The documents of all datasets of a folder, in the order of their names, each with the sequences in it. */
    static List<Sequence> read(Path folder) throws IOException {
        List<Sequence> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path idx : files.filter(file -> file.toString().endsWith(".idx"))
                    .sorted()
                    .toList()) {
                String prefix = idx.toString().substring(0, idx.toString().length() - ".idx".length());
                documents.addAll(dataset(Files.readAllBytes(idx), Files.readAllBytes(Path.of(prefix + ".bin"))));
            }
        }
        return documents;
    }

    static List<Sequence> dataset(byte[] idxBytes, byte[] binBytes) {
        ByteBuffer idx = ByteBuffer.wrap(idxBytes).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer bin = ByteBuffer.wrap(binBytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[9];
        idx.get(magic);
        assertThat(new String(magic, StandardCharsets.ISO_8859_1)).isEqualTo("MMIDIDX\u0000\u0000");
        assertThat(idx.getLong()).as("version").isEqualTo(1);
        int type = idx.get();
        assertThat(type).isIn(UINT16, INT32);
        int width = type == UINT16 ? 2 : 4;
        int sequences = (int) idx.getLong();
        int bounds = (int) idx.getLong();
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            lengths.add(idx.getInt());
        }
        long pointer = 0;
        for (int length : lengths) {
            assertThat(idx.getLong()).as("pointers are the bytes before").isEqualTo(pointer);
            pointer += (long) length * width;
        }
        assertThat(binBytes).as(".bin").hasSize((int) pointer);
        List<Long> documents = new ArrayList<>();
        for (int i = 0; i < bounds; i++) {
            documents.add(idx.getLong());
        }
        assertThat(idx.hasRemaining()).as("bytes behind the index").isFalse();
        assertThat(documents).isSorted().doesNotHaveDuplicates().startsWith(0L).endsWith((long) sequences);
        List<Sequence> read = new ArrayList<>();
        for (int document = 0; document + 1 < bounds; document++) {
            List<Integer> tokens = new ArrayList<>();
            List<Integer> docEnds = new ArrayList<>();
            for (long sequence = documents.get(document); sequence < documents.get(document + 1); sequence++) {
                for (int i = 0; i < lengths.get((int) sequence); i++) {
                    tokens.add(width == 2 ? bin.getShort() & 0xFFFF : bin.getInt());
                }
                docEnds.add(tokens.size());
            }
            read.add(new Sequence(tokens, docEnds));
        }
        return read;
    }
}
