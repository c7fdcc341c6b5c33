package io.peregrine.data.filters;

import static io.peregrine.data.filters.Check.atLeast;
import static io.peregrine.data.filters.Check.atMost;

import io.peregrine.data.Document;
import io.peregrine.data.language.Identification;
import java.util.List;

/** Holds the language that was found in a document against those its domain accepts. */
record LanguageFilter(LanguageConfig config, Identification found) implements DocumentFilter {
    @Override
    public List<Check> checks(Document document) {
        boolean accepted = config.accepted().contains(found.language())
                || (config.accepted().isEmpty() && !found.language().equals(Document.UNDETERMINED));
        return List.of(
                atMost(DropReason.LANGUAGE_NOT_ACCEPTED, accepted ? 0 : 1, 0),
                atLeast(DropReason.LANGUAGE_LOW_CONFIDENCE, found.confidence(), config.confidenceMin()),
                atLeast(DropReason.LANGUAGE_WRONG_SCRIPT, found.ownScriptRatio(), config.ownScriptRatioMin()));
    }
}
