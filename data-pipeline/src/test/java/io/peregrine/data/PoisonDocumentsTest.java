package io.peregrine.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.code.CodeConfig;
import io.peregrine.data.code.licence.LicenceFinder;
import io.peregrine.data.code.repo.RepositoryConfig;
import io.peregrine.data.code.repo.RepositoryFile;
import io.peregrine.data.code.repo.RepositoryPacker;
import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.decontaminate.ContaminationFinder;
import io.peregrine.data.decontaminate.DecontaminateConfig;
import io.peregrine.data.decontaminate.EvaluationIndex;
import io.peregrine.data.dedup.MinHash;
import io.peregrine.data.dedup.RepeatedLines;
import io.peregrine.data.dedup.RepeatedSpans;
import io.peregrine.data.dedup.SimplifiedText;
import io.peregrine.data.extract.Charsets;
import io.peregrine.data.extract.HtmlToText;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.RuleSet;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.filters.TextProfiles;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Profiles;
import io.peregrine.data.testing.LinearCost;
import io.peregrine.data.testing.PoisonTexts;
import io.peregrine.data.tokenizer.PreTokenizer;
import io.peregrine.data.tokenizer.PretokenCounter;
import io.peregrine.data.tokenizer.SplitRules;
import io.peregrine.data.toxicity.ToxicityAnnotator;
import io.peregrine.data.toxicity.ToxicityConfig;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every reader of a document's text against every poison: linear time and memory, and no exception. */
class PoisonDocumentsTest {
    private static final int LENGTH = 4096;
    private static final int CODE_LENGTH = 2048;
    private static final String EVERYDAY =
            "The quick <b>brown</b> fox, jumps (over) \"it\" 12 times. $x^2$\n".repeat(100);

    @TempDir
    Path folder;

    private static Consumer<String> annotates(Annotator annotator, String language) {
        return text -> annotator.annotate(
                new Document("0".repeat(32), "s", "web", "o", "https://example.org/a", "", "", language, text));
    }

    /** Whatever reads texts, by name. Profiles are those of the folder: a new one is read too. */
    private Map<String, Consumer<String>> readers() throws IOException {
        Map<String, Consumer<String>> readers = new LinkedHashMap<>();
        try (Stream<Path> profiles = Files.list(Path.of("../conf/filters"))) {
            for (Path file : profiles.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString().replace(".yaml", "");
                Annotator annotator = TextProfiles.annotators(Profiles.load(name), CodeConfig.DEFAULTS)
                        .get();
                readers.put("profile " + name, annotates(annotator, name.startsWith("code") ? "java" : "en"));
            }
        }
        for (RuleSet set : RuleSets.of(FilterConfig.DEFAULTS).all()) {
            readers.put("rule set " + set.name(), annotates(set.annotator(), Document.UNDETERMINED));
        }
        Annotator english = RuleSets.of(FilterConfig.DEFAULTS).of("s", "web").annotator();
        readers.put(
                "address",
                text -> english.annotate(
                        new Document("0".repeat(32), "s", "web", "o", text, "", "", "en", "A short text.")));
        Annotator toxicity = new ToxicityAnnotator(new ToxicityConfig(
                Map.of(
                        "en",
                        Files.writeString(folder.resolve("words.txt"), "aaaa\na a\n")
                                .toString()),
                List.of(),
                List.of(),
                1000));
        readers.put("toxicity", annotates(toxicity, "en"));
        readers.put("page", HtmlToText::extract);
        readers.put("page in UTF-8", text -> decode(text, StandardCharsets.UTF_8));
        readers.put("page in Latin", text -> decode(text + "\u00E9", StandardCharsets.ISO_8859_1));
        readers.put("page in Shift_JIS", text -> decode(text + "\u4ECA", Charset.forName("Shift_JIS")));
        readers.put("simplified text", SimplifiedText::of);
        readers.put("MinHash", new MinHash()::signature);
        RepeatedLines lines = new RepeatedLines(20);
        readers.put("repeated lines", text -> lines.without(text, lines.names(text)));
        readers.put("repeated spans", PoisonDocumentsTest::spans);
        Path items =
                Files.writeString(folder.resolve("items.jsonl"), "{\"q\": \"a a a a b c d e f g h i j k l m n\"}\n");
        ContaminationFinder finder =
                new ContaminationFinder(EvaluationIndex.of(evaluation(items), Path.of("")), Set.of(), 0);
        readers.put("contamination", finder::find);
        PreTokenizer runs = new PreTokenizer(new SplitRules(SplitRules.Digits.RUN, SplitRules.Punctuation.RUN, false));
        readers.put("pre-tokens in runs", text -> {
            for (int at = 0; at < text.length(); ) {
                at = runs.end(text, at);
            }
        });
        PreTokenizer preTokenizer = new PreTokenizer(SplitRules.DEFAULTS);
        readers.put("counted pre-tokens", text -> new PretokenCounter(preTokenizer).add(text));
        LicenceFinder licences = new LicenceFinder();
        readers.put("licence file", licences::ofLicenceFile);
        readers.put("licence header", text -> licences.ofHeader(text, CodeLanguages.named("java")));
        readers.put("licence path", LicenceFinder::isLicenceFile);
        readers.put("programming language", text -> CodeLanguages.of("x", text));
        readers.put("path of a program", text -> CodeLanguages.ofPath(text));
        return readers;
    }

    private static void decode(String text, Charset charset) {
        Charsets.decodeHtml(text.getBytes(charset), Optional.empty());
    }

    private static DecontaminateConfig evaluation(Path items) {
        DecontaminateConfig defaults = DecontaminateConfig.DEFAULTS;
        return new DecontaminateConfig(
                List.of(new DecontaminateConfig.EvaluationSet(
                        "set", List.of(items.toString()), List.of("q"), Optional.empty())),
                defaults.ngramWords(),
                defaults.shortWordsMin(),
                defaults.differentWordsMin(),
                defaults.itemShareMin(),
                defaults.action(),
                defaults.maskText(),
                defaults.maskShareMax(),
                defaults.exemptDocumentsMax(),
                defaults.ngramsMax());
    }

    private static void spans(String text) {
        RepeatedSpans spans = new RepeatedSpans(50);
        List<Integer> seeds = new ArrayList<>();
        spans.seeds(text, (hash, position) -> seeds.add(position));
        List<Integer> windows = new ArrayList<>();
        spans.windows(text, ints(seeds), (high, low, position) -> windows.add(position));
        spans.without(text, ints(windows));
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    @TestFactory
    Stream<DynamicTest> everyReaderIsLinearInEveryPoison() throws IOException {
        return readers().entrySet().stream()
                .map(reader -> DynamicTest.dynamicTest(reader.getKey(), () -> {
                    reader.getValue().accept(EVERYDAY);
                    assertThat(LinearCost.superlinear(reader.getValue(), PoisonTexts.all(), LENGTH))
                            .isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> theScannerOfEveryLanguageIsLinear() {
        RepositoryPacker packer = new RepositoryPacker(RepositoryConfig.DEFAULTS);
        Annotator annotator = TextProfiles.annotators(Profiles.load("code-opencoder"), CodeConfig.DEFAULTS)
                .get();
        Map<String, PoisonTexts.Text> poisons = PoisonTexts.programs();
        return CodeLanguages.all().stream()
                .map(CodeLanguage::name)
                .map(language -> DynamicTest.dynamicTest(language, () -> {
                    Consumer<String> file = annotates(annotator, language);
                    assertThat(LinearCost.superlinear(file, poisons, CODE_LENGTH))
                            .isEmpty();
                    Consumer<String> repository = text -> packer.pack(List.of(
                            new RepositoryFile("a/b.x", language, "MIT", text),
                            new RepositoryFile("a/c.x", language, "MIT", "x")));
                    assertThat(LinearCost.superlinear(repository, poisons, CODE_LENGTH))
                            .isEmpty();
                }));
    }

    /** The largest texts that come: all poisons behind each other, and one line of one letter. */
    @Test
    @Tag("slow")
    void tenMegabytesAreRead() throws IOException {
        int each = (10 << 20) / PoisonTexts.all().size();
        String all = PoisonTexts.all().values().stream()
                .map(poison -> poison.ofLength(each))
                .collect(Collectors.joining("\n"));
        readers().forEach((name, reader) -> {
            reader.accept(all);
            reader.accept("a".repeat(10 << 20));
        });
    }
}
