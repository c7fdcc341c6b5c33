package io.peregrine.rewrite.settings;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.rewrite.calls.Endpoint;
import io.peregrine.rewrite.calls.KeySource;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** A server. Its key is named here and never written. */
public record EndpointConfig(
        @Key(doc = "how tables and errors call it") String name,

        @Key(doc = "base of the API, such as http://host:8000/v1; no user, password or query in it")
        String url,

        @Key(doc = "its share of the requests, relative to the other endpoints'; 1 if left out")
        Optional<Integer> weight,

        @Key(doc = "environment variable, of the driver and of each executor, that holds its key")
        Optional<String> keyEnv,

        @Key(doc = "file, which the driver and each executor can read, that holds its key and nothing else")
        Optional<String> keyFile) {
    public EndpointConfig {
        if (keyEnv.isPresent() && keyFile.isPresent()) {
            throw new ConfigException("key-file", keyFile.get(), "must be left out where key-env is given");
        }
        blank("key-env", keyEnv);
        blank("key-file", keyFile);
        new Endpoint(name, uri(url), KeySource.none(), weight.orElse(1));
    }

    /** The server as {@code calls} knows it. */
    public Endpoint endpoint() {
        KeySource key = keyEnv.map(variable -> new KeySource(KeySource.Kind.ENVIRONMENT, variable))
                .or(() -> keyFile.map(file -> new KeySource(KeySource.Kind.FILE, file)))
                .orElse(KeySource.none());
        return new Endpoint(name, uri(url), key, weight.orElse(1));
    }

    private static void blank(String key, Optional<String> name) {
        if (name.isPresent() && name.get().isBlank()) {
            throw new ConfigException(key, "''", "must name what holds the key, or be left out");
        }
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            // The text is not repeated: a key may have been put into it.
            throw new ConfigException("url", "...", "must be an address such as http://host:8000/v1");
        }
    }
}
