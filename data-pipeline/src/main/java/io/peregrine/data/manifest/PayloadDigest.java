package io.peregrine.data.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * The identity of data: SHA-256 over its canonical content.
 *
 * <p>Two Parquet files with equal rows can differ in bytes (the footer's order of encodings changes from one JVM to the
 * next), so a file's hash says nothing. Here a row is encoded value by value, each with a tag and its length, and
 * hashed; a table is the Merkle root of its rows.
 *
 * <p>A builder is one row on its way to its digest: add the values in a fixed order, then call {@link #digest}.
 */
public final class PayloadDigest {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest hash = sha256();
    private final ByteBuffer scratch = ByteBuffer.allocate(Byte.BYTES + Long.BYTES);

    /** A fresh SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Adds a text. */
    public PayloadDigest add(String value) {
        return tagged('s', value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds bytes. */
    public PayloadDigest add(byte[] value) {
        return tagged('b', value);
    }

    /** Adds a file's bytes, of any number: the same content as {@link #add(byte[])} of them. */
    public PayloadDigest add(Path file) throws IOException {
        tagged('b', Files.size(file));
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), hash)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return this;
    }

    /** Adds a whole number; an int and a long of the same value are the same content. */
    public PayloadDigest add(long value) {
        return tagged('i', value);
    }

    /** Adds a number by its bits, so that -0.0 and 0.0 differ and all NaNs are one. */
    public PayloadDigest add(double value) {
        return tagged('d', Double.doubleToLongBits(value));
    }

    /** Adds a truth value. */
    public PayloadDigest add(boolean value) {
        return tagged('t', value ? 1 : 0);
    }

    /** Adds an absent value. */
    public PayloadDigest addNull() {
        return tagged('n', 0);
    }

    /** Opens a list of this many values, which are added next. */
    public PayloadDigest list(int size) {
        return tagged('l', size);
    }

    /** The digest of what was added, 32 bytes. The builder is empty afterwards. */
    public byte[] digest() {
        return hash.digest();
    }

    /** The digest of what was added, as 64 hexadecimal digits. The builder is empty afterwards. */
    public String hex() {
        return HexFormat.of().formatHex(digest());
    }

    /**
     * The Merkle root of leaves in their order, as 64 hexadecimal digits. Leaves and inner nodes are hashed under
     * different prefixes, so that no node can pass for a leaf; a node without a right neighbour moves up as it is.
     */
    public static String merkleRoot(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return HexFormat.of().formatHex(sha256().digest());
        }
        List<byte[]> level = new ArrayList<>(leaves.size());
        for (byte[] leaf : leaves) {
            level.add(prefixed(LEAF, leaf, new byte[0]));
        }
        return HexFormat.of().formatHex(top(level));
    }

    /**
     * The Merkle root of leaves from the roots of parts of them: {@link #merkleRoot} of all.
     *
     * @param roots the root of each part, at least one; all parts have the same power of two of leaves, and the last may have
     *     fewer
     */
    public static String merkleRootOfParts(List<byte[]> roots) {
        return HexFormat.of().formatHex(top(roots));
    }

    private static byte[] top(List<byte[]> nodes) {
        List<byte[]> level = nodes;
        while (level.size() > 1) {
            List<byte[]> above = new ArrayList<>((level.size() + 1) / 2);
            for (int i = 0; i < level.size(); i += 2) {
                above.add(i + 1 < level.size() ? prefixed(NODE, level.get(i), level.get(i + 1)) : level.get(i));
            }
            level = above;
        }
        return level.get(0);
    }

    /** The Merkle root of rows that have no order of their own: they are taken in the order of their digests. */
    public static String merkleRootOfSet(List<byte[]> rowDigests) {
        List<byte[]> sorted = new ArrayList<>(rowDigests);
        Collections.sort(sorted, java.util.Arrays::compareUnsigned);
        return merkleRoot(sorted);
    }

    private static byte[] prefixed(byte prefix, byte[] left, byte[] right) {
        MessageDigest hash = sha256();
        hash.update(prefix);
        hash.update(left);
        hash.update(right);
        return hash.digest();
    }

    private PayloadDigest tagged(char tag, byte[] value) {
        tagged(tag, value.length);
        hash.update(value);
        return this;
    }

    private PayloadDigest tagged(char tag, long value) {
        scratch.clear();
        scratch.put((byte) tag).putLong(value);
        hash.update(scratch.array());
        return this;
    }
}
