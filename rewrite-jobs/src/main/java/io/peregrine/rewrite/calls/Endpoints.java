package io.peregrine.rewrite.calls;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Servers that offer the same model at the same revision, so that any may answer any request.
 *
 * @param all the servers, at least one
 */
public record Endpoints(List<Endpoint> all) implements Serializable {
    public Endpoints {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new ConfigException("endpoints", all, "must name at least one");
        }
        Set<String> names = new HashSet<>();
        for (Endpoint endpoint : all) {
            if (!names.add(endpoint.name())) {
                throw new ConfigException("endpoints", endpoint.name(), "must have each name once");
            }
        }
    }

    /**
     * Draws by weight. The same request and attempt give the same server on every machine; another attempt draws anew, so
     * that a server that is down does not hold its requests.
     *
     * @param key the request's key
     * @param attempt 0 for the first
     */
    public Endpoint choose(RequestKey key, int attempt) {
        long total = all.stream().mapToLong(Endpoint::weight).sum();
        long draw = Long.remainderUnsigned(SeedStream.mix(key.bits() + attempt), total);
        for (Endpoint endpoint : all) {
            draw -= endpoint.weight();
            if (draw < 0) {
                return endpoint;
            }
        }
        throw new IllegalStateException("weights of " + all.size() + " endpoints do not add up to " + total);
    }
}
