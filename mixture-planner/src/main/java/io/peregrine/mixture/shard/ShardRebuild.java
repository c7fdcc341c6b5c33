package io.peregrine.mixture.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which shards of a stream a build writes, and which stay as they are.
 *
 * @param ranges runs of shards to write, rising, with a shard that stays between one and the next
 * @param shards shards that there are to be
 * @param beyond whether the table has sequences behind the last shard that there is to be
 */
public record ShardRebuild(List<Range> ranges, int shards, boolean beyond) {
    /**
     * Shards one after the other.
     *
     * @param from the first
     * @param to the one behind the last
     */
    public record Range(int from, int to) {}

    public ShardRebuild {
        ranges = List.copyOf(ranges);
    }

    /** All shards. */
    public static ShardRebuild whole(int shards) {
        return new ShardRebuild(List.of(new Range(0, shards)), shards, false);
    }

    /**
     * The shards that differ.
     *
     * @param have identities of the shards that the table has
     * @param wanted identities of those that there are to be
     */
    public static ShardRebuild between(List<String> have, List<String> wanted) {
        List<Range> ranges = new ArrayList<>();
        for (int shard = 0; shard < wanted.size(); shard++) {
            boolean same = shard < have.size() && have.get(shard).equals(wanted.get(shard));
            int last = ranges.size() - 1;
            if (!same && last >= 0 && ranges.get(last).to() == shard) {
                ranges.set(last, new Range(ranges.get(last).from(), shard + 1));
            } else if (!same) {
                ranges.add(new Range(shard, shard + 1));
            }
        }
        return new ShardRebuild(ranges, wanted.size(), have.size() > wanted.size());
    }

    /** Whether nothing stays. */
    public boolean isWhole() {
        return ranges.size() == 1 && ranges.get(0).equals(new Range(0, shards));
    }

    /** Whether a shard is written. */
    public boolean writes(int shard) {
        return ranges.stream().anyMatch(range -> range.from() <= shard && shard < range.to());
    }

    /** How many shards are written. */
    public int written() {
        return ranges.stream().mapToInt(range -> range.to() - range.from()).sum();
    }

    /** For each shard its place among those that are written, -1 for one that stays. */
    public List<Integer> places() {
        List<Integer> places = new ArrayList<>();
        int next = 0;
        for (int shard = 0; shard < shards; shard++) {
            places.add(writes(shard) ? next++ : -1);
        }
        return places;
    }

    /** The sequences that are written or no more wanted, as a condition of SQL on {@code seq_ord}. */
    public String condition(int shardSequences) {
        List<String> parts = new ArrayList<>();
        for (Range range : ranges) {
            String from = "seq_ord >= " + (long) range.from() * shardSequences;
            parts.add(range.to() == shards ? from : from + " AND seq_ord < " + (long) range.to() * shardSequences);
        }
        if (beyond && (ranges.isEmpty() || ranges.get(ranges.size() - 1).to() < shards)) {
            parts.add("seq_ord >= " + (long) shards * shardSequences);
        }
        return parts.stream().map(part -> "(" + part + ")").collect(Collectors.joining(" OR "));
    }
}
