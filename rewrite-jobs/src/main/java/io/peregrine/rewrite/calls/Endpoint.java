package io.peregrine.rewrite.calls;

import io.peregrine.data.ConfigException;
import java.io.Serializable;
import java.net.URI;
import java.util.Locale;

/**
 * A server.
 *
 * @param name how logs and tables call it
 * @param url base of the API, for example {@code http://host:8000/v1}; no user or password in it
 * @param key where its key is
 * @param weight its share of the requests, relative to the other endpoints'
 */
public record Endpoint(String name, URI url, KeySource key, int weight) implements Serializable {
    public Endpoint {
        if (name.isBlank()) {
            throw new ConfigException("name", name, "must not be empty");
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            throw new ConfigException("url", withoutUser(url), "must be http:// or https:// and a host");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            // A secret in a URL would be printed with it.
            throw new ConfigException(
                    "url",
                    withoutUser(url),
                    "must have no user, query or fragment; a key belongs in key-env or key-file");
        }
        if (weight < 1 || weight > 1_000_000) {
            throw new ConfigException("weight", weight, "must be 1 to 1000000");
        }
    }

    private static String withoutUser(URI url) {
        return url.getScheme() + "://" + (url.getHost() == null ? "" : url.getHost()) + "/...";
    }
}
