package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.filters.RuleSet;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Check;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Spark's expressions decide is what the rules decide in plain Java. */
@Tag("spark")
class DecisionsSparkTest {
    private static final List<String> LANGUAGES = List.of("en", "de", "und");

    @TempDir
    Path folder;

    @Test
    void sparkAndTheRulesAgreeOnEverySideOfEveryLimit() throws Exception {
        String shipped = Files.readString(Path.of("..", "conf", "filters", "dclm-refinedweb.yaml"));
        Path own = Files.writeString(
                folder.resolve("own.yaml"), shipped + "languages: {de: {limits: {dclm_word_length_above: 15}}}\n");
        FilterConfig config = YamlConfig.parse(Path.of("filter"), """
                english:
                  families: [text]
                  profile: %s
                  limits: {dclm_page_length_below: 40}
                  switched-off: [dclm_bullet_count]
                domains: {web: english, books: none}
                """.formatted(own), FilterConfig.class);
        List<String> decided = agreed(config, LANGUAGES);
        assertThat(decided).anyMatch(line -> line.endsWith("kept")).noneMatch(line -> line.contains("bullet"));
        assertThat(decided.stream().map(line -> line.split(" ")[1]).distinct()).hasSizeGreaterThan(10);
        assertThat(decided).anyMatch(line -> line.contains("dclm_page_length_below") && line.endsWith(" 40.0"));
    }

    /** Limits of seventeen languages, and two sets with rules of the same reasons. */
    @Test
    void theyAgreeOnTheLimitsOfEveryLanguage() {
        FilterConfig config = YamlConfig.parse(Path.of("filter"), """
                english: {families: [text], profile: gopher}
                multilingual: {families: [text], profile: fineweb2}
                domains: {web: multilingual, curated: english, books: none}
                """, FilterConfig.class);
        List<String> languages = new ArrayList<>(List.of("und", "tlh"));
        languages.addAll(RuleSets.of(config).of("s", "web").ownLimitLanguages());
        assertThat(languages).hasSizeGreaterThan(17);
        List<String> decided = agreed(config, languages);
        assertThat(decided).anyMatch(line -> line.endsWith("kept"));
        assertThat(decided.stream()
                        .map(line -> line.split(" "))
                        .filter(drop -> drop[1].equals("top_3_gram"))
                        .map(drop -> drop[3])
                        .distinct())
                .as("limits of one rule by which documents were dropped")
                .hasSizeGreaterThan(3);
    }

    @Test
    void setsWithoutRulesKeepEverything() {
        FilterConfig config = YamlConfig.parse(Path.of("filter"), """
                english: {families: []}
                multilingual: {families: []}
                math: {families: []}
                code: {families: []}
                domains: {web: english, curated: none, books: none}
                """, FilterConfig.class);
        assertThat(agreed(config, LANGUAGES)).allMatch(line -> line.endsWith("kept"));
    }

    /**
     * What Spark decided about documents whose values lie about the limits, and with what it was recorded; checked to be
     * what the rules decide.
     */
    private static List<String> agreed(FilterConfig config, List<String> languages) {
        RuleSets sets = RuleSets.of(config);
        StructType schema = new AnnotatedRows(sets).schema();
        List<String> domains = List.copyOf(config.domains().keySet());
        Map<String, List<String>> signalsOf = new HashMap<>();
        SeedStream draw = SeedStream.of(11);
        List<Row> rows = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String domain = domains.get(draw.nextInt(domains.size()));
            String language = languages.get(draw.nextInt(languages.size()));
            Document document = Document.of("s", domain, "f", "#" + i, language, "text " + i);
            RuleSet judge = sets.of("s", domain);
            List<String> signals = signalsOf.computeIfAbsent(
                    judge.name(),
                    set -> judge.annotator().signals().stream()
                            .map(Signal::name)
                            .toList());
            double[] values = new double[signals.size()];
            Arrays.fill(values, Double.NaN);
            for (Rule rule : judge.rules(language)) {
                int at = signals.indexOf(rule.signal());
                // A signal may have a limit on each side: now the one is tried, now the other.
                if (Double.isNaN(values[at]) || draw.nextInt(2) == 0) {
                    values[at] = around(rule.limit(), draw);
                }
            }
            Optional<Check> broken = judge.verdict(new Annotation(document, values.clone()));
            expected.add(document.location() + " "
                    + broken.map(check -> "%s %s %s"
                                    .formatted(
                                            check.rule().reason(),
                                            check.measured(),
                                            check.rule().limit()))
                            .orElse("kept"));
            rows.add(row(schema, document, judge.name(), signals, values));
        }
        List<String> decided = decided(rows, schema, new Decisions(sets));
        assertThat(decided).isEqualTo(expected);
        return decided;
    }

    /** For each document what dropped it, in the order of the documents. */
    private static List<String> decided(List<Row> rows, StructType schema, Decisions decisions) {
        Column deciding = functions.col(Decisions.DECIDING);
        Dataset<Row> all = decisions.decide(SparkTest.spark().createDataset(rows, Encoders.row(schema)));
        Map<String, String> byLocation = new HashMap<>();
        all.where(deciding.isNull()).collectAsList().forEach(row -> byLocation.put(row.getAs("location"), "kept"));
        for (Row row : decisions.explain(all.where(deciding.isNotNull())).collectAsList()) {
            assertThat(row.<String>getAs("rule")).isEqualTo(decisions.reason(row.getAs(Decisions.DECIDING)));
            String drop = "%s %s %s".formatted(row.getAs("rule"), row.getAs("measured"), row.getAs("limit"));
            assertThat(byLocation.put(row.getAs("location"), drop)).isNull();
        }
        return rows.stream()
                .map(row -> row.getString(schema.fieldIndex("location")))
                .map(location -> location + " " + byLocation.get(location))
                .toList();
    }

    /** Mostly on the limit, so that many documents reach the later rules; sometimes just off it, or not measured. */
    private static double around(double limit, SeedStream draw) {
        return switch (draw.nextInt(60)) {
            case 0, 1 -> Math.nextUp(limit);
            case 2, 3 -> Math.nextDown(limit);
            case 4, 5, 6 -> Double.NaN;
            default -> limit;
        };
    }

    private static Row row(StructType schema, Document document, String set, List<String> signals, double[] values) {
        Object[] columns = new Object[schema.length()];
        Row fixed = DocumentRows.toRow(document);
        for (int i = 0; i < fixed.length(); i++) {
            columns[i] = fixed.get(i);
        }
        columns[schema.fieldIndex(AnnotatedRows.RAW_ID)] = document.id();
        columns[schema.fieldIndex(AnnotatedRows.RULE_SET)] = set;
        for (int i = 0; i < values.length; i++) {
            columns[schema.fieldIndex(signals.get(i))] = Double.isNaN(values[i]) ? null : (Double) values[i];
        }
        return RowFactory.create(columns);
    }
}
