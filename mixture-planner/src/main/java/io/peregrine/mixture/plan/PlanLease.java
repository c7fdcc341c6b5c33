package io.peregrine.mixture.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How far a training run has read the plan, by its last checkpoint: what a change leaves alone unless told otherwise. Kept as
 * {@code lease.json} in the stage's folder.
 *
 * @param plan digest of the plan that was read
 * @param position the first position that was not read
 */
public record PlanLease(String plan, long position) {
    /** Its name beside {@code plan.json}. */
    public static final String FILE_NAME = "lease.json";

    /** Writes the lease, whole or not at all. */
    public void write(Path folder) {
        PlanJson.write(folder.resolve(FILE_NAME), this);
    }

    /** The block that a run of this plan is at; 0 if nobody has read the plan. */
    public static int block(Path folder, int blockSize) {
        return read(folder).map(lease -> (int) (lease.position() / blockSize)).orElse(0);
    }

    /** The lease in a stage's folder; nothing if nobody has read the plan. */
    public static Optional<PlanLease> read(Path folder) {
        return PlanJson.read(
                folder.resolve(FILE_NAME),
                PlanLease.class,
                "a lease of a mixture plan",
                "delete it, and name --from-block yourself");
    }
}
