package io.peregrine.data.filters;

import io.peregrine.data.Document;
import io.peregrine.data.language.Identification;
import io.peregrine.data.language.LanguageIdentifier;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole filter stage for one document: finds the language, then holds the rules of the document's source or domain
 * against it.
 *
 * <p>Thread: as its identifier, one per thread.
 */
public final class DomainFilters {
    private final FilterConfig config;
    private final LanguageIdentifier identifier;
    private final DocumentFilter english;
    private final DocumentFilter multilingual;
    private final DocumentFilter code;

    public DomainFilters(FilterConfig config, LanguageIdentifier identifier) {
        this.config = config;
        this.identifier = identifier;
        this.english = new GopherQualityFilter(config.english().gopher());
        this.multilingual = new GopherQualityFilter(config.multilingual().gopher());
        this.code = new CodeQualityFilter(config.code());
    }

    /**
     * What becomes of a document.
     *
     * @param document the document, with the language that was found
     * @param verdict kept or dropped
     */
    public record Decision(Document document, Verdict verdict) {}

    /** Judges a document; rules after the first broken one are not computed. */
    public Decision decide(Document document) {
        return switch (config.rules(document.source(), document.domain())) {
            case ENGLISH -> decideProse(document, config.english(), english);
            case MULTILINGUAL -> decideProse(document, config.multilingual(), multilingual);
            case CODE -> new Decision(document, code.judge(document));
            case NONE -> new Decision(document, Verdict.KEEP);
        };
    }

    /** Every rule of the document's domain with its measured value, whether broken or not. */
    public List<Check> explain(Document document) {
        return switch (config.rules(document.source(), document.domain())) {
            case ENGLISH -> explainProse(document, config.english(), english);
            case MULTILINGUAL -> explainProse(document, config.multilingual(), multilingual);
            case CODE -> code.checks(document);
            case NONE -> List.of();
        };
    }

    private Decision decideProse(Document document, ProseConfig rules, DocumentFilter quality) {
        Identification found = identifier.identify(document.text());
        Document identified = document.withLanguage(found.language());
        Verdict language = new LanguageFilter(rules.language(), found).judge(identified);
        return new Decision(identified, language == Verdict.KEEP ? quality.judge(identified) : language);
    }

    private List<Check> explainProse(Document document, ProseConfig rules, DocumentFilter quality) {
        Identification found = identifier.identify(document.text());
        List<Check> checks = new ArrayList<>(new LanguageFilter(rules.language(), found).checks(document));
        checks.addAll(quality.checks(document));
        return List.copyOf(checks);
    }
}
