package io.peregrine.data.jobs;

import io.peregrine.data.config.YamlConfig;
import io.peregrine.data.dedup.DedupConfig;
import java.nio.file.Path;
import java.util.List;

/** Settings of the dedup stage as a run file would say them. */
final class DedupConfigs {
    private DedupConfigs() {}

    static DedupConfig of(String... lines) {
        return YamlConfig.parse(Path.of("test.yaml"), String.join("\n", lines) + "\n", DedupConfig.class);
    }

    /** The defaults, with clusters found in Spark. */
    static DedupConfig inSpark() {
        return of("edges-in-memory-max: 0");
    }

    /** Only signatures that are equal, and these sources first. */
    static DedupConfig strict(List<String> sources) {
        return of("similarity-min: 1", "source-priority: " + sources);
    }
}
