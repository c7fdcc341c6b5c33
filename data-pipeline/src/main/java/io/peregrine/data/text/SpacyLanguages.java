package io.peregrine.data.text;

import static io.peregrine.data.text.SpacyCharacters.ACCENT;
import static io.peregrine.data.text.SpacyCharacters.CURRENCY;
import static io.peregrine.data.text.SpacyCharacters.DIGIT;
import static io.peregrine.data.text.SpacyCharacters.EAST_ASIAN_QUOTE;
import static io.peregrine.data.text.SpacyCharacters.ICON;
import static io.peregrine.data.text.SpacyCharacters.LETTER;
import static io.peregrine.data.text.SpacyCharacters.LOWER;
import static io.peregrine.data.text.SpacyCharacters.MARK;
import static io.peregrine.data.text.SpacyCharacters.QUOTE;
import static io.peregrine.data.text.SpacyCharacters.UPPER;
import static io.peregrine.data.text.SpacyRule.one;
import static io.peregrine.data.text.SpacyRule.stops;
import static io.peregrine.data.text.SpacyRule.words;

import io.peregrine.data.text.SpacyLanguage.WholeWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The languages whose words spaCy cuts by rules, as far as they are known here; each is made when it is asked for first. */
final class SpacyLanguages {
    /** With what the names of these definitions of a word begin; the language's code follows. */
    static final String PREFIX = "spacy-3.8-";

    private static final String DASHES = "\u2013\u2014";
    private static final String DEGREE = "\u00b0";

    private static final CharacterSet LETTERS = CharacterSet.of(LETTER);
    private static final CharacterSet LOWERS = CharacterSet.of(LOWER);
    private static final CharacterSet UPPERS = CharacterSet.of(UPPER);
    private static final CharacterSet DIGITS = CharacterSet.of(DIGIT);
    private static final CharacterSet LETTERS_AND_DIGITS = CharacterSet.of(LETTER | DIGIT);
    private static final CharacterSet ICONS = CharacterSet.of(ICON);
    private static final CharacterSet APOSTROPHES = CharacterSet.of("'\u2019");

    /** What is cut off at both ends of a word, one by one. */
    private static final CharacterSet ENDS = CharacterSet.of(MARK | QUOTE | EAST_ASIAN_QUOTE);

    /** A full stop is cut off behind one of these; more in some languages. */
    private static final CharacterSet BEFORE_STOP =
            CharacterSet.of(LOWER | QUOTE | MARK).with("%\u00b2-+|");

    private static final Map<String, Supplier<SpacyLanguage>> MAKERS = Map.ofEntries(
            Map.entry("ar", SpacyLanguages::arabic),
            Map.entry("cs", () -> of("cs", prefixes(), suffixes(), infixes())),
            Map.entry("de", SpacyLanguages::german),
            Map.entry("en", SpacyLanguages::english),
            Map.entry("es", SpacyLanguages::spanish),
            Map.entry("fr", SpacyLanguages::french),
            Map.entry("it", SpacyLanguages::italian),
            Map.entry("nl", SpacyLanguages::dutch),
            Map.entry("pl", SpacyLanguages::polish),
            Map.entry("pt", SpacyLanguages::portuguese),
            Map.entry("ro", SpacyLanguages::romanian),
            Map.entry("ru", SpacyLanguages::russian),
            Map.entry("sv", SpacyLanguages::swedish));

    private static final Map<String, SpacyLanguage> MADE = new ConcurrentHashMap<>();

    private SpacyLanguages() {}

    /** The language of a name such as {@code spacy-3.8-de}, if it is known. */
    static Optional<SpacyLanguage> named(String profile) {
        String code = profile.startsWith(PREFIX) ? profile.substring(PREFIX.length()) : "";
        return MAKERS.containsKey(code)
                ? Optional.of(
                        MADE.computeIfAbsent(code, wanted -> MAKERS.get(wanted).get()))
                : Optional.empty();
    }

    /** The names of all of them, in alphabetical order. */
    static List<String> names() {
        return MAKERS.keySet().stream().sorted().map(code -> PREFIX + code).toList();
    }

    private static SpacyLanguage of(
            String code, List<SpacyRule> prefixes, List<SpacyRule> suffixes, List<SpacyRule> infixes) {
        return SpacyLanguage.of(
                code, new SpacyPunctuation(prefixes, suffixes, infixes), SpacyLists.cases(code), WholeWords.NONE);
    }

    // ---- the rules that languages have unless they say otherwise

    /** Rules of a language's own, which are tried first, and those of all. */
    private static List<SpacyRule> prefixes(SpacyRule... own) {
        return all(
                List.of(own),
                List.of(
                        one(CharacterSet.of("+")).notBefore(DIGITS),
                        one(CharacterSet.of(MARK | QUOTE | EAST_ASIAN_QUOTE | CURRENCY | ICON)
                                .with("\u00a7%=" + DASHES)),
                        stops(),
                        words(List.of("US$", "C$", "A$"))));
    }

    private static List<SpacyRule> suffixes() {
        return all(
                endings(CharacterSet.of(MARK | QUOTE | EAST_ASIAN_QUOTE | ICON).with(DASHES)),
                numberEndings(SpacyLists.units()),
                List.of(words(List.of("'s", "'S", "\u2019s", "\u2019S"))),
                stopEndings(BEFORE_STOP.with("0123456789")));
    }

    /** Single characters, and what has more of them. */
    private static List<SpacyRule> endings(CharacterSet characters) {
        return List.of(one(characters), words(List.of("\u2026\u2026")), stops());
    }

    private static List<SpacyRule> numberEndings(List<String> units) {
        List<SpacyRule> endings = new ArrayList<>(List.of(
                one(CharacterSet.of("+")).behindThese(DIGITS),
                one(CharacterSet.of(CURRENCY)).behindThese(DIGITS),
                words(List.of("US$", "C$", "A$")).behindThese(DIGITS)));
        if (!units.isEmpty()) {
            endings.add(words(units).behindThese(DIGITS));
        }
        return endings;
    }

    private static List<SpacyRule> stopEndings(CharacterSet before) {
        SpacyRule stop = one(CharacterSet.of("."));
        return List.of(
                stop.behindThese(CharacterSet.of(DEGREE), CharacterSet.of("FfCcKk")),
                stop.behindThese(before),
                stop.behindThese(UPPERS, UPPERS));
    }

    private static List<SpacyRule> symbolInfixes(CharacterSet icons) {
        return List.of(stops(), one(CharacterSet.of("\u2026")), one(icons));
    }

    private static List<SpacyRule> infixes() {
        return all(
                symbolInfixes(ICONS),
                List.of(
                        betweenNumbers("+-*^"),
                        sentenceStop(CharacterSet.of(QUOTE)),
                        comma(),
                        hyphens().behindThese(LETTERS).beforeThese(LETTERS),
                        relation(":<>=/")));
    }

    private static SpacyRule betweenNumbers(String operators) {
        return one(CharacterSet.of(operators)).behindThese(DIGITS).beforeThese(DIGITS.with("-"));
    }

    /** A full stop without a space between two sentences. */
    private static SpacyRule sentenceStop(CharacterSet quotes) {
        return one(CharacterSet.of(".")).behindThese(LOWERS.or(quotes)).beforeThese(UPPERS.or(quotes));
    }

    private static SpacyRule comma() {
        return one(CharacterSet.of(",")).behindThese(LETTERS).beforeThese(LETTERS);
    }

    private static SpacyRule hyphens() {
        return words(List.of("-", "\u2013", "\u2014", "--", "---", "\u2014\u2014", "~"));
    }

    private static SpacyRule relation(String characters) {
        return one(CharacterSet.of(characters)).behindThese(LETTERS_AND_DIGITS).beforeThese(LETTERS);
    }

    /** Inside of words, as in German and the languages that follow it, which leave hyphens alone. */
    private static List<SpacyRule> germanInfixes(SpacyRule... own) {
        return all(
                symbolInfixes(ICONS),
                List.of(own),
                List.of(
                        one(CharacterSet.of(",!?")).behindThese(LETTERS).beforeThese(LETTERS),
                        one(brackets()).behindThese(LETTERS).beforeThese(LETTERS),
                        words(List.of("--")).behindThese(LETTERS).beforeThese(LETTERS)));
    }

    private static SpacyRule germanStop() {
        return one(CharacterSet.of(".")).behindThese(LOWERS).beforeThese(UPPERS);
    }

    private static CharacterSet brackets() {
        return CharacterSet.of(QUOTE | EAST_ASIAN_QUOTE).with("()[]").without("'");
    }

    // ---- languages

    private static SpacyLanguage english() {
        List<SpacyRule> infixes = all(
                symbolInfixes(ICONS),
                List.of(
                        betweenNumbers("+-*^"),
                        sentenceStop(CharacterSet.of(QUOTE)),
                        comma(),
                        hyphens().behindThese(LETTERS_AND_DIGITS).beforeThese(LETTERS),
                        relation(":<>=/")));
        return SpacyLanguage.of(
                "en", new SpacyPunctuation(prefixes(), suffixes(), infixes), SpacyEnglishCases.all(), WholeWords.NONE);
    }

    private static SpacyLanguage arabic() {
        List<SpacyRule> suffixes = all(
                endings(ENDS),
                numberEndings(SpacyLists.units()),
                List.of(one(CharacterSet.of(".")).behindThese(UPPERS, UPPERS)));
        return of("ar", prefixes(), suffixes, infixes());
    }

    private static SpacyLanguage german() {
        List<SpacyRule> suffixes = all(
                endings(CharacterSet.of(MARK | QUOTE | EAST_ASIAN_QUOTE | ICON).with("/")),
                List.of(words(List.of("''"))),
                numberEndings(SpacyLists.units()),
                stopEndings(BEFORE_STOP));
        List<SpacyRule> infixes = germanInfixes(
                germanStop(),
                one(CharacterSet.of(":<>=")).behindThese(LETTERS).beforeThese(LETTERS),
                one(CharacterSet.of("/")).behindThese(LETTERS_AND_DIGITS).beforeThese(LETTERS_AND_DIGITS),
                one(CharacterSet.of("-")).behindThese(DIGITS).beforeThese(DIGITS));
        return of("de", prefixes(words(List.of("``"))), suffixes, infixes);
    }

    private static SpacyLanguage spanish() {
        List<SpacyRule> suffixes = all(
                endings(CharacterSet.of(MARK | QUOTE | EAST_ASIAN_QUOTE | ICON).with(DASHES)),
                numberEndings(SpacyLists.unitsButPercent()),
                stopEndings(BEFORE_STOP.with("0123456789" + DASHES)));
        List<SpacyRule> infixes = all(
                symbolInfixes(ICONS),
                List.of(
                        betweenNumbers("+*^"),
                        sentenceStop(CharacterSet.of(QUOTE).with(DASHES)),
                        comma(),
                        relation(":<>=/")));
        return of("es", prefixes(), suffixes, infixes);
    }

    private static SpacyLanguage french() {
        List<String> elided = Stream.of("d", "l", "n", "D", "L", "N")
                .flatMap(letter -> Stream.of(letter + "'", letter + "\u2019"))
                .toList();
        List<SpacyRule> suffixes = all(
                endings(ENDS),
                numberEndings(SpacyLists.units()),
                stopEndings(CharacterSet.of(LOWER | QUOTE | DIGIT).with("%\u00b2-+(?:)")),
                List.of(words(SpacyFrench.pronouns()).behindThese(LETTERS)));
        List<SpacyRule> infixes =
                all(infixes(), List.of(SpacyRule.nothing(LETTERS).behindThese(LETTERS, APOSTROPHES)));
        List<SpacyRule> prefixes = all(prefixes(), List.of(words(elided).beforeThese(LETTERS)));
        return SpacyLanguage.of(
                "fr", new SpacyPunctuation(prefixes, suffixes, infixes), SpacyLists.cases("fr"), new SpacyFrench());
    }

    private static SpacyLanguage italian() {
        List<String> years =
                IntStream.range(0, 100).mapToObj("'%02d"::formatted).toList();
        List<SpacyRule> infixes = all(
                symbolInfixes(ICONS),
                List.of(
                        betweenNumbers("+-*^"),
                        sentenceStop(CharacterSet.of(QUOTE)),
                        comma(),
                        hyphens().behindThese(LETTERS).beforeThese(LOWERS),
                        relation(":<>=/"),
                        SpacyRule.nothing(LETTERS_AND_DIGITS.with("\"")).behindThese(LETTERS, APOSTROPHES)));
        return of("it", prefixes(words(years), SpacyRule.degrees()), suffixes(), infixes);
    }

    private static SpacyLanguage dutch() {
        List<SpacyRule> suffixes = all(
                endings(CharacterSet.of(MARK | QUOTE | EAST_ASIAN_QUOTE | ICON).with(DASHES)),
                List.of(words(List.of("''"))),
                numberEndings(SpacyLists.unitsButPercent()),
                stopEndings(BEFORE_STOP.with("0123456789")));
        List<SpacyRule> infixes = germanInfixes(
                germanStop(),
                one(CharacterSet.of(":<>=")).behindThese(LETTERS.with("\"")).beforeThese(LETTERS));
        return of("nl", prefixes(words(List.of(",,"))), suffixes, infixes);
    }

    private static SpacyLanguage polish() {
        List<SpacyRule> suffixes = all(
                List.of(
                        one(CharacterSet.of(MARK | QUOTE | EAST_ASIAN_QUOTE | ICON)
                                .with(".")),
                        words(List.of("\u2026\u2026", "''", "\u2019\u2019"))),
                numberEndings(SpacyLists.units()));
        List<SpacyRule> infixes = all(
                symbolInfixes(ICONS),
                List.of(
                        one(CharacterSet.of("-~" + DASHES)),
                        one(CharacterSet.of("."))
                                .behindThese(LETTERS_AND_DIGITS)
                                .beforeThese(CharacterSet.of(UPPER | DIGIT)),
                        one(CharacterSet.of(",!?")).behindThese(LETTERS).beforeThese(LETTERS),
                        one(CharacterSet.of(":<>=/")).behindThese(LETTERS).beforeThese(LETTERS),
                        one(brackets()).behindThese(LETTERS).beforeThese(LETTERS.with("-"))));
        List<String> numbers = Stream.of("d\u0142ugo", "kr\u00f3tko", "jedno", "dwu", "trzy", "cztero")
                .map(word -> word + "-")
                .toList();
        return of("pl", prefixes(words(numbers)), suffixes, infixes);
    }

    private static SpacyLanguage portuguese() {
        List<SpacyRule> infixes = all(List.of(SpacyRule.compounds()), infixes());
        return of("pt", prefixes(SpacyRule.dollars()), suffixes(), infixes);
    }

    private static SpacyLanguage romanian() {
        CharacterSet icons = ICONS.without(DEGREE);
        List<SpacyRule> suffixes = all(
                List.of(words(SpacyLists.read("ro-suffixes"))),
                endings(CharacterSet.of(MARK | QUOTE | EAST_ASIAN_QUOTE | ICON)
                        .without(DEGREE)
                        .with(DASHES)),
                numberEndings(List.of()),
                stopEndings(BEFORE_STOP.with("0123456789")));
        List<SpacyRule> infixes = all(
                symbolInfixes(icons),
                List.of(betweenNumbers("+*^"), sentenceStop(CharacterSet.of(QUOTE)), comma(), relation(":<>=")));
        return of("ro", prefixes(words(SpacyLists.read("ro-prefixes"))), suffixes, infixes);
    }

    private static SpacyLanguage russian() {
        CharacterSet accents = CharacterSet.of(ACCENT);
        SpacyRule stop = one(CharacterSet.of("."));
        List<SpacyRule> infixes = all(
                infixes(),
                List.of(
                        stop.behindThese(LOWERS, accents).beforeThese(CharacterSet.of(UPPER | QUOTE)),
                        one(CharacterSet.of(",")).behindThese(LETTERS, accents).beforeThese(LETTERS),
                        hyphens().behindThese(LETTERS, accents).beforeThese(LETTERS),
                        one(CharacterSet.of(":<>=/"))
                                .behindThese(LETTERS, accents)
                                .beforeThese(LETTERS)));
        return of("ru", prefixes(), all(suffixes(), List.of(stop.behindThese(LETTERS, accents))), infixes);
    }

    private static SpacyLanguage swedish() {
        List<SpacyRule> suffixes = all(
                endings(CharacterSet.of(MARK | QUOTE | EAST_ASIAN_QUOTE | ICON)
                        .without("'")
                        .with(DASHES)),
                List.of(one(CharacterSet.of("'")).behindThese(CharacterSet.allBut("sSxXzZ"))),
                numberEndings(SpacyLists.units()),
                stopEndings(BEFORE_STOP.with("0123456789")));
        List<SpacyRule> infixes = germanInfixes(
                germanStop(),
                relation("<>=/"),
                one(CharacterSet.of(":"))
                        .behindThese(CharacterSet.of(UPPER | DIGIT))
                        .beforeThese(UPPERS));
        return of("sv", prefixes(), suffixes, infixes);
    }

    @SafeVarargs
    private static List<SpacyRule> all(List<SpacyRule>... groups) {
        List<SpacyRule> all = new ArrayList<>();
        for (List<SpacyRule> group : groups) {
            all.addAll(group);
        }
        return all;
    }
}
