package io.peregrine.data.sources;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One frame of a zstd file, found by the headers of the frame and of its blocks, without decoding (RFC 8878, section 3).
 *
 * @param start byte of the file that the frame begins at
 * @param end byte behind the frame
 * @param textBytes what its content inflates to; 0 for a skippable frame, empty where the header does not say
 */
record ZstdFrame(long start, long end, OptionalLong textBytes) {
    static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE_MAGIC = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
    private static final int HEADER_BYTES_MAX = 18;
    private static final int BLOCK_HEADER_BYTES = 3;
    private static final int BLOCK_RLE = 1;
    private static final int BLOCK_RESERVED = 3;
    private static final int CHECKSUM_BYTES = 4;
    private static final int[] DICTIONARY_ID_BYTES = {0, 1, 2, 4};

    /** The frame that begins at a byte; nothing if none does, or its end is not in the file. */
    static Optional<ZstdFrame> at(FileChannel file, long start) throws IOException {
        ByteBuffer head = read(file, start, HEADER_BYTES_MAX);
        if (head.remaining() < 8) {
            return Optional.empty();
        }
        int magic = head.getInt();
        if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
            long end = start + 8 + Integer.toUnsignedLong(head.getInt());
            return within(file, new ZstdFrame(start, end, OptionalLong.of(0)));
        }
        return magic == MAGIC ? frame(file, start, head) : Optional.empty();
    }

    private static Optional<ZstdFrame> frame(FileChannel file, long start, ByteBuffer head) throws IOException {
        int descriptor = head.get() & 0xFF;
        boolean singleSegment = (descriptor & 0x20) != 0;
        int skipped = (singleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3];
        int sizeFlag = descriptor >>> 6;
        int sizeBytes = sizeFlag == 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
        if (head.remaining() < skipped + sizeBytes) {
            return Optional.empty();
        }
        head.position(head.position() + skipped);
        OptionalLong text = switch (sizeBytes) {
            case 1 -> OptionalLong.of(head.get() & 0xFF);
            case 2 -> OptionalLong.of((head.getShort() & 0xFFFF) + 256);
            case 4 -> OptionalLong.of(Integer.toUnsignedLong(head.getInt()));
            case 8 -> OptionalLong.of(head.getLong());
            default -> OptionalLong.empty();
        };
        if (text.isPresent() && text.getAsLong() < 0) {
            return Optional.empty();
        }
        boolean checksum = (descriptor & 4) != 0;
        long at = start + head.position();
        while (true) {
            ByteBuffer block = read(file, at, BLOCK_HEADER_BYTES);
            if (block.remaining() < BLOCK_HEADER_BYTES) {
                return Optional.empty();
            }
            int header = (block.getShort() & 0xFFFF) | (block.get() & 0xFF) << 16;
            int type = header >>> 1 & 3;
            if (type == BLOCK_RESERVED) {
                return Optional.empty();
            }
            at += BLOCK_HEADER_BYTES + (type == BLOCK_RLE ? 1 : header >>> 3);
            if ((header & 1) != 0) {
                return within(file, new ZstdFrame(start, at + (checksum ? CHECKSUM_BYTES : 0), text));
            }
        }
    }

    private static Optional<ZstdFrame> within(FileChannel file, ZstdFrame frame) throws IOException {
        return frame.end <= file.size() ? Optional.of(frame) : Optional.empty();
    }

    private static ByteBuffer read(FileChannel file, long at, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int n = file.read(buffer, at);
        while (n > 0 && buffer.hasRemaining()) {
            n = file.read(buffer, at + buffer.position());
        }
        return buffer.flip();
    }
}
