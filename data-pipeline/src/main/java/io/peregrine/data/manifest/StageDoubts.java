package io.peregrine.data.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a finished stage did that nobody asks for: it dropped everything, or what it was told to look for was never met in
 * so many documents that it cannot be chance. The stage stands; its user is told.
 */
public final class StageDoubts {
    /** In fewer documents a rule may well have nothing to do. */
    public static final long DOCUMENTS_MIN = 100_000;

    /** Prefix of the counts of documents that a rule judged without dropping one; then rule set and reason. */
    public static final String NEVER_DROPPED = "never-dropped.";

    /** Counts of rewrites of a style that begin with the same words: the style, then one of the two suffixes. */
    public static final String OPENINGS = "openings.";

    public static final String OPENINGS_ANSWERS = ".answers";
    public static final String OPENINGS_MOST_COMMON = ".most-common";

    /** Fewer rewrites of a style may begin alike by chance. */
    private static final long REWRITES_MIN = 1_000;

    private static final double OPENING_SHARE_MAX = 0.1;

    private StageDoubts() {}

    /** Each doubt as a sentence with its cure, in the order of the counts. */
    public static List<String> of(StageManifest manifest) {
        Map<String, Long> counts = manifest.counts();
        List<String> doubts = new ArrayList<>();
        long in = counts.getOrDefault("in", 0L);
        if (in > 0 && counts.getOrDefault("out", in) == 0) {
            doubts.add("none of %,d documents is left; look at the drops by reason and at 'data report'".formatted(in));
        }
        counts.forEach((name, count) -> {
            if (name.startsWith(NEVER_DROPPED)) {
                doubts.add(
                        "the rule %s dropped none of %,d documents; see that its limit and its list are what you mean, or name it in 'switched-off'"
                                .formatted(name.substring(NEVER_DROPPED.length()), count));
            } else if (name.startsWith(OPENINGS) && name.endsWith(OPENINGS_MOST_COMMON)) {
                String style = name.substring(OPENINGS.length(), name.length() - OPENINGS_MOST_COMMON.length());
                collapsed(style, count, counts.getOrDefault(OPENINGS + style + OPENINGS_ANSWERS, 0L))
                        .ifPresent(doubts::add);
            } else if (name.startsWith("items-uncovered.") && count > 0) {
                String set = name.substring("items-uncovered.".length());
                if (count.equals(counts.get("items." + set))) {
                    doubts.add(
                            "nothing of the evaluation set %s is looked for, all its %,d items are too short; lower 'short-words-min' or name other fields"
                                    .formatted(set, count));
                }
            }
        });
        if (manifest.stage() == Stage.DEDUP && in >= DOCUMENTS_MIN && counts.getOrDefault("out", 0L) == in) {
            doubts.add("none of %,d documents has a duplicate; see that its texts are what you mean".formatted(in));
        }
        return doubts;
    }

    private static Optional<String> collapsed(String style, long alike, long rewrites) {
        return rewrites < REWRITES_MIN || alike <= OPENING_SHARE_MAX * rewrites
                ? Optional.empty()
                : Optional.of(
                        "%,d of %,d rewrites of style %s begin with the same words; look at 'rewrite report', and change the template or its temperature"
                                .formatted(alike, rewrites, style));
    }
}
