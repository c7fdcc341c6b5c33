package io.peregrine.data.dedup;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Settings of the dedup stage. */
public record DedupConfig(
        @Key(doc = "the signatures that near duplicates are found by")
        MinHashConfig minhash,

        @Key(
                unit = "0..1",
                doc = "least estimated similarity of a pair that shares a band; others are cut. 0 trusts the bands")
        double similarityMin,

        @Key(
                unit = "rounds",
                doc =
                        "how often members of a band that are not similar to its first are compared among themselves, with"
                                + " the first of them; each costs at most what the bands did. 0 compares with the first only")
        int regroupRounds,

        @Key(
                doc = "what decides which document of a cluster is kept, first to decide first: source-rank, quality,"
                        + " licence; the smallest id decides the rest")
        List<KeepRule> keep,

        @Key(doc = "for source-rank: sources whose copies are kept before all others', best first")
        List<String> sourcePriority,

        @Key(doc = "for quality: a numeric column of the table of kept documents; the greatest value is kept")
        Optional<String> qualityColumn,

        @Key(doc = "for licence: SPDX expressions of documents that are kept before all others, best first")
        List<String> licencePriority,

        @Key(unit = "edges", doc = "up to this many, clusters are found in the driver's memory, beyond it in Spark")
        long edgesInMemoryMax,

        @Key(unit = "buckets", doc = "how many of the bands that most documents share are listed")
        int largestBuckets,

        @Key(doc = "whether to keep what a later run needs to be deduplicated against this one")
        boolean index,

        @Key(doc = "root of an earlier run that kept its index: what is in it is not kept again")
        Optional<String> against,

        @Key(doc = "removal of lines that many documents have; off if left out, {} for the defaults")
        Optional<LineDedupConfig> lines,

        @Key(doc = "removal of long passages that occur before; off if left out, {} for the defaults")
        Optional<SpanDedupConfig> spans) {
    public static final DedupConfig DEFAULTS = new DedupConfig(
            MinHashConfig.DEFAULTS,
            0.7,
            3,
            List.of(KeepRule.SOURCE_RANK),
            List.of(),
            Optional.empty(),
            List.of(),
            500_000,
            100,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    private static final int PRIORITIES_MAX = 9_999;
    private static final int REGROUP_ROUNDS_MAX = 20;

    public DedupConfig {
        if (!(similarityMin >= 0 && similarityMin <= 1)) {
            throw new ConfigException("similarity-min", similarityMin, "must be 0 to 1");
        }
        if (regroupRounds < 0 || regroupRounds > REGROUP_ROUNDS_MAX) {
            throw new ConfigException(
                    "regroup-rounds", regroupRounds, "must be 0 to " + REGROUP_ROUNDS_MAX + " rounds");
        }
        keep = distinct("keep", keep);
        sourcePriority = distinct("source-priority", sourcePriority);
        licencePriority = distinct("licence-priority", licencePriority);
        if (keep.contains(KeepRule.QUALITY) != qualityColumn.isPresent()) {
            throw new ConfigException(
                    "quality-column", qualityColumn.orElse("none"), "must be given exactly if keep has quality");
        }
        if (!licencePriority.isEmpty() && !keep.contains(KeepRule.LICENCE)) {
            throw new ConfigException("licence-priority", licencePriority, "has no effect unless keep has licence");
        }
        if (!sourcePriority.isEmpty() && !keep.contains(KeepRule.SOURCE_RANK)) {
            throw new ConfigException("source-priority", sourcePriority, "has no effect unless keep has source-rank");
        }
        if (edgesInMemoryMax < 0) {
            throw new ConfigException("edges-in-memory-max", edgesInMemoryMax, "must be >= 0 edges");
        }
        if (largestBuckets < 0) {
            throw new ConfigException("largest-buckets", largestBuckets, "must be >= 0 buckets");
        }
    }

    private static <T> List<T> distinct(String key, List<T> values) {
        if (new HashSet<>(values).size() < values.size() || values.size() > PRIORITIES_MAX) {
            throw new ConfigException(key, values, "must name each once, and at most " + PRIORITIES_MAX);
        }
        return List.copyOf(values);
    }
}
