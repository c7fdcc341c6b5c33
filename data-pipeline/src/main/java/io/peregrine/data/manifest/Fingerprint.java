package io.peregrine.data.manifest;

import io.peregrine.data.seed.SeedStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Decides whether a stage has to run: equal fingerprints mean equal outputs. */
public final class Fingerprint {
    private Fingerprint() {}

    /**
     * @param stage the stage
     * @param configDigest digest of all settings the stage reads
     * @param inputs digests of what it reads, see {@link #inputsOf}
     * @param seed the run's seed
     * @return 64 hexadecimal digits
     */
    public static String of(Stage stage, String configDigest, Map<String, String> inputs, SeedStream seed) {
        PayloadDigest digest = new PayloadDigest()
                .add(stage.folder())
                .add(configDigest)
                .add(seed.key())
                .add(CodeVersion.CURRENT)
                .list(inputs.size());
        new TreeMap<>(inputs).forEach((name, payload) -> digest.add(name).add(payload));
        return digest.hex();
    }

    /** Payload digests of all outputs of these stages, by {@code stage/output}. */
    public static Map<String, String> inputsOf(List<StageManifest> stages) {
        Map<String, String> inputs = new TreeMap<>();
        for (StageManifest manifest : stages) {
            manifest.outputs()
                    .forEach(
                            (name, table) -> inputs.put(manifest.stage().folder() + "/" + name, table.payloadDigest()));
        }
        return inputs;
    }
}
