package io.peregrine.trainer.bench;

import java.nio.file.Path;
import java.util.Map;

/** The shapes of models that come with Peregrine, from whichever folder a command is run. */
final class ShippedModel {
    /** The launcher's folder; without a launcher the working directory is taken for it. */
    private static final String HOME = "PEREGRINE_HOME";

    private ShippedModel() {}

    /** @param name of the file */
    static Path file(String name) {
        return file(name, System.getenv());
    }

    static Path file(String name, Map<String, String> environment) {
        return Path.of(environment.getOrDefault(HOME, ""), "conf", "model", name);
    }
}
