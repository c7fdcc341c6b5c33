package io.peregrine.mixture.plan;

import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a plan does with the streams that hold versions of the same documents, such as an original and its rewrites: for
 * people to read; nothing is decided by it.
 *
 * @param name the group
 * @param streams its streams
 * @param gapSequences fewest sequences of the run from one version of a document to the next, whichever stream has it;
 *     nothing if none comes again
 * @param gapTokens the same in tokens, from the mean of the run's sequences
 * @param windowTokens the longest memorization window of its streams, if any has one
 */
public record GroupReport(
        String name,
        List<PlannedStream> streams,
        OptionalLong gapSequences,
        OptionalLong gapTokens,
        Optional<Long> windowTokens) {
    public GroupReport {
        streams = List.copyOf(streams);
    }

    /** Reports on every group of a plan, sorted by name; a stream without a group is in none. */
    public static List<GroupReport> of(MixturePlan plan) {
        Map<String, List<Integer>> groups = new TreeMap<>();
        for (int i = 0; i < plan.streams().size(); i++) {
            int index = i;
            plan.streams()
                    .get(i)
                    .reuseGroup()
                    .ifPresent(group -> groups.computeIfAbsent(group, name -> new ArrayList<>())
                            .add(index));
        }
        return groups.entrySet().stream()
                .map(group -> of(plan, group.getKey(), group.getValue()))
                .toList();
    }

    private static GroupReport of(MixturePlan plan, String name, List<Integer> indexes) {
        List<PlannedStream> streams =
                indexes.stream().map(index -> plan.streams().get(index)).toList();
        OptionalLong gap = GapCertificate.ofGroup(plan, indexes);
        return new GroupReport(
                name,
                streams,
                gap,
                StreamReport.tokensOf(plan, gap),
                streams.stream()
                        .flatMap(stream -> stream.windowTokens().stream())
                        .max(Long::compare));
    }

    /** Whether a version of a document may come sooner after another than the longest window allows. */
    public boolean insideWindow() {
        return StreamReport.insideWindow(gapTokens, windowTokens);
    }
}
