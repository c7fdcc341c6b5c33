package io.peregrine.data.sources;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteLinesTest {
    private static final int CAP = 1 << 20;
    private static final long HUGE = 100L << 20;

    /** {@link #HUGE} bytes of one line, then a line of two bytes; nothing of it is ever in memory. */
    private static final class HugeLine extends InputStream {
        private long position;

        @Override
        public int read() {
            if (position > HUGE + 2) {
                return -1;
            }
            int b = position == HUGE ? '\n' : 'x';
            position++;
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int n = 0;
            int b = read();
            while (b >= 0) {
                buffer[offset + n++] = (byte) b;
                if (n == length) {
                    return n;
                }
                b = read();
            }
            return n == 0 ? -1 : n;
        }
    }

    @Test
    void aHugeLineIsPassedOverInBoundedMemory() throws IOException {
        ByteLines lines = new ByteLines(new HugeLine(), 5, CAP);
        assertThat(lines.next()).isTrue();
        assertThat(lines.isTooLong()).isTrue();
        assertThat(lines.length()).isEqualTo(HUGE);
        assertThat(lines.heldBytes()).isLessThanOrEqualTo(2L * BoundedBytes.SEGMENT_BYTES);
        assertThat(lines.next()).isTrue();
        assertThat(lines.bytes()).asString().isEqualTo("xx");
        assertThat(lines.start()).isEqualTo(HUGE + 6);
        assertThat(lines.next()).isFalse();
    }

    @Test
    void memoryNeverPassesTheCapAndTwoSegments() {
        BoundedBytes bytes = new BoundedBytes(CAP);
        byte[] chunk = new byte[10_000];
        for (long written = 0; written < HUGE; written += chunk.length) {
            bytes.add(chunk, 0, chunk.length);
            assertThat(bytes.heldBytes()).isLessThanOrEqualTo(CAP + 2L * BoundedBytes.SEGMENT_BYTES);
        }
        assertThat(bytes.isTooLarge()).isTrue();
    }

    @Test
    void aHugeContentIsNotReadToItsEnd() throws IOException {
        HugeLine stream = new HugeLine();
        Optional<byte[]> read = BoundedBytes.readAll(stream, CAP);
        assertThat(read).isEmpty();
        assertThat(stream.position).isLessThanOrEqualTo(CAP + BoundedBytes.SEGMENT_BYTES);
    }

    @Test
    void contentUpToTheCapIsKeptWhole() throws IOException {
        byte[] exact = new byte[CAP];
        exact[CAP - 1] = 7;
        assertThat(BoundedBytes.readAll(new ByteArrayInputStream(exact), CAP)).hasValue(exact);
        assertThat(BoundedBytes.readAll(new ByteArrayInputStream(exact), CAP - 1))
                .isEmpty();
    }

    @Test
    void linesAreThoseOfSplit() {
        forAll(100, gen -> {
            String text = (gen.text() + "\n" + gen.text()).replace(' ', '\n');
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteLines lines = new ByteLines(new ByteArrayInputStream(bytes), 0, CAP);
            List<String> found = new ArrayList<>();
            while (lines.next()) {
                found.add(new String(lines.bytes(), StandardCharsets.UTF_8));
            }
            List<String> expected = new ArrayList<>(List.of(text.split("\n", -1)));
            if (expected.get(expected.size() - 1).isEmpty()) {
                expected.remove(expected.size() - 1);
            }
            assertThat(found).isEqualTo(expected);
        });
    }
}
