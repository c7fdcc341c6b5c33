package io.peregrine.data.filters;

import io.peregrine.data.Document;
import io.peregrine.data.language.LanguageAnnotator;
import io.peregrine.data.language.LanguageIdentifier;
import java.util.HashMap;
import java.util.Map;

/**
 * Chooses the set that judges a document: that of its source or domain, or the one to which that set leaves the language
 * of the text. For one thread: it holds what identifies languages.
 *
 * <p>The language is found before anything is measured, in the text as it was read; the set chosen then does all of its
 * own work, its family language too, as if it had been named for the document.
 */
public final class SetChoice {
    private final RuleSets sets;
    private final Map<String, LanguageIdentifier> identifiers = new HashMap<>();

    public SetChoice(RuleSets sets) {
        this.sets = sets;
    }

    /** The set of a document. */
    public RuleSet of(Document document) {
        RuleSet first = sets.of(document.source(), document.domain());
        Map<String, String> byLanguage = sets.byLanguage(first.name());
        if (byLanguage.isEmpty()) {
            return first;
        }
        String language = identifiers
                .computeIfAbsent(first.name(), name -> LanguageAnnotator.identifier(sets.languages(name)))
                .identify(document.text())
                .language();
        String other = byLanguage.get(language);
        return other == null ? first : sets.named(other);
    }
}
