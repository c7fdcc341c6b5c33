package io.peregrine.data.decontaminate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.config.YamlConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationSetsTest {
    @TempDir
    Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("set.jsonl"), content);
    }

    private static DecontaminateConfig config(Path file, String fields) {
        return YamlConfig.parse(
                Path.of("run.yaml"),
                "sets: [{name: quiz, paths: ['%s'], fields: %s}]".formatted(file, fields),
                DecontaminateConfig.class);
    }

    private List<EvaluationItem> read(DecontaminateConfig config) {
        List<EvaluationItem> items = new ArrayList<>();
        EvaluationSets.read(config, folder, items::add);
        return items;
    }

    @Test
    void relativePathsStartFromTheBase() throws IOException {
        file("{\"question\":\"Why?\"}");
        assertThat(read(config(Path.of("set.jsonl"), "[question]"))).hasSize(1);
        assertThat(EvaluationSets.contentDigest(config(Path.of("set.jsonl"), "[question]"), folder))
                .hasSize(64);
    }

    @Test
    void itemsHaveTheTextsOfTheirFields() throws IOException {
        Path file = file(
                "{\"id\":\"q1\",\"question\":\"Why?\",\"choices\":[\"a\",\"b\"]}\n\n{\"question\":\"How?\",\"id\":7}\r\n"
                        + "{\"choices\":[\"c\"]}");
        assertThat(read(config(file, "[question, choices]")))
                .containsExactly(
                        new EvaluationItem("quiz", "q1", List.of("Why?", "a", "b")),
                        new EvaluationItem("quiz", "7", List.of("How?")),
                        new EvaluationItem("quiz", "set.jsonl#4", List.of("c")));
        Path gz = folder.resolve("set.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
            out.write("{\"id\":\"z\",\"t\":\"x\"}".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(read(config(gz, "[t]"))).containsExactly(new EvaluationItem("quiz", "z", List.of("x")));
    }

    @Test
    void aSetThatCannotBeWhatWasMeantIsAnError() throws IOException {
        Path file = file("{\"id\":\"q1\",\"question\":\"Why?\"}\n{\"id\":\"q2\"}\n");
        assertThatThrownBy(() -> read(config(file, "[question]")))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ", line 2: must have a text in one of the fields [question] of set 'quiz'");
        file("{\"id\":\"q1\",\"question\":\"Why?\"}\n");
        assertThatThrownBy(() -> read(config(file, "[question, answer]")))
                .hasMessage("[" + file + "]: no item of set 'quiz' has a text in field 'answer'; correct its fields");
        file("{\"id\":\n");
        assertThatThrownBy(() -> read(config(file, "[question]")))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ", line 1: must be a JSON object");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> EvaluationSets.contentDigest(config(missing, "[question]"), folder))
                .hasMessage(missing + ": no such evaluation set; correct its path in the settings");
    }

    /** Eight words with the frame and seven without: with it the item would be looked for, and never found in a page. */
    @Test
    void theFrameOfAnItemIsNoPartOfIt() throws IOException {
        Path file = file("{\"t\":\"Question: how do you fold a paper hat\"}\n"
                + "{\"t\":[\"Question: which of these two hats is made of paper\",\"A Question: none\"]}\n");
        DecontaminateConfig plain = config(file, "[t]");
        DecontaminateConfig framed = config(file, "[t], prefix: 'Question:'");
        assertThat(read(framed))
                .extracting(EvaluationItem::texts)
                .containsExactly(
                        List.of(" how do you fold a paper hat"),
                        List.of(" which of these two hats is made of paper", "A Question: none"));
        String page = "how do you fold a paper hat; which of these two hats is made of paper?";
        assertThat(finder(plain).find(page).isEmpty()).isTrue();
        assertThat(finder(framed).find(page).items()).hasSize(1);
        assertThat(EvaluationIndex.of(framed, folder).facts().get("quiz"))
                .isEqualTo(new EvaluationIndex.SetFacts(2, 1, 2));
    }

    private ContaminationFinder finder(DecontaminateConfig config) {
        return new ContaminationFinder(EvaluationIndex.of(config, folder), Set.of(), config.itemShareMin());
    }

    @Test
    void theDigestFollowsTheContent() throws IOException {
        DecontaminateConfig config = config(file("{\"t\":\"x\"}"), "[t]");
        String before = EvaluationSets.contentDigest(config, folder);
        assertThat(EvaluationSets.contentDigest(config, folder)).isEqualTo(before);
        file("{\"t\":\"y\"}");
        assertThat(EvaluationSets.contentDigest(config, folder)).isNotEqualTo(before);
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        String twice = "sets: [{name: q, paths: [a], fields: [t]}, {name: q, paths: [b], fields: [t]}]";
        for (String[] bad : new String[][] {
            {twice, "sets = [q, q]: must have names of their own"},
            {
                "sets: [{name: Q, paths: [a], fields: [t]}]",
                "name = Q: must be lower-case letters, digits, '.', '_' and '-'"
            },
            {"sets: [{name: q, paths: [], fields: [t]}]", "paths = []: must name a file"},
            {"ngram-words: 1", "ngram-words = 1: must be 2 to 100 words"},
            {"short-words-min: 14", "short-words-min = 14: must be 1 to ngram-words"},
            {"different-words-min: 9", "different-words-min = 9: must be 0 to short-words-min"},
            {"item-share-min: -0.1", "item-share-min = -0.1: must be 0 to 1"},
            {"item-share-min: 1.1", "item-share-min = 1.1: must be 0 to 1"},
            {"sets: [{name: q, paths: [a], fields: [t], prefix: ' '}]", "prefix = ' ': must have a word"},
            {"mask-share-max: 1.1", "mask-share-max = 1.1: must be 0 to 1"},
        }) {
            assertThatThrownBy(() -> YamlConfig.parse(Path.of("run.yaml"), bad[0], DecontaminateConfig.class))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(bad[1]);
        }
    }
}
