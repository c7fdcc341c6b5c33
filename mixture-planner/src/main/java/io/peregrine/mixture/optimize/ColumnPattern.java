package io.peregrine.mixture.optimize;

import io.peregrine.data.ConfigException;
import java.util.List;

/**
 * How columns are named after sources or targets.
 *
 * @param prefix what stands before the name
 * @param suffix what stands behind it
 */
public record ColumnPattern(String prefix, String suffix) {
    private static final char NAME = '*';

    /**
     * Reads a pattern such as {@code train_*}.
     *
     * @param key the setting that holds it, for the error
     * @throws ConfigException if it has no {@code *} or more than one
     */
    static ColumnPattern of(String key, String pattern) {
        int name = pattern.indexOf(NAME);
        if (name < 0 || name != pattern.lastIndexOf(NAME)) {
            throw new ConfigException(key, pattern, "must have exactly one *, where the name stands");
        }
        return new ColumnPattern(pattern.substring(0, name), pattern.substring(name + 1));
    }

    /** The column of a name. */
    public String column(String name) {
        return prefix + name + suffix;
    }

    /** The names of those columns that follow the pattern, in their order. */
    public List<String> names(List<String> columns) {
        return columns.stream()
                .filter(column -> column.length() > prefix.length() + suffix.length()
                        && column.startsWith(prefix)
                        && column.endsWith(suffix))
                .map(column -> column.substring(prefix.length(), column.length() - suffix.length()))
                .toList();
    }
}
