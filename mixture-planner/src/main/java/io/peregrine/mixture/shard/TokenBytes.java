package io.peregrine.mixture.shard;

import io.peregrine.data.DataException;

/** Token ids as bytes: unsigned, little-endian, 2 or 4 bytes each. */
public final class TokenBytes {
    /** Vocabularies up to this size have ids of 2 bytes. */
    public static final int VOCABULARY_MAX_2_BYTES = 1 << 16;

    private TokenBytes() {}

    /** Bytes per id for a vocabulary of this size, 2 or 4. */
    public static int width(int vocabularySize) {
        return vocabularySize <= VOCABULARY_MAX_2_BYTES ? Short.BYTES : Integer.BYTES;
    }

    /** Ids as bytes. Every id is {@code >= 0} and fits the width. */
    public static byte[] encode(int[] ids, int width) {
        byte[] bytes = new byte[Math.multiplyExact(ids.length, width)];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || (width == Short.BYTES && ids[i] >= VOCABULARY_MAX_2_BYTES)) {
                throw new DataException("token %d is %d: does not fit %d bytes".formatted(i, ids[i], width));
            }
            for (int b = 0; b < width; b++) {
                bytes[i * width + b] = (byte) (ids[i] >>> (Byte.SIZE * b));
            }
        }
        return bytes;
    }

    /** Bytes as ids. */
    public static int[] decode(byte[] bytes, int width) {
        if (bytes.length % width != 0) {
            throw new DataException("%d bytes of tokens: must be a multiple of %d".formatted(bytes.length, width));
        }
        int[] ids = new int[bytes.length / width];
        for (int i = 0; i < ids.length; i++) {
            for (int b = 0; b < width; b++) {
                ids[i] |= (bytes[i * width + b] & 0xFF) << (Byte.SIZE * b);
            }
        }
        return ids;
    }
}
