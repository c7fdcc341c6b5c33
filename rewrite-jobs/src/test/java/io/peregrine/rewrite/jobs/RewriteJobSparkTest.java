package io.peregrine.rewrite.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.jobs.DocumentRows;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.jobs.StageRunner;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.rewrite.RewriteConfig;
import io.peregrine.rewrite.accept.AcceptConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class RewriteJobSparkTest {
    @TempDir
    Path root;

    private static Document web(String location, String text) {
        return Document.of("s", "web", "f", location, "en", text);
    }

    private static List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            documents.add(web("#" + i, "Page %d  has two blanks.\n\n\nShare this:\n".formatted(i)));
        }
        documents.add(web("clean", "Nothing to do here."));
        documents.add(web("twin-a", "One  text."));
        documents.add(web("twin-b", "One   text."));
        documents.add(web("known", "Nothing   to do here."));
        documents.add(web("empty", "Menu"));
        documents.add(Document.of("s", "code", "f", "c", "java", "int  a;"));
        return documents;
    }

    private record Given(List<Document> documents, int partitions) implements StageJob {
        @Override
        public Stage stage() {
            return Stage.DECONTAMINATE;
        }

        @Override
        public List<Stage> after() {
            return List.of();
        }

        @Override
        public String configDigest() {
            return ConfigDigest.of(documents.size());
        }

        @Override
        public Outcome run(StageContext context) {
            List<Row> rows = documents.stream().map(DocumentRows::toRow).toList();
            return new Outcome(
                    Map.of(
                            "clean",
                            context.write(
                                    context.spark()
                                            .createDataset(rows, DocumentRows.ENCODER)
                                            .repartition(partitions),
                                    "unique")),
                    Map.of());
        }
    }

    private static StageManifest rewritten(Path folder, int partitions, double share) {
        StageRunner runner =
                new StageRunner(SparkTest.spark(), new RunLayout(folder), SeedStream.of(3), Progress.SILENT);
        runner.ensure(new Given(documents(), partitions));
        return runner.ensure(
                new RewriteJob(new RewriteConfig(List.of("web"), share, AcceptConfig.DEFAULTS, Optional.empty())));
    }

    private static List<Row> table(Path folder, String name) {
        return SparkTest.spark()
                .read()
                .format("delta")
                .load(new RunLayout(folder).rewrite().resolve(name).toString())
                .collectAsList();
    }

    @Test
    void rewritesKnowTheirParents() {
        StageManifest manifest = rewritten(root, 2, 1);
        assertThat(manifest.counts())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "in",
                        46L,
                        "asked",
                        45L,
                        "out",
                        41L,
                        "rejected.empty",
                        1L,
                        "rejected.unchanged",
                        1L,
                        "rejected.duplicate",
                        2L));
        Map<String, Document> parents = new TreeMap<>();
        documents().forEach(document -> parents.put(document.id(), document));
        List<Row> rewrites = table(root, "rewrites");
        assertThat(rewrites).hasSize(41).allSatisfy(row -> {
            Document rewrite = DocumentRows.fromRow(row);
            Document parent = parents.get(row.<String>getAs("parent_id"));
            assertThat(rewrite.domain()).isEqualTo("rewritten-web");
            assertThat(rewrite.location()).isEqualTo(parent.location());
            assertThat(rewrite.id()).isEqualTo(Document.idOf(rewrite.text())).isNotEqualTo(parent.id());
            assertThat(rewrite.text())
                    .isEqualTo(parent.text().replaceAll(" +", " ").replaceAll("\n\n\nShare this:\n", ""));
            assertThat(row.<String>getAs("rewriter")).isEqualTo("cleanup@1");
        });
        assertThat(table(root, "rejected"))
                .extracting(row -> row.<String>getAs("location") + " " + row.<String>getAs("reason"))
                .contains("clean unchanged", "empty empty", "known duplicate");
    }

    @Test
    void coresAndPartitionsDoNotShow() {
        Map<String, String> one = SparkTest.withCores(1, () -> digests(rewritten(root.resolve("one"), 1, 0.5)));
        Map<String, String> two = SparkTest.withCores(2, () -> digests(rewritten(root.resolve("two"), 4, 0.5)));
        assertThat(two).isEqualTo(one);
    }

    private static Map<String, String> digests(StageManifest manifest) {
        assertThat(manifest.counts().get("asked")).isBetween(10L, 35L);
        Map<String, String> digests = new TreeMap<>();
        manifest.outputs().forEach((name, output) -> digests.put(name, output.payloadDigest()));
        return digests;
    }

    @Test
    void withoutAShareTheStageHappensAndWritesNothing() {
        assertThat(rewritten(root, 1, 0).counts()).isEqualTo(Map.of("in", 46L, "asked", 0L, "out", 0L));
        assertThat(table(root, "rewrites")).isEmpty();
    }
}
