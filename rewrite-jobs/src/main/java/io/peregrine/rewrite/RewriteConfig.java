package io.peregrine.rewrite;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.rewrite.accept.AcceptConfig;
import io.peregrine.rewrite.settings.ModelConfig;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What is rewritten, by whom, and what an answer must satisfy.
 *
 * @param domains domains whose documents are rewritten
 * @param share share of their documents, chosen by a hash of the id
 * @param accept bounds of the checks of the clean-up; each template of a model has its own
 * @param model the language model that rewrites; the clean-up, which is none, if there is none
 */
public record RewriteConfig(
        @Key(doc = "domains whose documents are rewritten; an empty list switches rewriting off")
        List<String> domains,

        @Key(unit = "0..1", doc = "share of their documents that is rewritten, chosen by a hash of the id")
        double share,

        @Key(doc = "checks of the clean-up's answers; those of a model's are in its templates")
        AcceptConfig accept,

        @Key(doc = "the language model that rewrites; without this section a clean-up by rules does, which is none")
        Optional<ModelConfig> model) {
    public static final RewriteConfig DEFAULTS =
            new RewriteConfig(List.of("web"), 1, AcceptConfig.DEFAULTS, Optional.empty());

    public RewriteConfig {
        domains = List.copyOf(domains);
        if (new TreeSet<>(domains).size() != domains.size()) {
            throw new ConfigException("domains", domains, "must name each domain once");
        }
        if (!(share >= 0 && share <= 1)) {
            throw new ConfigException("share", share, "must be 0 to 1");
        }
    }
}
