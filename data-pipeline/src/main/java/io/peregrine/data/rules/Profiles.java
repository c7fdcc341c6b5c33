package io.peregrine.data.rules;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.YamlConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Finds profiles: those that ship by name, others by path. */
public final class Profiles {
    private static final String FOLDER = "/io/peregrine/data/filters/profiles/";
    private static final String SUFFIX = ".yaml";

    private Profiles() {}

    /**
     * Loads a profile.
     *
     * @param name name of a profile in {@code conf/filters}, or the path of a file that ends in {@code .yaml}
     * @throws ConfigException if there is none, or if it breaks a rule of {@link Profile}
     */
    public static Profile load(String name) {
        if (name.endsWith(SUFFIX)) {
            return YamlConfig.load(Path.of(name), Profile.class);
        }
        if (!name.matches("[a-z0-9][a-z0-9.-]*")) {
            throw new ConfigException(
                    "profile", name, "must be the name of a shipped profile or a path ending in .yaml");
        }
        try (InputStream in = Profiles.class.getResourceAsStream(FOLDER + name + SUFFIX)) {
            if (in == null) {
                throw new ConfigException(
                        "profile", name, "ships with no such name; see conf/filters, or give the path of a .yaml file");
            }
            String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return YamlConfig.parse(Path.of("conf/filters/" + name + SUFFIX), yaml, Profile.class);
        } catch (IOException e) {
            throw new UncheckedIOException("profile " + name + " cannot be read from the jar", e);
        }
    }
}
