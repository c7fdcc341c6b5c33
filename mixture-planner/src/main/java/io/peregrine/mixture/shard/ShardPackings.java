package io.peregrine.mixture.shard;

import io.peregrine.data.manifest.PayloadDigest;
import java.util.ArrayList;
import java.util.List;

/** What decides the sequences of each shard: the packing groups that it has sequences of, and where in it they are. */
public final class ShardPackings {
    private ShardPackings() {}

    /**
     * A packing group.
     *
     * @param sequences its sequences, {@code > 0}
     * @param digest identity of them: same digest, same sequences in the same order
     */
    public record Group(long sequences, String digest) {}

    /**
     * One identity for each shard of a stream, in their order: shards with the same hold the same rows.
     *
     * @param groups the stream's packing groups in their order
     * @param shardSequences sequences per shard, {@code > 0}
     */
    public static List<String> of(List<Group> groups, int shardSequences) {
        long sequences = groups.stream().mapToLong(Group::sequences).sum();
        List<String> shards = new ArrayList<>();
        int group = 0;
        long start = 0;
        for (long first = 0; first < sequences; first += shardSequences) {
            long end = Math.min(first + shardSequences, sequences);
            while (start + groups.get(group).sequences() <= first) {
                start += groups.get(group++).sequences();
            }
            PayloadDigest digest = new PayloadDigest().add(first).add(end);
            long from = start;
            for (int i = group; from < end; from += groups.get(i++).sequences()) {
                digest.add(from).add(groups.get(i).digest());
            }
            shards.add(digest.hex());
        }
        return List.copyOf(shards);
    }
}
