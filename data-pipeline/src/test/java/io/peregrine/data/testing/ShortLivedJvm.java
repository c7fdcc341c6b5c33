package io.peregrine.data.testing;

import java.util.List;

/**
 * Arguments of a JVM that a test starts for a minute or so: what C2 and parallel collectors would gain, they cost on the way.
 * A Spark process takes half the processor time with them. C1 alone has 48 MB for its code if nothing is said, and stops
 * compiling when Spark's generated classes have filled them.
 */
public final class ShortLivedJvm {
    public static final List<String> ARGUMENTS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m", "-XX:+UseSerialGC");

    private ShortLivedJvm() {}
}
