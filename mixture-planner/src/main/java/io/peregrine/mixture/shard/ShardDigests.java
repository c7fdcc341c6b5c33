package io.peregrine.mixture.shard;

import io.peregrine.data.manifest.PayloadDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The identity of rows, shards and streams; the package's documentation has the definition. */
public final class ShardDigests {
    /**
     * Rows of a shard that can be verified without the rest of it, counted from its first. A power of two, so that their
     * digest is a node of the shard's Merkle tree.
     */
    public static final int PART_ROWS = 1024;

    private ShardDigests() {}

    /** Digest of a row, 32 bytes. */
    public static byte[] ofRow(ShardRow row) {
        PayloadDigest digest = new PayloadDigest();
        digest.add(row.seqOrd()).add(row.tokens()).add(row.nTok()).list(row.docEnds().length);
        for (int end : row.docEnds()) {
            digest.add(end);
        }
        digest.add(row.firstIsContinuation()).list(row.docIds().size());
        row.docIds().forEach(digest::add);
        return digest.digest();
    }

    /** Digest of a shard from those of its rows, in the order of their numbers; 64 hexadecimal digits. */
    public static String ofShard(List<byte[]> rowDigests) {
        return PayloadDigest.merkleRoot(rowDigests);
    }

    /** Digest of each part of a shard from those of its rows. */
    public static List<String> partsOf(List<byte[]> rowDigests) {
        List<String> parts = new ArrayList<>();
        for (int from = 0; from < rowDigests.size(); from += PART_ROWS) {
            parts.add(ofShard(rowDigests.subList(from, Math.min(from + PART_ROWS, rowDigests.size()))));
        }
        return parts;
    }

    /** Digest of a shard from those of its parts, in their order. */
    public static String ofParts(List<String> parts) {
        return PayloadDigest.merkleRootOfParts(
                parts.stream().map(HexFormat.of()::parseHex).toList());
    }

    /** Digest of a stream from those of its shards, in their order; 64 hexadecimal digits. */
    public static String ofStream(List<String> shardDigests) {
        return PayloadDigest.merkleRoot(
                shardDigests.stream().map(HexFormat.of()::parseHex).toList());
    }
}
