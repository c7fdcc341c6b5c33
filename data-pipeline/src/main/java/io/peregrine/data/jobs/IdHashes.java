package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.xxhash64;

import io.peregrine.data.seed.SeedStream;
import org.apache.spark.sql.Column;

/** Keyed hashes of document ids, in Spark's own expressions, so that they run wherever the plan runs. */
public final class IdHashes {
    private static final int BITS = 63;
    private static final double RANGE = 0x1p63;

    private IdHashes() {}

    /** A number in {@code [0, 2^63)} that is a pure function of the seed and the id. */
    public static Column of(SeedStream seed, Column id) {
        return shiftrightunsigned(xxhash64(lit(seed.key()), id), 1);
    }

    /** The hash's first {@code bits} bits: buckets in ascending order hold hashes in ascending order. */
    public static Column bucket(Column hash, int bits) {
        return shiftright(hash, BITS - bits).cast("int");
    }

    /** Whether the id belongs to a share of all ids, 0 to 1. The ids of a smaller share belong to every larger one. */
    public static Column inShare(SeedStream seed, Column id, double share) {
        return of(seed, id).lt(lit((long) (share * RANGE)));
    }
}
