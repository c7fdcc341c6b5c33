package io.peregrine.data.dedup;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.HashSet;
import java.util.List;

/** Settings of the dedup stage. The shape of the signature is fixed, so that signatures of all runs can be compared. */
public record DedupConfig(
        @Key(
                unit = "0..1",
                doc = "least estimated similarity of a pair that shares a band; others are cut. 0 trusts the bands")
        double similarityMin,

        @Key(doc = "sources whose copies are kept before all others', best first; the rest follows in order of the id")
        List<String> sourcePriority,

        @Key(unit = "edges", doc = "up to this many, clusters are found in the driver's memory, beyond it in Spark")
        long edgesInMemoryMax) {
    public static final DedupConfig DEFAULTS = new DedupConfig(0.7, List.of(), 500_000);

    public DedupConfig {
        if (!(similarityMin >= 0 && similarityMin <= 1)) {
            throw new ConfigException("similarity-min", similarityMin, "must be 0 to 1");
        }
        sourcePriority = List.copyOf(sourcePriority);
        if (new HashSet<>(sourcePriority).size() < sourcePriority.size()) {
            throw new ConfigException("source-priority", sourcePriority, "must name each source once");
        }
        if (edgesInMemoryMax < 0) {
            throw new ConfigException("edges-in-memory-max", edgesInMemoryMax, "must be >= 0 edges");
        }
    }
}
