package io.peregrine.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads tokenized files by datatrove's description of them; the format has no sequences, so a file is one. */
final class NanosetReader {
    private NanosetReader() {}

    static List<Sequence> read(Path folder) throws IOException {
        List<Sequence> sequences = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".ds"))
                    .sorted()
                    .toList()) {
                sequences.add(file(file));
            }
        }
        return sequences;
    }

    private static Sequence file(Path file) throws IOException {
        List<String> metadata = Files.readAllLines(Path.of(file + ".metadata"));
        int width = Integer.parseInt(metadata.get(0).split("\\|")[1]);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> tokens = new ArrayList<>();
        while (bytes.hasRemaining()) {
            tokens.add(width == 2 ? bytes.getShort() & 0xFFFF : bytes.getInt());
        }
        assertThat(metadata.get(1)).isEqualTo(Integer.toString(tokens.size()));
        ByteBuffer index =
                ByteBuffer.wrap(Files.readAllBytes(Path.of(file + ".index"))).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> docEnds = new ArrayList<>();
        while (index.hasRemaining()) {
            docEnds.add((int) index.getLong());
        }
        return new Sequence(tokens, docEnds);
    }
}
