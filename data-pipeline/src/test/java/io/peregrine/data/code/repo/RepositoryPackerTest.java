package io.peregrine.data.code.repo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.testing.ForAll;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RepositoryPackerTest {
    private static RepositoryConfig config(int budget, int filesMax) {
        return new RepositoryConfig(true, budget, filesMax, 1_000_000, "file: {path}{part}", true);
    }

    private static RepositoryFile file(String path, String language, String licence, String text) {
        return new RepositoryFile(path, language, licence, text);
    }

    @Test
    void filesFollowEachOtherAfterTheirPaths() {
        List<RepositoryPacker.Packed> packed = new RepositoryPacker(config(1000, 10))
                .pack(List.of(
                        file("b.py", "python", "MIT", "x = 1"),
                        file("a.css", "css", "Apache-2.0 OR MIT", "p {}\n"),
                        file("c.py", "python", "", "y = 2\n"),
                        file("d.json", "json", "MIT", "{}"),
                        file("e.py", "python", "MIT", " \n")));
        assertThat(packed).hasSize(1);
        assertThat(packed.get(0).text())
                .isEqualTo("# file: b.py\nx = 1\n# file: c.py\ny = 2\n/* file: a.css */\np {}\n# file: d.json\n{}\n");
        assertThat(packed.get(0).part()).isEqualTo(1);
        assertThat(packed.get(0).files()).isEqualTo(4);
        assertThat(packed.get(0).language()).isEqualTo("python");
        assertThat(packed.get(0).licence()).isEqualTo("(Apache-2.0 OR MIT) AND MIT");
    }

    @Test
    void aFileThatDoesNotFitGoesIntoTheNextDocument() {
        String header = "# file: a.py\n";
        RepositoryFile first = file("a.py", "python", "", "x".repeat(150) + "\n");
        int room = 300 - 2 * header.length() - 151;
        RepositoryPacker packer = new RepositoryPacker(config(300, 10));
        assertThat(packer.pack(List.of(first, file("b.py", "python", "", "y".repeat(room - 1) + "\n"))))
                .hasSize(1);
        assertThat(packer.pack(List.of(first, file("b.py", "python", "", "y".repeat(room) + "\n"))))
                .hasSize(2);
    }

    @Test
    void aLongFileIsCutAtLineEnds() {
        String text = ("z".repeat(99) + "\n").repeat(5);
        List<RepositoryPacker.Packed> packed =
                new RepositoryPacker(config(300, 10)).pack(List.of(file("a.py", "python", "", text)));
        assertThat(packed)
                .extracting(p -> p.text().substring(0, p.text().indexOf('\n')))
                .containsExactly(
                        "# file: a.py (part 1 of 3)", "# file: a.py (part 2 of 3)", "# file: a.py (part 3 of 3)");
        assertThat(packed).extracting(RepositoryPacker.Packed::files).containsExactly(1, 0, 0);
        assertThat(packed.get(0).text()).isEqualTo("# file: a.py (part 1 of 3)\n" + text.substring(0, 200));
    }

    @Test
    void ofTooManyFilesTheFirstByRankStay() {
        RepositoryPacker packer = new RepositoryPacker(config(1000, 2));
        List<RepositoryFile> files = List.of(
                file("a.json", "json", "", "{}"), file("b.py", "python", "", "x"), file("README", "text", "", "Lamp"));
        assertThat(packer.leftOut(files)).isEqualTo(1);
        assertThat(packer.pack(files).get(0).text()).isEqualTo("# file: README\nLamp\n# file: b.py\nx\n");
    }

    @Test
    void everyLineOnceAndNeverMoreThanTheBudget() {
        ForAll.forAll(200, gen -> {
            List<RepositoryFile> files = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < gen.between(0, 12); i++) {
                StringBuilder text = new StringBuilder();
                for (int line = 0; line < gen.between(0, 30); line++) {
                    String words = "L" + i + "." + line + " " + "\uD835\uDC00".repeat(gen.between(0, 40));
                    lines.add(words);
                    text.append(words).append('\n');
                }
                files.add(file("d" + i + "/f" + i + ".py", "python", "MIT", text.toString()));
            }
            int budget = gen.between(256, 1500);
            List<RepositoryPacker.Packed> packed = new RepositoryPacker(config(budget, 100)).pack(files);
            for (RepositoryPacker.Packed document : packed) {
                assertThat(document.text().codePointCount(0, document.text().length()))
                        .isBetween(1, budget);
            }
            String all = packed.stream().map(RepositoryPacker.Packed::text).collect(Collectors.joining());
            assertThat(all.lines().filter(line -> line.startsWith("L")).toList())
                    .containsExactlyInAnyOrderElementsOf(lines);
        });
    }

    @Test
    void oneLineLongerThanTheBudgetIsCutInsideAndLosesNothing() {
        String text = "\uD835\uDC00".repeat(1000);
        List<RepositoryPacker.Packed> packed =
                new RepositoryPacker(config(256, 10)).pack(List.of(file("p".repeat(5000), "python", "", text)));
        assertThat(packed)
                .allSatisfy(p -> assertThat(p.text().codePointCount(0, p.text().length()))
                        .isLessThanOrEqualTo(256));
        String joined = packed.stream()
                .map(p -> p.text().substring(p.text().indexOf('\n') + 1))
                .collect(Collectors.joining());
        assertThat(joined).isEqualTo(text + "\n");
    }

    @Test
    void settingsThatMakeNoSense() {
        assertThatThrownBy(() -> config(255, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("budget-characters = 255: must be >= 256 characters");
        assertThatThrownBy(() -> config(256, 0)).hasMessageContaining("must be >= 1 files");
        assertThatThrownBy(() -> new RepositoryConfig(true, 256, 1, 1, "file", true))
                .hasMessageContaining("must be one line of at most 64 characters with {path} in it");
        assertThatThrownBy(() -> new RepositoryConfig(true, 256, 1, 0, "{path}", true))
                .hasMessageContaining("repository-characters-max");
    }
}
