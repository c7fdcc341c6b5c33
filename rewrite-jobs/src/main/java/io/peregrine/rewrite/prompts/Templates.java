package io.peregrine.rewrite.prompts;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.YamlConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds templates: those that ship by name, others by path. */
public final class Templates {
    /** The names of those that ship, in the order of {@code conf/rewrite/prompts/README.md}. */
    public static final List<String> SHIPPED = List.of(
            "web-encyclopedic",
            "web-qa",
            "web-notes",
            "web-textbook",
            "code-documented",
            "code-explained",
            "math-solution",
            "math-variants",
            "curated-restyled",
            "multilingual-prose");

    private static final String FOLDER = "/io/peregrine/rewrite/prompts/templates/";
    private static final String SUFFIX = ".yaml";

    private Templates() {}

    /** A template on its way to an executor, as JSON. */
    record Luggage(String template) implements Serializable {
        private Object readResolve() {
            return YamlConfig.parse(Path.of("template"), template, Template.class);
        }
    }

    /**
     * Loads a template, from a folder of somebody's own if it is there.
     *
     * @param name as of {@link #load(String)}, or the name of a file in the folder without its {@code .yaml}
     */
    public static Template load(String name, Optional<String> folder) {
        Optional<Path> own = folder.map(path -> Path.of(path, name + SUFFIX)).filter(Files::isRegularFile);
        return own.isPresent() ? load(own.get().toString()) : load(name);
    }

    /**
     * Loads a template.
     *
     * @param name one of {@link #SHIPPED}, or the path of a file that ends in {@code .yaml}
     * @throws ConfigException if there is none, if it breaks a rule of {@link Template}, or if its name is not that of its
     *     file; the message names file, line, key, value and rule
     */
    public static Template load(String name) {
        if (name.endsWith(SUFFIX)) {
            Path file = Path.of(name);
            return named(file, YamlConfig.load(file, Template.class));
        }
        if (!SHIPPED.contains(name)) {
            throw new ConfigException(
                    "template", name, "must be one of %s, or a path ending in .yaml".formatted(SHIPPED));
        }
        try (InputStream in = Templates.class.getResourceAsStream(FOLDER + name + SUFFIX)) {
            if (in == null) {
                throw new IllegalStateException("template " + name + " is not in the jar");
            }
            return parse(
                    Path.of("conf/rewrite/prompts/" + name + SUFFIX),
                    new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("template " + name + " cannot be read from the jar", e);
        }
    }

    /** A template from the text of its file. */
    static Template parse(Path shown, String yaml) {
        return named(shown, YamlConfig.parse(shown, yaml, Template.class));
    }

    private static Template named(Path file, Template template) {
        if (!file.endsWith(template.name() + SUFFIX)) {
            throw new ConfigException("%s: name = %s: must be the file's name without %s; rename one of them"
                    .formatted(file, template.name(), SUFFIX));
        }
        return template;
    }
}
