package io.peregrine.data.jobs;

import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.TableVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One stage of a run on Spark: what it reads, what its settings are, and how to do it. */
public interface StageJob {
    /** The stage this job does. */
    Stage stage();

    /** The stages whose outputs it reads. */
    List<Stage> after();

    /** Digest of all settings that decide its outputs, see {@link io.peregrine.data.config.ConfigDigest}. */
    String configDigest();

    /**
     * Reads, computes and writes. Must give the same payload digests for any number of cores and partitions. May be
     * interrupted anywhere: what it wrote counts only once it has returned.
     */
    Outcome run(StageContext context);

    /**
     * What a stage did.
     *
     * @param outputs tables and files written, by name
     * @param counts rows in and out, drops by reason, in the order in which a reader wants them
     */
    record Outcome(Map<String, TableVersion> outputs, Map<String, Long> counts) {
        public Outcome {
            outputs = Map.copyOf(outputs);
            counts = new LinkedHashMap<>(counts);
        }
    }
}
