package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class FilterJobSparkTest {
    private static final String ENGLISH =
            "The keeper of the lighthouse wrote down that the wind had turned, and that no ship was to be seen. ";
    private static final String GERMAN =
            "Der W\u00e4rter des Leuchtturms schrieb auf, dass der Wind sich gedreht hatte und kein Schiff zu sehen war. ";

    private static final FilterConfig GOPHER = YamlConfig.parse(Path.of("filter"), """
            english: {profile: gopher}
            multilingual: {profile: gopher, limits: {gopher_enough_stop_words: 0}}
            """, FilterConfig.class);

    @TempDir
    Path root;

    private static StageManifest filter(StageFixture fixture, FilterConfig config) {
        fixture.run(new SignalsJob(config));
        return fixture.run(new FilterJob(config));
    }

    private static List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            documents.add(Document.of("s", "web", "f", "#" + i, "und", ENGLISH.repeat(4) + "It was day " + i + "."));
        }
        documents.add(Document.of("s", "web", "f", "#5", "und", ENGLISH));
        documents.add(Document.of("s", "web", "f", "#6", "und", GERMAN.repeat(4)));
        documents.add(Document.of("s", "multilingual", "f", "#7", "und", GERMAN.repeat(4)));
        documents.add(Document.of("s", "code", "f", "A.java", "java", "class A {}\n"));
        documents.add(Document.of("s", "code", "f", "a.min.js", "javascript", "x".repeat(1001)));
        return documents;
    }

    @Test
    void everyDocumentIsKeptOrDroppedWithTheReason() {
        StageFixture fixture = new StageFixture(root);
        fixture.put(Stage.DOCUMENTS, "documents", documents(), 3);
        StageManifest manifest = filter(fixture, GOPHER);
        assertThat(manifest.counts())
                .containsExactly(
                        Map.entry("in", 10L),
                        Map.entry("out", 7L),
                        Map.entry("dropped.code_long_line", 1L),
                        Map.entry("dropped.language_not_accepted", 1L),
                        Map.entry("dropped.gopher_short_doc", 1L),
                        Map.entry("code.in", 2L),
                        Map.entry("code.out", 1L),
                        Map.entry("code.dropped.code_long_line", 1L),
                        Map.entry("multilingual.in", 1L),
                        Map.entry("multilingual.out", 1L),
                        Map.entry("web.in", 7L),
                        Map.entry("web.out", 5L),
                        Map.entry("web.dropped.language_not_accepted", 1L),
                        Map.entry("web.dropped.gopher_short_doc", 1L));

        List<Document> kept = fixture.documents(Stage.FILTERS, "kept");
        assertThat(kept).hasSize(7).extracting(Document::language).containsOnly("en", "de", "java");
        List<Row> dropped =
                fixture.table(Stage.FILTERS, "dropped").orderBy("rule").collectAsList();
        assertThat(dropped).hasSize(3);
        Row shortDocument = dropped.get(1);
        assertThat(shortDocument.<String>getAs("stage")).isEqualTo("gopher-quality");
        assertThat(shortDocument.<String>getAs("rule")).isEqualTo("gopher_short_doc");
        assertThat(shortDocument.<Double>getAs("measured")).isEqualTo(20.0);
        assertThat(shortDocument.<Double>getAs("limit")).isEqualTo(50.0);
        assertThat(DocumentRows.fromRow(shortDocument))
                .isEqualTo(documents().get(5).withLanguage("en"));
    }

    @Test
    void theResultIsThatOfTheDocumentsAlone() {
        List<Map<String, String>> digests = new ArrayList<>();
        for (int partitions : new int[] {1, 7}) {
            StageFixture fixture = new StageFixture(root.resolve("run-" + partitions));
            fixture.put(Stage.DOCUMENTS, "documents", documents(), partitions);
            digests.add(StageFixture.digests(filter(fixture, GOPHER)));
        }
        assertThat(digests.get(1)).isEqualTo(digests.get(0));
    }

    @Test
    void nothingInNothingOut() {
        StageFixture fixture = new StageFixture(root);
        fixture.put(Stage.DOCUMENTS, "documents", List.of(), 1);
        assertThat(filter(fixture, GOPHER).counts()).isEqualTo(Map.of("in", 0L, "out", 0L));
    }

    @Test
    void aDomainWithoutRulesStopsTheStageBeforeItBegins() {
        StageFixture fixture = new StageFixture(root);
        fixture.put(Stage.DOCUMENTS, "documents", List.of(Document.of("s", "poetry", "f", "#0", "en", "x")), 1);
        assertThatThrownBy(() -> filter(fixture, GOPHER))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no rules for domain 'poetry'");
        assertThat(StageManifest.read(fixture.layout(), Stage.FILTERS)).isEmpty();
    }
}
