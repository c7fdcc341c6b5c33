package io.peregrine.data.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.seed.SeedStream;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file of a whole run: a head (name, root, seed) and one section per stage.
 *
 * <p>A stage binds its own section and knows nothing of the others; a key that belongs to no stage is refused when the
 * file is opened. Paths in the file are relative to the working directory, as on any command line, but for those of inputs
 * where the head names a folder for them.
 */
public final class RunFile {
    /** The sections a run file may have, in the order of the flow. */
    public static final List<String> SECTIONS = List.of(
            "sources",
            "filter",
            "dedup",
            "decontaminate",
            "repositories",
            "rewrite",
            "tokenizer",
            "tokenize",
            "mixture",
            "train",
            "report");

    private final YamlTree tree;
    private final Head head;

    /**
     * @param run name of the run
     * @param root folder into which all stages write
     * @param seed decides every random draw of the run
     * @param inputs see {@link Key}
     */
    public record Head(
            @Key(doc = "name of the run, shown in its report")
            String run,

            @Key(doc = "folder into which all stages write") String root,

            @Key(doc = "decides every random draw of the run")
            long seed,

            @Key(
                    doc =
                            "folder that relative paths of sources and evaluation sets start from; the working directory if left out")
            Optional<String> inputs) {
        public Head {
            if (run.isBlank()) {
                throw new ConfigException("run", run, "must not be blank");
            }
            if (root.isBlank()) {
                throw new ConfigException("root", root, "must name a folder");
            }
            if (inputs.isPresent() && inputs.get().isBlank()) {
                throw new ConfigException("inputs", "''", "must name a folder, or be left out");
            }
        }
    }

    private RunFile(YamlTree tree, Head head) {
        this.tree = tree;
        this.head = head;
    }

    /** Opens a run file and binds its head. */
    public static RunFile open(Path file) {
        return open(file, Map.of());
    }

    /**
     * Opens a run file with some of its keys set to other values.
     *
     * @param overrides values by key, such as {@code train.steps}, spelled as in the file
     */
    public static RunFile open(Path file, Map<String, String> overrides) {
        return of(SettingsFile.open(file, overrides));
    }

    /** A file of settings as the file of a run. */
    public static RunFile of(SettingsFile file) {
        return of(file.tree());
    }

    private static RunFile of(YamlTree tree) {
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        if (!tree.root().isObject()) {
            throw new ConfigException("%s: a run file is a group of keys: run, root, seed, %s"
                    .formatted(tree.place(""), String.join(", ", SECTIONS)));
        }
        tree.root().properties().forEach(entry -> {
            if (!SECTIONS.contains(entry.getKey())) {
                head.set(entry.getKey(), entry.getValue());
            }
        });
        try {
            return new RunFile(tree, YamlConfig.bind(tree, head, Head.class, ""));
        } catch (ConfigException e) {
            throw new ConfigException(e.getMessage() + "; sections: " + SECTIONS);
        }
    }

    public Head head() {
        return head;
    }

    /** The folder that relative paths of sources and evaluation sets start from. */
    public Path inputs() {
        return Path.of(head.inputs().orElse(""));
    }

    /** Where the run keeps its things. */
    public RunLayout layout() {
        return new RunLayout(Path.of(head.root()));
    }

    /**
     * Leaves the settings in force, those set from outside included, as {@link RunLayout#settings()}: whoever looks at
     * the run later, the report first of all, learns from it what was asked for.
     */
    public void keepRecord() {
        try {
            AtomicFiles.write(layout().settings(), tree.toYaml().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(layout().settings(), e), e);
        }
    }

    /** Identity of what decides the run's results: all settings but its name and its folders. */
    public String digest() {
        ObjectNode decisive = tree.root().deepCopy();
        return ConfigDigest.of(decisive.without(List.of("run", "root", "inputs")));
    }

    /** The run's seed. */
    public SeedStream seed() {
        return SeedStream.of(head.seed());
    }

    /** Whether the file has a section of this name. */
    public boolean has(String section) {
        return !node(section, JsonNodeFactory.instance.missingNode()).isMissingNode();
    }

    /** A section bound to its record; a section that is left out is the record's {@code DEFAULTS}. */
    public <R extends Record> R section(String name, Class<R> type) {
        return YamlConfig.bind(tree, node(name, JsonNodeFactory.instance.objectNode()), type, name);
    }

    /** A section that is a list of records. */
    public <R extends Record> List<R> listSection(String name, Class<R> elementType) {
        JsonNode list = node(name, JsonNodeFactory.instance.arrayNode());
        if (!list.isArray()) {
            throw new ConfigException("%s: '%s' must be a list".formatted(tree.place(name), name));
        }
        return YamlConfig.bind(tree, list, new ListOf(elementType), name);
    }

    /**
     * A fault that a stage found in the settings, with file and line before it: for rules that the section alone cannot
     * tell, such as whether the data are enough.
     */
    public ConfigException placed(ConfigException fault) {
        return tree.placed(fault);
    }

    private JsonNode node(String section, JsonNode whenAbsent) {
        if (!SECTIONS.contains(section)) {
            throw new IllegalArgumentException(section + " is not a section of a run file");
        }
        JsonNode node = tree.root().get(section);
        return node == null ? whenAbsent : node;
    }

    private record ListOf(Type element) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return new Type[] {element};
        }

        @Override
        public Type getRawType() {
            return List.class;
        }

        @Override
        public Type getOwnerType() {
            return null;
        }
    }
}
