package io.peregrine.rewrite.accept;

import io.peregrine.data.Document;
import io.peregrine.data.language.Identification;
import io.peregrine.data.language.LanguageIdentifier;
import java.util.Map;
import java.util.Optional;

/** Holds an answer against its document. A pure function of both texts and the settings. */
public final class AcceptChecks {
    private final AcceptConfig config;
    private final LanguageIdentifier languages;

    public AcceptChecks(AcceptConfig config, LanguageIdentifier languages) {
        this.config = config;
        this.languages = languages;
    }

    /** Nothing if the answer may stand, else the first reason why not. */
    public Optional<Rejection> check(Document document, String answer) {
        String text = document.text();
        if (answer.isBlank()) {
            return rejected(RejectReason.EMPTY, answer.length(), 0);
        }
        if (answer.equals(text)) {
            return rejected(RejectReason.UNCHANGED, 0, 0);
        }
        double ratio = (double) answer.length() / text.length();
        if (ratio < config.lengthRatioMin()) {
            return rejected(RejectReason.TOO_SHORT, ratio, config.lengthRatioMin());
        }
        if (ratio > config.lengthRatioMax()) {
            return rejected(RejectReason.TOO_LONG, ratio, config.lengthRatioMax());
        }
        return changed(RejectReason.NUMBERS_CHANGED, Facts.of(Facts.NUMBER, text), Facts.of(Facts.NUMBER, answer))
                .or(() -> changed(RejectReason.URLS_CHANGED, Facts.of(Facts.URL, text), Facts.of(Facts.URL, answer)))
                .or(() ->
                        changed(RejectReason.LATEX_CHANGED, Facts.of(Facts.LATEX, text), Facts.of(Facts.LATEX, answer)))
                .or(() -> changed(RejectReason.CODE_CHANGED, Facts.codeOf(text), Facts.codeOf(answer)))
                .or(() -> languageChanged(document, answer));
    }

    private static Optional<Rejection> changed(
            RejectReason reason, Map<String, Integer> before, Map<String, Integer> after) {
        long difference = Facts.difference(before, after);
        return difference == 0 ? Optional.empty() : rejected(reason, difference, 0);
    }

    /** The document is asked again, too: what counts is whether the same judge finds a change. */
    private Optional<Rejection> languageChanged(Document document, String answer) {
        if (answer.length() < config.languageCharactersMin()) {
            return Optional.empty();
        }
        Identification before = languages.identify(document.text());
        Identification after = languages.identify(answer);
        return before.language().equals(after.language())
                ? Optional.empty()
                : rejected(RejectReason.LANGUAGE_CHANGED, after.confidence(), 0);
    }

    private static Optional<Rejection> rejected(RejectReason reason, double measured, double limit) {
        return Optional.of(new Rejection(reason, measured, limit));
    }
}
