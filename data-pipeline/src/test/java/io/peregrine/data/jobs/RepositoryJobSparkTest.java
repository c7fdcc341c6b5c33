package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.code.repo.RepositoryConfig;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class RepositoryJobSparkTest {
    @TempDir
    Path root;

    private static Document file(String repository, String path, String text) {
        return Document.of("s", "code", repository + ".zip", path, "und", text)
                .withRepository(repository)
                .withLicence("MIT");
    }

    private static List<Document> documents() {
        List<Document> documents = new ArrayList<>();
        documents.add(file("lamp", "app.py", "import bulb\n\nbulb.on()\n"));
        documents.add(file("lamp", "bulb.py", "# SPDX-License-Identifier: Apache-2.0\ndef on():\n    pass\n"));
        documents.add(file("lamp", "README.md", "# Lamp\n"));
        documents.add(file("lamp", "empty.py", " \n"));
        documents.add(file("chair", "main.c", "int main(void) { return 0; }\n"));
        documents.add(Document.of("s", "code", "f", "alone.c", "c", "int x;\n"));
        documents.add(file("pages", "index.txt", "prose").withDomain("web"));
        return documents;
    }

    private static final RepositoryConfig ON = on(RepositoryConfig.DEFAULTS);

    private static RepositoryConfig on(RepositoryConfig d) {
        return new RepositoryConfig(
                true, d.budgetCharacters(), d.filesMax(), d.repositoryCharactersMax(), d.header(), d.findLicences());
    }

    private StageManifest run(Path folder, RepositoryConfig config, List<Document> documents, int partitions) {
        StageFixture fixture = new StageFixture(folder);
        fixture.put(Stage.DECONTAMINATE, "clean", documents, partitions);
        return fixture.run(new RepositoryJob(config));
    }

    @Test
    void filesOfARepositoryBecomeOneDocumentInOrder() {
        StageManifest manifest = run(root, ON, documents(), 3);
        assertThat(manifest.counts())
                .containsExactly(
                        Map.entry("repositories", 2L),
                        Map.entry("in", 5L),
                        Map.entry("packed", 4L),
                        Map.entry("left-out.empty", 1L),
                        Map.entry("left-out.files-max", 0L),
                        Map.entry("left-out.repository-characters-max", 0L),
                        Map.entry("left-out.path-twice", 0L),
                        Map.entry("out", 2L));
        List<Document> made = new StageFixture(root).documents(Stage.REPOSITORIES, "repositories");
        Document lamp = made.stream()
                .filter(d -> d.repository().equals("lamp"))
                .findFirst()
                .orElseThrow();
        assertThat(lamp.text())
                .isEqualTo("<!-- file: README.md -->\n# Lamp\n# file: bulb.py\n"
                        + "# SPDX-License-Identifier: Apache-2.0\ndef on():\n    pass\n"
                        + "# file: app.py\nimport bulb\n\nbulb.on()\n");
        assertThat(lamp.domain()).isEqualTo("code-repo");
        assertThat(lamp.location()).isEqualTo("lamp#1");
        assertThat(lamp.language()).isEqualTo("python");
        assertThat(lamp.licence()).isEqualTo("Apache-2.0 AND MIT");
        assertThat(lamp.id()).isEqualTo(Document.idOf(lamp.text()));
    }

    @Test
    void theResultIsThatOfTheDocumentsAlone() {
        List<Document> turned = new ArrayList<>(documents());
        Collections.reverse(turned);
        StageManifest one = run(root.resolve("a"), ON, documents(), 1);
        StageManifest other = run(root.resolve("b"), ON, turned, 5);
        assertThat(StageFixture.digests(other)).isEqualTo(StageFixture.digests(one));
    }

    @Test
    void whatIsBeyondTheBoundsIsCounted() {
        RepositoryConfig d = RepositoryConfig.DEFAULTS;
        RepositoryConfig small = new RepositoryConfig(true, d.budgetCharacters(), 1, 60, d.header(), false);
        assertThat(run(root, small, documents(), 2).counts())
                .containsEntry("left-out.repository-characters-max", 1L)
                .containsEntry("left-out.files-max", 1L)
                .containsEntry("packed", 2L)
                .containsEntry("in", 5L);
    }

    @Test
    void switchedOffOrWithoutRepositoriesThereAreNone() {
        RepositoryConfig d = RepositoryConfig.DEFAULTS;
        RepositoryConfig off = new RepositoryConfig(
                false, d.budgetCharacters(), d.filesMax(), d.repositoryCharactersMax(), d.header(), true);
        assertThat(run(root.resolve("off"), off, documents(), 1).counts()).containsEntry("out", 0L);
        assertThat(run(root.resolve("none"), d, List.of(), 1).counts())
                .containsEntry("repositories", 0L)
                .containsEntry("in", 0L)
                .containsEntry("out", 0L);
    }
}
