package io.peregrine.rewrite.calls;

import io.peregrine.data.config.ConfigDigest;
import io.peregrine.rewrite.prompts.Prompt;
import java.io.Serializable;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a stored response is addressed by: everything that the answer depends on and nothing else. Two documents that give
 * the same prompt share a response; a changed template, model or sampling misses row by row.
 *
 * @param hex SHA-256, 64 hexadecimal digits
 */
public record RequestKey(String hex) implements Serializable {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public RequestKey {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("a request's key must be 64 hexadecimal digits, not '" + hex + "'");
        }
    }

    /** SHA-256 of one line of JSON with sorted keys. */
    public static RequestKey of(ModelId model, EndpointClass kind, Prompt prompt) {
        return new RequestKey(ConfigDigest.of(Map.of(
                "model", model.name() + "@" + model.revision(), "endpoint-class", kind.code(), "prompt", prompt)));
    }

    /** The first 64 bits. */
    long bits() {
        return Long.parseUnsignedLong(hex.substring(0, 16), 16);
    }
}
