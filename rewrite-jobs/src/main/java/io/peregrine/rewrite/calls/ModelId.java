package io.peregrine.rewrite.calls;

import io.peregrine.data.ConfigException;
import java.io.Serializable;

/**
 * Which weights answer. No server tells its revision, so the run file must: a new one asks everything anew.
 *
 * @param name as the server calls the model; has no {@code @}
 * @param revision of the weights, for example a commit or a date
 */
public record ModelId(String name, String revision) implements Serializable {
    public ModelId {
        if (name.isBlank() || name.indexOf('@') >= 0) {
            throw new ConfigException("model", name, "must be the server's name of a model, without @");
        }
        if (revision.isBlank()) {
            throw new ConfigException("revision", revision, "must not be empty");
        }
    }
}
