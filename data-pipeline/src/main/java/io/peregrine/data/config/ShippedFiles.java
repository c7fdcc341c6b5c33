package io.peregrine.data.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The files that come with Peregrine, from whichever folder a command is run. */
public final class ShippedFiles {
    /** The launcher's folder, which it tells. */
    private static final String HOME = "PEREGRINE_HOME";

    private ShippedFiles() {}

    /** The launcher's folder; empty without a launcher. */
    public static Optional<Path> home() {
        return home(System.getenv());
    }

    /**
     * A file or folder below {@code conf} in the launcher's folder; without a launcher the working directory is taken for it.
     *
     * @param names from {@code conf} downwards
     */
    public static Path conf(String... names) {
        return conf(System.getenv(), names);
    }

    static Path conf(Map<String, String> environment, String... names) {
        return home(environment).orElse(Path.of("")).resolve(Path.of("conf", names));
    }

    private static Optional<Path> home(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(HOME)).map(Path::of);
    }
}
