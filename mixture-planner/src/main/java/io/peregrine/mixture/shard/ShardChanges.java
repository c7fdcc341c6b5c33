package io.peregrine.mixture.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a build did to the shards of each stream, and why, from the indexes before and after it. */
public final class ShardChanges {
    private ShardChanges() {}

    /**
     * One line for each stream.
     *
     * @param before the index before the build, if there was one
     * @param after the index after it
     */
    public static List<String> between(Optional<ShardIndex> before, ShardIndex after) {
        List<String> lines = new ArrayList<>();
        for (ShardIndex.StreamShards now : after.streams()) {
            Optional<ShardIndex.StreamShards> then = before.flatMap(index -> index.streams().stream()
                    .filter(stream -> stream.name().equals(now.name()))
                    .findFirst());
            lines.add("%s: %s"
                    .formatted(
                            now.name(),
                            then.map(stream -> why(before.get(), stream, after, now))
                                    .orElse("built, %d shards"
                                            .formatted(now.shards().size()))));
        }
        before.ifPresent(index -> index.streams().stream()
                .map(ShardIndex.StreamShards::name)
                .filter(name -> after.streams().stream()
                        .noneMatch(stream -> stream.name().equals(name)))
                .forEach(name ->
                        lines.add(name + ": no part of the plan any more; its table stays until 'mixture gc'")));
        return lines;
    }

    private static String why(
            ShardIndex before, ShardIndex.StreamShards then, ShardIndex after, ShardIndex.StreamShards now) {
        if (then.table().equals(now.table())) {
            return "as it was, version %d".formatted(now.table().version());
        }
        List<String> reasons = new ArrayList<>();
        differs(reasons, "sequence-length", before.sequenceLength(), after.sequenceLength());
        differs(reasons, "shard-sequences", before.shardSequences(), after.shardSequences());
        differs(reasons, "bytes per token", before.tokenBytes(), after.tokenBytes());
        differs(reasons, "tokens", then.tokens(), now.tokens());
        differs(reasons, "sequences", then.table().rows(), now.table().rows());
        if (reasons.isEmpty() && !then.packingDigest().equals(now.packingDigest())) {
            reasons.add("other documents, tokenizer, packing or seed");
        }
        if (reasons.isEmpty()) {
            reasons.add("the table had been written over");
        }
        boolean known = !then.packingDigest().equals(now.packingDigest());
        long stay = IntStream.range(0, then.packings().size())
                .filter(shard -> known
                        && shard < now.packings().size()
                        && then.packings().get(shard).equals(now.packings().get(shard)))
                .count();
        return "%d of %d shards built anew, version %d: %s"
                .formatted(
                        now.shards().size() - stay,
                        now.shards().size(),
                        now.table().version(),
                        String.join(", ", reasons));
    }

    private static void differs(List<String> reasons, String what, long then, long now) {
        if (then != now) {
            reasons.add("%s %d, was %d".formatted(what, now, then));
        }
    }
}
