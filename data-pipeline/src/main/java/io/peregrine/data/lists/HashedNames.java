package io.peregrine.data.lists;

import io.peregrine.data.seed.SeedStream;
import java.util.Arrays;
import java.util.Collection;

/**
 * A set of names, eight bytes each: what is kept is a 64-bit hash, so among n names a stranger is taken for a member with
 * probability n / 2^64 (five million domains: 3e-13).
 */
public final class HashedNames {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long[] hashes;

    public HashedNames(Collection<String> names) {
        this.hashes =
                names.stream().mapToLong(HashedNames::hash).sorted().distinct().toArray();
    }

    public boolean contains(String name) {
        return Arrays.binarySearch(hashes, hash(name)) >= 0;
    }

    public int size() {
        return hashes.length;
    }

    private static long hash(String name) {
        long hash = name.length();
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * MULTIPLIER;
            hash ^= hash >>> 32;
        }
        return SeedStream.mix(hash);
    }
}
