package io.peregrine.rewrite.calls;

import io.peregrine.data.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A secret that is read where it is used. It is not serializable, so it cannot travel with a task or reach a table, and it
 * prints as {@code ***}; text that comes from a server passes through {@link #redacted}.
 */
public final class ApiKey {
    /** No key has more; a file that does is another file. */
    private static final int CHARACTERS_MAX = 4_096;

    private final String secret;

    private ApiKey(String secret) {
        this.secret = secret;
    }

    /**
     * @param environment the variables of the process
     * @return the key, or empty if the source is {@link KeySource#none}
     */
    public static Optional<ApiKey> read(KeySource source, Map<String, String> environment) {
        return switch (source.kind()) {
            case NONE -> Optional.empty();
            case ENVIRONMENT ->
                Optional.of(checked("key-env", source.name(), environment.getOrDefault(source.name(), "")));
            case FILE -> Optional.of(checked("key-file", source.name(), content(source.name())));
        };
    }

    private static String content(String file) {
        Path path = Path.of(file);
        try {
            if (Files.size(path) > CHARACTERS_MAX) {
                throw new ConfigException("key-file", file, "must hold a key only, at most 4096 bytes");
            }
            return Files.readString(path);
        } catch (IOException e) {
            throw new ConfigException("key-file", file, "must be a file that can be read as UTF-8");
        }
    }

    private static ApiKey checked(String setting, String name, String content) {
        String secret = content.strip();
        // What a header can carry. The message names the place, never the value.
        boolean visible = secret.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (secret.isEmpty() || !visible || secret.length() > CHARACTERS_MAX) {
            throw new ConfigException(setting, name, "must hold one key in visible ASCII, and holds none");
        }
        return new ApiKey(secret);
    }

    /** The key itself, for the client only. */
    String secret() {
        return secret;
    }

    /** The text with the key taken out: a server may say back what it was sent. */
    String redacted(String text) {
        return text.replace(secret, "***");
    }

    @Override
    public String toString() {
        return "***";
    }
}
