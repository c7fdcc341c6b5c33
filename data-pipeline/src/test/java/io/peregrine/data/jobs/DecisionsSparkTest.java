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
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
        RuleSets sets = RuleSets.of(config);
        AnnotatedRows schema = new AnnotatedRows(sets);
        RuleSet judge = sets.of("s", "web");
        List<String> signals = judge.annotator().signals().stream()
                .map(signal -> signal.name())
                .toList();

        SeedStream draw = SeedStream.of(11);
        List<Row> rows = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Document document = Document.of(
                    "s", i % 10 == 0 ? "books" : "web", "f", "#" + i, LANGUAGES.get(i % LANGUAGES.size()), "text " + i);
            double[] values = new double[signals.size()];
            Arrays.fill(values, Double.NaN);
            List<Rule> rules = judge.rules(document.language());
            for (Rule rule : rules) {
                int at = signals.indexOf(rule.signal());
                // A signal may have a limit on each side: now the one is tried, now the other.
                if (Double.isNaN(values[at]) || draw.nextInt(2) == 0) {
                    values[at] = around(rule.limit(), draw);
                }
            }
            Optional<Check> broken = document.domain().equals("books")
                    ? Optional.empty()
                    : judge.verdict(new Annotation(document, values.clone()));
            expected.add(document.location() + " "
                    + broken.map(check -> "%s %s %s"
                                    .formatted(
                                            check.rule().reason(),
                                            check.measured(),
                                            check.rule().limit()))
                            .orElse("kept"));
            rows.add(row(
                    schema.schema(), document, sets.of("s", document.domain()).name(), signals, values));
        }
        Dataset<Row> judged = SparkTest.spark()
                .createDataset(rows, Encoders.row(schema.schema()))
                .withColumn("drop", Decisions.drop(sets));
        List<String> decided = judged.select("location", "drop").collectAsList().stream()
                .map(row -> row.getString(0) + " "
                        + (row.isNullAt(1)
                                ? "kept"
                                : "%s %s %s"
                                        .formatted(
                                                row.getStruct(1).getString(1),
                                                row.getStruct(1).getDouble(2),
                                                row.getStruct(1).getDouble(3))))
                .toList();
        assertThat(decided).isEqualTo(expected);
        assertThat(expected).anyMatch(line -> line.endsWith("kept")).noneMatch(line -> line.contains("bullet"));
        assertThat(expected.stream().map(line -> line.split(" ")[1]).distinct()).hasSizeGreaterThan(10);
        assertThat(expected).anyMatch(line -> line.contains("dclm_page_length_below") && line.endsWith(" 40.0"));
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
