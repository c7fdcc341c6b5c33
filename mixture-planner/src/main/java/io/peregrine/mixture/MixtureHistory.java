package io.peregrine.mixture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a run's mixture came to be what it is: the settings that it began with, and each change since. The plan in force
 * follows from it and from the streams alone ({@code plan.MixtureReplay}), so to add a change here is the whole commit: a
 * process that is killed before has changed nothing, and one that is killed after is made good by whoever plans next.
 *
 * @param base the settings at the beginning
 * @param changes what was changed while the run was under way, in order
 * @param reverted changes that were taken back, and by whom
 */
public record MixtureHistory(MixtureConfig base, List<MixtureChange> changes, List<Reverted> reverted) {
    /**
     * A change that was taken back.
     *
     * @param change the change
     * @param author who took it back
     * @param reason why
     * @param at when, ISO 8601
     */
    public record Reverted(MixtureChange change, String author, String reason, String at) {}

    public MixtureHistory {
        changes = List.copyOf(changes);
        reverted = List.copyOf(reverted);
    }

    /** A mixture that has not been changed. */
    public static MixtureHistory of(MixtureConfig base) {
        return new MixtureHistory(base, List.of(), List.of());
    }

    /** The settings in force at the end of the run. */
    public MixtureConfig current() {
        MixtureConfig current = base;
        for (MixtureChange change : changes) {
            current = change.settings().orElse(current);
        }
        return current;
    }

    /** With one more change. */
    public MixtureHistory with(MixtureChange change) {
        List<MixtureChange> more = new ArrayList<>(changes);
        more.add(change);
        return new MixtureHistory(base, more, reverted);
    }

    /** Without the last change; nothing if there is none. */
    public Optional<MixtureHistory> reverting(String author, String reason, String at) {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        int last = changes.size() - 1;
        List<Reverted> more = new ArrayList<>(reverted);
        more.add(new Reverted(changes.get(last), author, reason, at));
        return Optional.of(new MixtureHistory(base, changes.subList(0, last), more));
    }
}
