package io.peregrine.data.filters;

import io.peregrine.data.config.Key;
import java.io.Serializable;

/** Rules for text in human languages. */
public record ProseConfig(
        @Key(doc = "which languages, and how sure") LanguageConfig language,
        @Key(doc = "quality rules") GopherConfig gopher)
        implements Serializable {
    /** English with every Gopher rule. */
    public static final ProseConfig ENGLISH = new ProseConfig(LanguageConfig.ENGLISH, GopherConfig.DEFAULTS);

    /** The eighteen languages of Falcon-H1 with the Gopher rules that do not depend on English. */
    public static final ProseConfig MULTILINGUAL = new ProseConfig(LanguageConfig.FALCON_H1, GopherConfig.MULTILINGUAL);
}
