package io.peregrine.data.dedup;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How the bytes of a shingle become 64 bits. */
public enum ShingleHash {
    /** XXH64 with seed 0: FineWeb2, and datatrove's default. */
    XXH64("xxh64"),
    /** The first eight bytes of SHA-1, low byte first: FineWeb's first version. */
    SHA1("sha1");

    private final String key;

    ShingleHash(String key) {
        this.key = key;
    }

    /** The name in a run file. */
    @JsonValue
    public String key() {
        return key;
    }

    /** A hasher of this kind, with its own buffers. */
    Hasher hasher() {
        return this == XXH64 ? (bytes, from, to) -> XxHash64.hash(0, bytes, from, to) : new Sha1();
    }

    /** Hashes a range of bytes. For one thread. */
    @FunctionalInterface
    interface Hasher {
        long hash(byte[] bytes, int from, int to);
    }

    private static final class Sha1 implements Hasher {
        private static final int DIGEST_BYTES = 20;

        private final MessageDigest digest;
        private final byte[] result = new byte[DIGEST_BYTES];
        private final ByteBuffer view = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);

        Sha1() {
            try {
                digest = MessageDigest.getInstance("SHA-1");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-1", e);
            }
        }

        @Override
        public long hash(byte[] bytes, int from, int to) {
            try {
                digest.update(bytes, from, to - from);
                digest.digest(result, 0, DIGEST_BYTES);
                return view.getLong(0);
            } catch (DigestException e) {
                throw new IllegalStateException("20 bytes hold a SHA-1", e);
            }
        }
    }
}
