package io.peregrine.rewrite.dialogue;

import io.peregrine.data.ConfigException;
import io.peregrine.rewrite.prompts.Template;
import io.peregrine.rewrite.prompts.TemplateSampling;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * A template in use.
 *
 * @param template with the number of variants that is asked for
 * @param domains domains of the documents that it is used on, some or all of the template's
 * @param domain domain of what it writes; empty for {@link #DOMAIN_PREFIX} and the document's
 */
public record Style(Template template, List<String> domains, String domain) implements Serializable {
    /** Domain of a rewrite, unless settings say otherwise: this and the domain of its document. */
    public static final String DOMAIN_PREFIX = "rewritten-";

    public Style {
        domains = List.copyOf(domains);
        for (String one : domains) {
            if (!template.domains().contains(one)) {
                throw new ConfigException(
                        "domains",
                        domains,
                        "must be domains that template %s is for: %s".formatted(template.id(), template.domains()));
            }
        }
    }

    /** A template with what settings say otherwise. */
    public static Style of(
            Template template, Optional<List<String>> domains, Optional<Integer> variants, Optional<String> domain) {
        TemplateSampling own = template.sampling();
        Template asked = template.withSampling(new TemplateSampling(
                own.temperature(), own.topP(), variants.orElse(own.variants()), own.similarityMax()));
        return new Style(asked, domains.orElse(template.domains()), domain.orElse(""));
    }

    /** How many answers are asked for. */
    public int variants() {
        return template.sampling().variants();
    }

    /** Domain of the rewrite of a document. */
    public String domainOf(String documentDomain) {
        return domain.isEmpty() ? DOMAIN_PREFIX + documentDomain : domain;
    }
}
