package io.peregrine.rewrite.accept;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What a rewrite should neither lose nor invent. Each kind reads a text once, in time linear in it. */
public enum FactKind {
    /** Numbers with the separators inside: {@code 1,234.5}, {@code 10:30}, {@code 2/3}. */
    NUMBERS(RejectReason.NUMBERS_LOST, RejectReason.NUMBERS_NEW, NumberFacts::numbers),
    /** Days with a year or a month, and months with a year, however they are written. */
    DATES(RejectReason.DATES_LOST, RejectReason.DATES_NEW, DateFacts::dates),
    /** Numbers with their unit, percent sign or currency: {@code 5 km}, {@code 12%}, {@code $3}. */
    UNITS(RejectReason.UNITS_LOST, RejectReason.UNITS_NEW, NumberFacts::quantities),
    /** Addresses of the web. */
    URLS(RejectReason.URLS_LOST, RejectReason.URLS_NEW, UrlFacts::urls),
    /** Names as programs have them: {@code snake_case}, {@code camelCase}. */
    IDENTIFIERS(RejectReason.IDENTIFIERS_LOST, RejectReason.IDENTIFIERS_NEW, IdentifierFacts::identifiers),
    /** Formulas, and LaTeX commands outside of them. White space inside is part of a formula. */
    LATEX(RejectReason.LATEX_LOST, RejectReason.LATEX_NEW, LatexFacts::formulas),
    /** Fenced blocks of code. */
    CODE(
            RejectReason.CODE_LOST,
            RejectReason.CODE_NEW,
            (text, found) -> Fences.of(text).forEach(fence -> found.accept(fence.source())));

    private final RejectReason lost;
    private final RejectReason invented;
    private final BiConsumer<String, Consumer<String>> finder;

    FactKind(RejectReason lost, RejectReason invented, BiConsumer<String, Consumer<String>> finder) {
        this.lost = lost;
        this.invented = invented;
        this.finder = finder;
    }

    /** Each fact of a text, in one spelling, and how often it occurs. */
    Map<String, Integer> of(String text) {
        Map<String, Integer> facts = new TreeMap<>();
        finder.accept(text, fact -> facts.merge(fact, 1, Integer::sum));
        return facts;
    }

    RejectReason lost() {
        return lost;
    }

    RejectReason invented() {
        return invented;
    }

    /** The name in settings, which is also that of the check. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
