package io.peregrine.rewrite.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.config.KeyTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplatesTest {
    private static final Path FOLDER = Path.of("..", "conf", "rewrite", "prompts");
    private static final Path README = FOLDER.resolve("README.md");
    private static final String KEYS = "## Keys\n";

    static final String YAML = """
            name: mine
            version: 2
            kind: qa
            domains: [web]
            limits: {tokens-in-min: 1, tokens-in-max: 100, tokens-out-max: 50, segments-max: 4}
            sampling: {temperature: 0.5, top-p: 0.9, variants: 2, similarity-max: 0.8}
            long-text: join
            post: [strip-preamble]
            accept: {checks: [finish]}
            system: Be brief.
            user: "Do it in {{language}}: {{text}}"
            """;

    static Template template(String line, String with) {
        assertThat(YAML).contains(line);
        return Templates.parse(Path.of("mine.yaml"), YAML.replace(line, with));
    }

    @Test
    void thoseThatShipAreThoseOfTheFolder() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".yaml")))
                    .containsExactlyInAnyOrderElementsOf(Templates.SHIPPED.stream()
                            .map(name -> name + ".yaml")
                            .toList());
        }
        List<Template> templates =
                Templates.SHIPPED.stream().map(Templates::load).toList();
        assertThat(templates).extracting(Template::kind).as("a style each").doesNotHaveDuplicates();
        assertThat(templates)
                .allSatisfy(template -> assertThat(template.systemMessage().count("language")
                                + template.userMessage().count("language"))
                        .as("%s names the language to answer in", template.name())
                        .isPositive());
        for (String name : Templates.SHIPPED) {
            assertThat(Templates.load(FOLDER.resolve(name + ".yaml").toString()))
                    .isEqualTo(Templates.load(name));
            assertThat(Files.readString(README)).contains("| `" + name + "` |");
        }
    }

    @Test
    void templatesTravel() throws IOException, ClassNotFoundException {
        for (String name : Templates.SHIPPED) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(Templates.load(name));
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                assertThat(in.readObject()).isEqualTo(Templates.load(name));
            }
        }
    }

    @Test
    void theTableOfKeysIsThatOfTheRecord() throws IOException {
        String page = Files.readString(README);
        String expected = page.substring(0, page.indexOf(KEYS)) + KEYS + "\n"
                + KeyTable.markdown(KeyTable.of("", Template.class));
        if ("write".equals(System.getProperty("conf.docs"))) {
            Files.writeString(README, expected);
        }
        assertThat(Files.readString(README)).isEqualTo(expected);
    }

    @Test
    void aTemplateIsFoundByNameOrPath(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), YAML);
        assertThat(Templates.load(file.toString()).id()).isEqualTo("mine@2");
        assertThatThrownBy(() -> Templates.load("web-poem"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("template = web-poem: must be one of [web-encyclopedic, ")
                .hasMessageEndingWith("or a path ending in .yaml");
        assertThatThrownBy(() -> Templates.load("../conf/rewrite/prompts/web-qa"))
                .hasMessageStartingWith("template = ../conf");
        assertThatThrownBy(() -> Templates.load("none.yaml"))
                .isInstanceOf(DataException.class)
                .hasMessage("none.yaml: no such file");
        Path other = Files.writeString(folder.resolve("other.yaml"), YAML);
        assertThatThrownBy(() -> Templates.load(other.toString()))
                .hasMessage(other + ": name = mine: must be the file's name without .yaml; rename one of them");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version: 2      | version: 0            | mine.yaml:2: version = 0: must be > 0",
                "version: 2      | version: two          | mine.yaml:2: version: Cannot",
                "kind: qa        | kind: Q A             | mine.yaml:3: kind = Q A: must be 1 to 60 small letters",
                "name: mine      | name: -x              | mine.yaml:1: name = -x: must be 1 to 60 small letters",
                "domains: [web]  | domains: []           | mine.yaml:4: domains = []: must name at least one domain",
                "domains: [web]  | domains: [a, a]       | mine.yaml:4: domains = [a, a]: must name at least one",
                "kind: qa        | knd: qa               | mine.yaml:3: unknown key 'knd'; did you mean 'kind'?",
                "kind: qa        | '# gone'              | mine.yaml: 'kind' is missing: the style, such as qa",
                "tokens-in-max: 100 | tokens-in-max: 0   | mine.yaml:5: limits.tokens-in-max = 0: must be > 0 tokens",
                "segments-max: 4 | segments-max: 0       | mine.yaml:5: limits.segments-max = 0: must be > 0 segments",
                "segments-max: 4 | segs-max: 0           | mine.yaml:5: unknown key 'limits.segs-max'",
                "temperature: 0.5 | temperature: 3       | mine.yaml:6: sampling.temperature = 3.0: must be 0 to 2",
                "temperature: 0.5 | temperature: 0       | mine.yaml:6: sampling.variants = 2: must be 1 at temperature 0",
                "top-p: 0.9      | top-p: 0              | mine.yaml:6: sampling.top-p = 0.0: must be above 0",
                "long-text: join | long-text: half       | mine.yaml:7: long-text: Cannot deserialize",
                "long-text: join | long-text: reduce     | mine.yaml: reduce = none: must be there if, and only if",
                "[strip-preamble] | [strip-all]          | mine.yaml:8: post[0]: Cannot deserialize",
                "[strip-preamble] | [strip-quotes, strip-quotes] | mine.yaml:8: post = [strip-quotes, strip-quotes]",
                "checks: [finish] | checks: [length]     | mine.yaml:9: accept.checks = [LENGTH]: must name 'finish'",
                "checks: [finish] | checks: [finsh]      | mine.yaml:9: accept.checks[0]: Cannot deserialize",
                "checks: [finish] | copy-max: 2          | mine.yaml:9: accept.copy-max = 2.0: must be 0 to 1",
                "Be brief.       | 'Be {{brief}}.'       | mine.yaml:10: system = {{brief}}: is no gap of this message",
                "Be brief.       | 'See {{text}}'        | mine.yaml:10: system = {{text}}: is no gap of this message",
                "{{text}}        | {{text                | mine.yaml:11: user = {{text",
                "{{text}}        | it                    | mine.yaml:11: user = {{text}} 0 times: must have {{text}} once",
                "{{text}}        | {{text}}{{text}}      | mine.yaml:11: user = {{text}} 2 times: must have {{text}} once",
            })
    void whatCannotBeIsRefusedWithItsPlace(String line, String with, String message) {
        assertThatThrownBy(() -> template(line, with))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aReducingTemplateTakesTwoAnswersAtOnce() {
        String reduce = YAML.replace("long-text: join", "long-text: reduce") + "reduce: \"One of: {{text}}\"\n";
        assertThat(Templates.parse(Path.of("mine.yaml"), reduce).reduce()).contains("One of: {{text}}");
        assertThatThrownBy(() -> Templates.parse(
                        Path.of("mine.yaml"), reduce.replace("tokens-out-max: 50", "tokens-out-max: 51")))
                .hasMessage("mine.yaml:5: limits.tokens-in-max = 100: must be at least twice tokens-out-max, 51, for a"
                        + " request to reduce two answers to one");
    }
}
