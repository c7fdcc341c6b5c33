package io.peregrine.data.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Token ids as they lie in tables: two bytes each where the vocabulary allows it, else four, little-endian. */
public final class TokenBytes {
    private static final int TWO_BYTE_VOCAB_MAX = 1 << Short.SIZE;

    private TokenBytes() {}

    /** Bytes per id for a vocabulary of this size. */
    public static int width(int vocabSize) {
        return vocabSize <= TWO_BYTE_VOCAB_MAX ? Short.BYTES : Integer.BYTES;
    }

    /** The ids as bytes, {@code width(vocabSize)} each. */
    public static byte[] encode(int[] ids, int vocabSize) {
        int width = width(vocabSize);
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.multiplyExact(ids.length, width)).order(ByteOrder.LITTLE_ENDIAN);
        for (int id : ids) {
            if (id < 0 || id >= vocabSize) {
                throw new IllegalArgumentException("token id %d: must be in [0, %d)".formatted(id, vocabSize));
            }
            if (width == Short.BYTES) {
                buffer.putShort((short) id);
            } else {
                buffer.putInt(id);
            }
        }
        return buffer.array();
    }

    /** The ids in bytes that {@link #encode} made for a vocabulary of the same width. */
    public static int[] decode(byte[] bytes, int vocabSize) {
        int width = width(vocabSize);
        if (bytes.length % width != 0) {
            throw new IllegalArgumentException(
                    "%d bytes: must be a multiple of %d, the width of an id".formatted(bytes.length, width));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int[] ids = new int[bytes.length / width];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = width == Short.BYTES ? Short.toUnsignedInt(buffer.getShort()) : buffer.getInt();
        }
        return ids;
    }
}
