package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.peregrine.data.dedup.DedupConfig;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The pairs that are compared, in rounds.
 *
 * <p>In round 0 every member of a bucket is compared with the first, the smallest. Those that are not similar enough to it
 * may still be similar to each other, and be in no other bucket together, so that nothing else would compare them: they
 * are the members of the next round, in which the smallest of them is the first, and so on for {@code regroup-rounds}. A
 * bucket of m members gives fewer than (1 + rounds) m pairs, so no bucket is a task of its own, and a round costs by what
 * the one before cut. What is left out are members of one bucket that as many firsts before them were dissimilar to.
 *
 * <p>Who is in a round depends on the firsts of the rounds before and on nothing else. So where an index remembers the
 * first of each round, what earlier runs had comes first and the firsts are those of one run over all.
 */
record SimilarPairs(Dataset<Row> compared, Dataset<Row> buckets) {
    private static final String[] PAIR = {"a", "b"};

    /**
     * Compares.
     *
     * @param bands {@code band}, {@code key} and {@code node} of the documents of this run
     * @param signatures those of this run and of the index
     * @param earlier the bands of the index, or an empty list
     * @return {@code compared}: each pair {@code a}, {@code b} once, with its {@code similarity}; {@code buckets}: {@code
     *     round}, {@code band}, {@code key}, the first {@code node}, and {@code members}, those of one member only if
     *     an index is to be written
     */
    static SimilarPairs of(
            DedupConfig config,
            Dataset<Row> bands,
            Dataset<Row> signatures,
            List<Dataset<Row>> earlier,
            ScratchTables kept) {
        Column isCut = col("similarity").lt(config.similarityMin());
        Dataset<Row> members = bands;
        Dataset<Row> compared = null;
        Dataset<Row> allBuckets = null;
        for (int round = 0; round <= config.regroupRounds(); round++) {
            Dataset<Row> buckets = NearDuplicates.buckets(members);
            for (Dataset<Row> before : earlier) {
                buckets =
                        NearDuplicates.under(buckets, before.where(col("round").equalTo(round)));
            }
            buckets = kept.table(
                    "buckets-" + round,
                    config.index() ? buckets : buckets.where(col("members").gt(1)));
            Dataset<Row> numbered = buckets.withColumn("round", lit(round));
            allBuckets = allBuckets == null ? numbered : allBuckets.unionByName(numbered);

            Dataset<Row> pairs = NearDuplicates.candidates(members, buckets);
            if (compared != null) {
                pairs = pairs.join(compared.select("a", "b"), PAIR, "left_anti");
            }
            Dataset<Row> fresh = kept.table("compared-" + round, NearDuplicates.compare(pairs, signatures));
            compared = compared == null ? fresh : compared.unionByName(fresh);
            Dataset<Row> cut = compared.where(isCut).select("a", "b");
            if (round == config.regroupRounds() || cut.isEmpty()) {
                break;
            }
            members = kept.table("members-" + (round + 1), NearDuplicates.cutOff(members, buckets, cut));
        }
        return new SimilarPairs(compared, allBuckets);
    }
}
