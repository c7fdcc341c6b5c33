package io.peregrine.data.config;

import io.peregrine.data.ConfigException;
import java.nio.file.Path;
import java.util.Map;

/** A YAML file of settings before it is known what kind of file it is, with what {@code --set} changes in it. */
public final class SettingsFile {
    private final YamlTree tree;

    private SettingsFile(YamlTree tree) {
        this.tree = tree;
    }

    /**
     * Reads a file.
     *
     * @param overrides values by key, such as {@code train.steps}, spelled as in the file
     * @throws ConfigException if it is not YAML of one document
     * @throws io.peregrine.data.DataException if the file is missing or cannot be read
     */
    public static SettingsFile open(Path file, Map<String, String> overrides) {
        YamlTree tree = YamlTree.read(file);
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            tree = tree.with(override.getKey(), override.getValue());
        }
        return new SettingsFile(tree);
    }

    /** Whether the file has a key at its top. */
    public boolean has(String key) {
        return tree.root().has(key);
    }

    /** The whole file as a record; errors are those of {@link YamlConfig#load}. */
    public <R extends Record> R as(Class<R> type) {
        return YamlConfig.bind(tree, tree.root(), type, "");
    }

    /** A fault in the settings that was found later, with file and line of its key before it. */
    public ConfigException placed(ConfigException fault) {
        return tree.placed(fault);
    }

    YamlTree tree() {
        return tree;
    }
}
