package io.peregrine.rewrite.settings;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** A template in use. */
public record StyleConfig(
        @Key(doc = "a template: a name of conf/rewrite/prompts or of the folder 'prompts', or the path of a .yaml file")
        String template,

        @Key(doc = "domains whose documents it is used on; all those of the template if left out")
        Optional<List<String>> domains,

        @Key(unit = "answers", doc = "answers asked for each document; the template's if left out")
        Optional<Integer> variants,

        @Key(
                doc =
                        "domain of what it writes, and so the stream that the mixture weighs; 'rewritten-' and the document's"
                                + " domain if left out")
        Optional<String> domain) {
    public StyleConfig {
        domains = domains.map(List::copyOf);
        if (domains.isPresent()
                && (domains.get().isEmpty()
                        || new HashSet<>(domains.get()).size() < domains.get().size())) {
            throw new ConfigException("domains", domains.get(), "must name at least one domain, each once");
        }
        if (domain.isPresent() && domain.get().isBlank()) {
            throw new ConfigException("domain", "''", "must be a name, or be left out");
        }
    }
}
