package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.decontaminate.DecontaminateConfig;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.seed.SeedStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class DecontaminateJobSparkTest {
    private static final int CLEAN = 30;

    @TempDir
    Path root;

    private static String prose(int topic, int words) {
        SeedStream random = SeedStream.of(topic);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words; i++) {
            for (int j = 0; j < 5; j++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            text.append(i % 9 == 8 ? ".\n" : " ");
        }
        return text.toString();
    }

    private static String question(int number) {
        return prose(1000 + number, 20);
    }

    private static Document document(String location, String text) {
        return Document.of("s", "web", "s.jsonl", location, "en", text);
    }

    /** Thirty clean documents, of which one has one of eight runs of question 4, two with question 1, one full of question 2, and five with question 3. */
    private static List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < CLEAN; i++) {
            String phrase = i > 0
                    ? ""
                    : String.join(" ", List.of(question(4).split("\\s+")).subList(0, 13));
            documents.add(document("#clean" + i, prose(i, 80) + phrase));
        }
        documents.add(document("#one", prose(50, 60) + question(1).toUpperCase(java.util.Locale.ROOT) + prose(51, 60)));
        documents.add(document("#also", prose(52, 60) + question(1).replace(" ", ", ")));
        documents.add(document("#full", question(2) + "little else"));
        for (int i = 0; i < 5; i++) {
            documents.add(document("#common" + i, prose(60 + i, 70) + question(3)));
        }
        return documents;
    }

    private DecontaminateConfig config(DecontaminateConfig.Action action, long exemptDocumentsMax) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 4; i++) {
            lines.append("{\"id\":\"q%d\",\"question\":\"%s\"}\n"
                    .formatted(i, question(i).replace("\n", " ")));
        }
        Path set = Files.writeString(root.resolve("quiz.jsonl"), lines);
        return new DecontaminateConfig(
                List.of(new DecontaminateConfig.EvaluationSet(
                        "quiz", List.of(set.toString()), List.of("question"), Optional.empty())),
                13,
                8,
                6,
                0.25,
                action,
                "",
                0.5,
                exemptDocumentsMax,
                1000);
    }

    private StageFixture fixture(String name, List<Document> documents, int partitions) {
        StageFixture fixture = new StageFixture(root.resolve(name));
        fixture.put(Stage.DEDUP, "unique", documents, partitions);
        return fixture;
    }

    @Test
    void contaminatedDocumentsAreDroppedWithTheEvidence() throws IOException {
        StageFixture fixture = fixture("drop", documents(), 3);
        StageManifest manifest =
                fixture.run(new DecontaminateJob(config(DecontaminateConfig.Action.DROP, 0), Path.of("")));
        assertThat(manifest.counts())
                .containsEntry("in", 38L)
                .containsEntry("out", 30L)
                .containsEntry("dropped.contaminated", 8L)
                .containsEntry("masked", 0L)
                .containsEntry("exempt-runs", 0L)
                .containsEntry("evaluation-runs", 32L)
                .containsEntry("items.quiz", 4L)
                .containsEntry("items-touched.quiz", 3L)
                .containsEntry("documents-touched.quiz", 8L)
                .containsEntry("documents-below-share.quiz", 1L);
        Row below =
                fixture.table(Stage.DECONTAMINATE, "hits").where("not counts").head();
        assertThat(below.<String>getAs("item")).isEqualTo("q4");
        assertThat(below.<Double>getAs("item_share")).isEqualTo(1 / 8.0);
        assertThat(fixture.documents(Stage.DECONTAMINATE, "clean"))
                .containsExactlyInAnyOrderElementsOf(documents().subList(0, CLEAN));
        Row full = fixture.table(Stage.DECONTAMINATE, "contaminated")
                .where("location = '#full'")
                .head();
        assertThat(full.<String>getAs("item")).isEqualTo("q2");
        assertThat(full.<Long>getAs("hits")).isEqualTo(8);
        assertThat(full.<Double>getAs("item_share")).isEqualTo(1.0);
        assertThat(full.<Double>getAs("document_share")).isEqualTo(20 / 22.0);
        assertThat(full.<String>getAs("ngram").split(" ", -1)).hasSize(13);
        assertThat(fixture.table(Stage.DECONTAMINATE, "hits")
                        .where("item = 'q1'")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void sharedWordsAreMaskedWhereEnoughIsLeft() throws IOException {
        StageFixture fixture = fixture("mask", documents(), 2);
        StageManifest manifest =
                fixture.run(new DecontaminateJob(config(DecontaminateConfig.Action.MASK, 0), Path.of("")));
        assertThat(manifest.counts())
                .containsEntry("in", 38L)
                .containsEntry("out", 37L)
                .containsEntry("dropped.contaminated", 1L)
                .containsEntry("masked", 7L);
        Document masked = fixture.documents(Stage.DECONTAMINATE, "clean").stream()
                .filter(document -> document.location().equals("#one"))
                .findFirst()
                .orElseThrow();
        assertThat(masked.text()).startsWith(prose(50, 60)).endsWith(prose(51, 60));
        assertThat(masked.text()).hasSize(prose(50, 60).length() + prose(51, 60).length() + 1);
        assertThat(masked.id()).isEqualTo(Document.idOf(masked.text()));
    }

    @Test
    void phrasesOfManyDocumentsAreExempt() throws IOException {
        StageFixture fixture = fixture("exempt", documents(), 2);
        assertThat(fixture.run(new DecontaminateJob(config(DecontaminateConfig.Action.DROP, 4), Path.of("")))
                        .counts())
                .containsEntry("dropped.contaminated", 3L)
                .containsEntry("exempt-runs", 8L)
                .containsEntry("items-touched.quiz", 2L);
        assertThat(fixture.table(Stage.DECONTAMINATE, "exempt")
                        .where("documents = 5")
                        .count())
                .isEqualTo(8);
        StageFixture atTheLimit = fixture("limit", documents(), 2);
        assertThat(atTheLimit
                        .run(new DecontaminateJob(config(DecontaminateConfig.Action.DROP, 5), Path.of("")))
                        .counts())
                .containsEntry("dropped.contaminated", 8L);
    }

    @Test
    void theResultIsThatOfTheDocumentsAlone() throws IOException {
        DecontaminateConfig config = config(DecontaminateConfig.Action.MASK, 4);
        Map<String, String> expected =
                StageFixture.digests(fixture("1", documents(), 1).run(new DecontaminateJob(config, Path.of(""))));
        List<Document> reversed = new ArrayList<>(documents());
        Collections.reverse(reversed);
        assertThat(StageFixture.digests(fixture("7", reversed, 7).run(new DecontaminateJob(config, Path.of("")))))
                .isEqualTo(expected);
    }

    @Test
    void withoutSetsTheTableBeforeIsTheResult() {
        StageFixture fixture = fixture("none", documents(), 2);
        StageManifest manifest = fixture.run(new DecontaminateJob(DecontaminateConfig.DEFAULTS, Path.of("")));
        assertThat(manifest.counts()).containsEntry("in", 38L).containsEntry("out", 38L);
        assertThat(manifest.outputs())
                .containsOnly(Map.entry(
                        "clean",
                        StageManifest.require(fixture.layout(), Stage.DEDUP).output("unique")));
        assertThat(fixture.documents(Stage.DECONTAMINATE, "clean")).hasSize(38);
    }
}
