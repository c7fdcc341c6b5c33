package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.dedup.MinHash;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("spark")
class DedupJobSparkTest {
    @TempDir
    Path root;

    private static String text(int topic, int edits) {
        SeedStream random = SeedStream.of(topic);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            StringBuilder word = new StringBuilder();
            for (int j = 0; j < 5; j++) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            boolean edited = edits > 0 && i % (200 / edits) == 100 / edits;
            text.append(edited ? "edit" + (char) ('a' + edits) : word).append(i % 12 == 11 ? ".\n" : " ");
        }
        return text.toString();
    }

    private static Document document(String source, String location, String text) {
        return Document.of(source, "web", source + ".jsonl", location, "en", text);
    }

    /** Twenty topics alone, one in three slightly edited versions, one in three copies, and two short copies. */
    private static List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        for (int topic = 0; topic < 20; topic++) {
            documents.add(document("a", "#" + topic, text(topic, 0)));
        }
        for (int edits = 0; edits < 3; edits++) {
            documents.add(document("b", "#edit" + edits, text(100, edits)));
        }
        documents.add(document("b", "#copy1", text(200, 0)));
        documents.add(document("a", "#copy2", text(200, 0)));
        documents.add(document("b", "#copy0", text(200, 0)));
        documents.add(document("a", "#short", "too short"));
        documents.add(document("a", "#short", "too short"));
        return documents;
    }

    private StageManifest run(String name, List<Document> documents, int partitions, DedupConfig config) {
        StageFixture fixture = new StageFixture(root.resolve(name));
        fixture.put(Stage.FILTERS, "kept", documents, partitions);
        StageManifest manifest = fixture.run(new DedupJob(config));
        assertThat(Files.exists(fixture.layout().dedup().resolve("scratch"))).isFalse();
        return manifest;
    }

    @Test
    void oneOfEachClusterIsKeptAndTheOthersSayWhich() {
        StageManifest manifest = run("run", documents(), 3, DedupConfig.DEFAULTS);
        assertThat(manifest.counts())
                .containsEntry("in", 28L)
                .containsEntry("out", 23L)
                .containsEntry("dropped.exact", 3L)
                .containsEntry("dropped.near", 2L)
                .containsEntry("pairs-cut-by-similarity", 0L)
                .containsEntry("clusters", 3L);
        StageFixture fixture = new StageFixture(root.resolve("run"));

        List<String> edited = new ArrayList<>();
        for (int edits = 0; edits < 3; edits++) {
            edited.add(Document.idOf(text(100, edits)));
        }
        Collections.sort(edited);
        List<Document> unique = fixture.documents(Stage.DEDUP, "unique");
        assertThat(unique).extracting(Document::id).doesNotHaveDuplicates().contains(edited.get(0));
        assertThat(unique).extracting(Document::id).doesNotContain(edited.get(1), edited.get(2));
        assertThat(unique)
                .filteredOn(document -> document.id().equals(Document.idOf(text(200, 0))))
                .extracting(Document::location)
                .containsExactly("#copy2");

        for (Row duplicate :
                fixture.table(Stage.DEDUP, "duplicates").where("kind = 'near'").collectAsList()) {
            assertThat(duplicate.<String>getAs("cluster")).isEqualTo(edited.get(0));
            assertThat(duplicate.<Long>getAs("cluster_size")).isEqualTo(3L);
            double expected = similarity(duplicate.getAs("text"), edited.get(0));
            assertThat(duplicate.<Double>getAs("estimated_jaccard"))
                    .isEqualTo(expected)
                    .isBetween(0.7, 1.0);
        }
        List<Row> exact = fixture.table(Stage.DEDUP, "duplicates")
                .where("kind = 'exact'")
                .orderBy("location")
                .collectAsList();
        assertThat(exact)
                .extracting(row -> row.<String>getAs("location"))
                .containsExactly("#copy0", "#copy1", "#short");
        assertThat(exact)
                .extracting(row -> row.<Double>getAs("estimated_jaccard"))
                .containsOnly(1.0);
        assertThat(exact).extracting(row -> row.<Long>getAs("cluster_size")).containsExactly(3L, 3L, 2L);
        assertThat(fixture.table(Stage.DEDUP, "clusters").count()).isEqualTo(5);
    }

    private static double similarity(String text, String keptId) {
        MinHash minHash = new MinHash();
        for (int edits = 0; edits < 3; edits++) {
            if (Document.idOf(text(100, edits)).equals(keptId)) {
                return minHash.signature(text)
                        .orElseThrow()
                        .similarity(minHash.signature(text(100, edits)).orElseThrow());
            }
        }
        throw new IllegalArgumentException(keptId);
    }

    @Test
    void theResultIsThatOfTheDocumentsAlone() {
        DedupConfig defaults = DedupConfig.DEFAULTS;
        DedupConfig inSpark = DedupConfigs.inSpark();
        List<Document> shuffled = new ArrayList<>(documents());
        Collections.reverse(shuffled);
        Map<String, String> expected = StageFixture.digests(run("1", documents(), 1, defaults));
        assertThat(StageFixture.digests(run("64", shuffled, 64, inSpark))).isEqualTo(expected);
        assertThat(SparkTest.withCores(1, () -> StageFixture.digests(run("one-core", documents(), 7, defaults))))
                .isEqualTo(expected);
    }

    @Test
    void theBetterSourceIsKeptAndPairsThatAreNotSimilarEnoughAreCut() {
        StageManifest manifest = run("strict", documents(), 2, DedupConfigs.strict(List.of("b")));
        assertThat(manifest.counts())
                .containsEntry("dropped.exact", 3L)
                .containsEntry("dropped.near", 0L)
                // two by the bucket's first, and then the two that were cut between themselves
                .containsEntry("pairs-cut-by-similarity", 3L);
        assertThat(new StageFixture(root.resolve("strict")).documents(Stage.DEDUP, "unique"))
                .filteredOn(document -> document.id().equals(Document.idOf(text(200, 0))))
                .extracting(Document::location)
                .containsExactly("#copy0");
    }

    /** A page that differs in its last words only; with {@code -Dskewed.documents=100000} so many of them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPageThatAllDocumentsShareGivesEachAFewPairs(boolean inSpark) {
        int count = Integer.getInteger("skewed.documents", 5_000);
        String page = text(500, 0);
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            documents.add(document("a", "#" + i, page + "page " + i));
        }
        documents.add(document("a", "#other", text(501, 0)));
        StageManifest manifest = run("skewed", documents, 3, inSpark ? DedupConfigs.inSpark() : DedupConfig.DEFAULTS);
        assertThat(manifest.counts())
                .containsEntry("dropped.near", count - 1L)
                .containsEntry("largest-bucket", (long) count)
                .containsEntry("clusters", 1L)
                .containsEntry("out", 2L);
        assertThat(manifest.counts().get("pairs-sharing-a-band"))
                .isBetween(count - 1L, (long) DedupConfig.DEFAULTS.minhash().bands() * count);
    }

    @Test
    void nothingInNothingOut() {
        assertThat(run("empty", List.of(), 1, DedupConfig.DEFAULTS).counts())
                .containsEntry("in", 0L)
                .containsEntry("out", 0L);
    }

    @Test
    void againstAnEarlierRunExactlyThoseAreKeptThatOneRunWouldKeep() {
        List<Document> first = documents().stream()
                .filter(document -> document.source().equals("a"))
                .toList();
        List<Document> second = documents().stream()
                .filter(document -> document.source().equals("b"))
                .toList();
        List<Document> linkedToTheFirst = new ArrayList<>(second);
        linkedToTheFirst.add(document("b", "#again", text(3, 0)));
        linkedToTheFirst.add(document("b", "#edited", text(4, 1)));
        run("A", first, 2, DedupConfigs.of("index: true"));
        StageManifest manifest =
                run("B", linkedToTheFirst, 3, DedupConfigs.of("index: true", "against: " + root.resolve("A")));
        assertThat(manifest.counts())
                .containsEntry("dropped.exact-earlier", 3L)
                .containsEntry("dropped.near-earlier", 1L)
                .containsEntry("dropped.near", 2L)
                .containsEntry("earlier-clusters-linked", 0L)
                .containsEntry("out", 1L);
        List<Document> both = new ArrayList<>(first);
        both.addAll(linkedToTheFirst);
        run("both", both, 5, DedupConfigs.of("source-priority: [a]"));
        List<String> expected = ids("both");
        List<String> kept = new ArrayList<>(ids("A"));
        kept.addAll(ids("B"));
        assertThat(kept).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(run("again", both, 1, DedupConfigs.of("against: " + root.resolve("B")))
                        .counts())
                .containsEntry("in", (long) both.size())
                .containsEntry("out", 0L)
                .containsEntry("dropped.exact-earlier", (long) both.size());
    }

    private List<String> ids(String run) {
        return new StageFixture(root.resolve(run))
                .documents(Stage.DEDUP, "unique").stream().map(Document::id).toList();
    }

    @Test
    void repeatedLinesAndPassagesAreCutTheSameForAnyPartitioning() {
        List<Document> documents = new ArrayList<>();
        String passage = text(900, 0).replace('\n', ' ').substring(0, 700);
        for (int i = 0; i < 8; i++) {
            String end = i % 4 == 3 ? passage : "";
            documents.add(document("a", "#" + i, "Skip to the content\n" + text(i, 0) + end + "\nAll rights"));
        }
        DedupConfig config = DedupConfigs.of("lines: {documents-max: 5, document-characters-min: 50}", "spans: {}");
        StageManifest manifest = run("rewritten", documents, 1, config);
        assertThat(manifest.counts())
                .containsEntry("out", 8L)
                .containsEntry("lines-removed", 14L)
                .containsEntry("documents-rewritten", 7L);
        assertThat(manifest.counts().get("words-cut-in-spans")).isBetween(100L, 140L);
        StageFixture fixture = new StageFixture(root.resolve("rewritten"));
        List<Document> unique = fixture.documents(Stage.DEDUP, "unique");
        assertThat(unique)
                .filteredOn(document -> document.text().contains("Skip to"))
                .hasSize(1);
        assertThat(unique)
                .filteredOn(document -> document.text().contains(passage.substring(0, 400)))
                .hasSize(1);
        assertThat(unique).allMatch(document -> document.id().equals(Document.idOf(document.text())));
        assertThat(fixture.table(Stage.DEDUP, "repeated_lines").collectAsList())
                .extracting(row -> row.<String>getAs("line"))
                .containsExactlyInAnyOrder("Skip to the content", "All rights");
        Collections.reverse(documents);
        assertThat(StageFixture.digests(run("rewritten-7", documents, 7, config)))
                .isEqualTo(StageFixture.digests(manifest));
    }
}
