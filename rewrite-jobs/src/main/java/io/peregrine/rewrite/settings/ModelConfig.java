package io.peregrine.rewrite.settings;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.rewrite.calls.EndpointClass;
import io.peregrine.rewrite.calls.Endpoints;
import io.peregrine.rewrite.calls.ModelId;
import io.peregrine.rewrite.dialogue.Style;
import io.peregrine.rewrite.prompts.Templates;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A language model that rewrites: which, where, by which templates, how fast and for how much. */
public record ModelConfig(
        @Key(doc = "the server's name of the model") String name,

        @Key(doc = "revision of the weights, such as a commit or a date; a new one asks everything anew")
        String revision,

        @Key(doc = "chat, or completions for models without a chat template; chat if left out")
        Optional<EndpointClass> api,

        @Key(doc = "direct (a call for each request), or batch (files, by the batch API); direct if left out")
        Optional<CallMode> mode,

        @Key(doc = "servers that offer this model") List<EndpointConfig> endpoints,

        @Key(doc = "folder of templates of your own, looked at before those that ship")
        Optional<String> prompts,

        @Key(doc = "what is written, each by a template") List<StyleConfig> styles,

        @Key(doc = "what stands for an answer that a check refuses: drop (nothing), keep-original; drop if left out")
        Optional<RefusedPolicy> refused,

        BudgetConfig budget,
        PriceConfig price,
        CallsConfig calls,
        BatchConfig batch,

        @Key(
                doc =
                        "folder of the Delta table of responses, which runs may share; 40-rewrite/responses of the run if left"
                                + " out")
        Optional<String> responses) {
    public ModelConfig {
        endpoints = List.copyOf(endpoints);
        styles = List.copyOf(styles);
        new ModelId(name, revision);
        new Endpoints(endpoints.stream().map(EndpointConfig::endpoint).toList());
        if (styles.isEmpty()) {
            throw new ConfigException("styles", styles, "must name at least one template");
        }
        if (mode.isPresent() && mode.get() == CallMode.BATCH && endpoints.size() > 1) {
            throw new ConfigException("endpoints", endpoints.size(), "must be one where mode is batch");
        }
        if (responses.isPresent() && responses.get().isBlank()) {
            throw new ConfigException("responses", "''", "must name a folder, or be left out");
        }
    }

    /** The model. */
    public ModelId model() {
        return new ModelId(name, revision);
    }

    /** The operation that is asked. */
    public EndpointClass kind() {
        return api.orElse(EndpointClass.CHAT);
    }

    /** The servers. */
    public Endpoints servers() {
        return new Endpoints(endpoints.stream().map(EndpointConfig::endpoint).toList());
    }

    /** What stands for a refused answer. */
    public RefusedPolicy orElseDrop() {
        return refused.orElse(RefusedPolicy.DROP);
    }

    /**
     * The templates in use, loaded.
     *
     * @throws ConfigException if one is missing or wrong, is named twice, or is not for a domain it is to be used on
     */
    public List<Style> loadStyles() {
        Set<String> names = new HashSet<>();
        return styles.stream()
                .map(style -> {
                    Style loaded = Style.of(
                            Templates.load(style.template(), prompts),
                            style.domains(),
                            style.variants(),
                            style.domain());
                    if (!names.add(loaded.template().name())) {
                        throw new ConfigException(
                                "template", style.template(), "must be named once in rewrite.model.styles");
                    }
                    return loaded;
                })
                .toList();
    }

    /** What decides the outcome, for a digest: neither servers, nor rates, nor the budget unless it cuts the outcome. */
    public Map<String, Object> decisive() {
        Map<String, Object> decisive = new LinkedHashMap<>();
        decisive.put("model", model());
        decisive.put("api", kind().code());
        decisive.put("refused", orElseDrop());
        decisive.put("styles", loadStyles());
        if (budget.orElseRefuse() == WhenShort.FINISH) {
            decisive.put("budget", budget);
        }
        return decisive;
    }
}
