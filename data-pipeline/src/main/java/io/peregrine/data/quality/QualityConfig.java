package io.peregrine.data.quality;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.io.Serializable;

/** Settings of the family quality. */
public record QualityConfig(
        @Key(doc = "model file that 'peregrine quality train' wrote, readable under this path on every executor")
        String model)
        implements Serializable {
    public static final QualityConfig DEFAULTS = new QualityConfig("");

    /** Refuses a set that judges by quality and names no model. */
    public QualityConfig required() {
        if (model.isBlank()) {
            throw new ConfigException("quality.model", "''", "must name a file of 'peregrine quality train'");
        }
        return this;
    }
}
