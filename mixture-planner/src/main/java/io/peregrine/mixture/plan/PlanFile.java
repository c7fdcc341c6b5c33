package io.peregrine.mixture.plan;

import io.peregrine.data.DataException;
import io.peregrine.mixture.MixturePlan;
import java.nio.file.Path;

/** The file {@code plan.json}; its format is in the package's documentation. */
public final class PlanFile {
    static final String FORMAT = "peregrine-mixture-plan";
    static final int VERSION = 2;

    private PlanFile() {}

    private record Content(String format, int version, String digest, MixturePlan plan) {}

    /** Writes a plan, whole or not at all. */
    public static void write(Path file, MixturePlan plan) {
        PlanJson.write(file, new Content(FORMAT, VERSION, plan.digest(), plan));
    }

    /**
     * Reads a plan.
     *
     * @throws DataException if the file is missing, damaged, of another version, or was changed by hand
     */
    public static MixturePlan read(Path file) {
        Content content = PlanJson.read(file, Content.class, "a mixture plan", "run 'mixture plan' again")
                .orElseThrow(
                        () -> new DataException("%s: there is no plan here; run 'mixture plan' first".formatted(file)));
        if (!content.format().equals(FORMAT) || content.version() != VERSION) {
            throw new DataException("%s: format %s version %d; this program reads %s version %d"
                    .formatted(file, content.format(), content.version(), FORMAT, VERSION));
        }
        if (!content.plan().digest().equals(content.digest())) {
            throw new DataException("%s: the plan does not have the digest %s that the file names: it was changed; run "
                            .formatted(file, content.digest())
                    + "'mixture plan' again");
        }
        return content.plan();
    }
}
