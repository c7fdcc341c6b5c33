package io.peregrine.rewrite.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.Document;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.ForAll;
import io.peregrine.rewrite.prompts.RequestPlan.NotAsked;
import io.peregrine.rewrite.prompts.RequestPlan.Span;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {
    private static final SeedStream SEED = SeedStream.of(7);

    private static Requests requests(String longText) {
        String reduce = longText.equals("reduce") ? "reduce: \"One of: {{text}}\"\n" : "";
        String yaml = TemplatesTest.YAML.replace("long-text: join", "long-text: " + longText) + reduce;
        return new Requests(Templates.parse(Path.of("mine.yaml"), yaml), String::length, SEED);
    }

    private static Document document(String domain, String text) {
        return Document.of("s", domain, "f", "l", "de", text);
    }

    private static NotAsked notAsked(String longText, String domain, String text) {
        return requests(longText).plan(document(domain, text)).notAsked().orElseThrow();
    }

    @Test
    void aDocumentIsAskedAboutOrThereIsAReason() {
        String paragraph = "x".repeat(98) + "\n\n";
        assertThat(requests("join").plan(document("web", "short")).segments()).containsExactly("short");
        assertThat(requests("join").plan(document("web", paragraph.repeat(3))).segments())
                .containsExactlyElementsOf(Collections.nCopies(3, paragraph));
        assertThat(notAsked("join", "code", "short")).isEqualTo(NotAsked.OTHER_DOMAIN);
        assertThat(notAsked("join", "web", "")).isEqualTo(NotAsked.TOO_FEW_TOKENS);
        assertThat(notAsked("join", "web", " \n ")).isEqualTo(NotAsked.TOO_FEW_TOKENS);
        assertThat(notAsked("skip", "web", paragraph.repeat(2))).isEqualTo(NotAsked.TOO_MANY_TOKENS);
        assertThat(notAsked("join", "web", paragraph.repeat(5))).isEqualTo(NotAsked.TOO_MANY_SEGMENTS);
    }

    @Test
    void longTextsAreReducedInLevels() {
        RequestPlan plan = requests("reduce").plan(document("web", ("x".repeat(98) + "\n\n").repeat(3)));
        assertThat(plan.segments()).hasSize(3);
        assertThat(plan.reductions()).containsExactly(List.of(new Span(0, 1), new Span(1, 3)), List.of(new Span(0, 2)));
        assertThat(plan.requests()).isEqualTo(6);
        assertThat(requests("reduce").plan(document("web", "short")).reductions())
                .isEmpty();
        Prompt prompt = requests("reduce").ofAnswers(document("web", "t"), List.of("A", "B"), 0, 0, 0);
        assertThat(prompt.user()).startsWith("One of: <source-").contains("\nA\n\nB\n</source-");
    }

    @Test
    void everyAnswerIsReducedOnceAndTheLastLevelHasOne() {
        ForAll.forAll(100, gen -> {
            int segments = gen.between(1, 1 + 10 * gen.size());
            int fanIn = gen.between(2, 9);
            RequestPlan plan = RequestPlan.reduced(Collections.nCopies(segments, "x"), fanIn);
            int answers = segments;
            for (List<Span> level : plan.reductions()) {
                int next = 0;
                for (Span span : level) {
                    assertThat(span.from()).isEqualTo(next);
                    assertThat(span.to() - span.from()).isBetween(1, fanIn);
                    next = span.to();
                }
                assertThat(next).isEqualTo(answers);
                assertThat(level.size()).isLessThan(answers);
                answers = level.size();
            }
            assertThat(answers).isOne();
        });
    }

    @Test
    void aRequestIsAFunctionOfWhatItIsFor() {
        Document document = document("web", "text");
        Prompt prompt = requests("join").ofSegment(document, "text", 0, 0);
        assertThat(prompt).isEqualTo(requests("join").ofSegment(document, "text", 0, 0));
        assertThat(prompt.user()).startsWith("Do it in German: <source-").contains(">\ntext\n</source-");
        assertThat(prompt.system()).startsWith("Be brief.\n\nThe source stands between the lines <source-");
        assertThat(prompt.sampling().temperature()).isEqualTo(0.5);
        assertThat(prompt.version()).isEqualTo(2);
        assertThat(prompt.kind()).isEqualTo("qa");
        Set<Long> seeds = new HashSet<>();
        for (int index = 0; index < 10; index++) {
            for (int variant = 0; variant < 10; variant++) {
                seeds.add(requests("join")
                        .ofSegment(document, "text", index, variant)
                        .sampling()
                        .seed());
            }
        }
        seeds.add(requests("join")
                .ofSegment(document("web", "other"), "text", 0, 0)
                .sampling()
                .seed());
        seeds.add(requests("reduce")
                .ofAnswers(document, List.of("text"), 0, 0, 0)
                .sampling()
                .seed());
        assertThat(seeds).hasSize(102).allMatch(seed -> seed >= 0 && seed <= Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"de, German", "pt-BR, Portuguese", "zh, Chinese", "java, java", "c++, c++", "lua, lua", "qqq, qqq"})
    void languagesHaveTheirNames(String code, String name) {
        assertThat(Requests.languageName(code)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop-reasoning    | '<think>so</think> A'              | A",
                "drop-reasoning    | 'so </think>A'                     | A",
                "drop-reasoning    | '<think>and on'                    | ''",
                "drop-reasoning    | 'A <b>'                            | A <b>",
                "strip-preamble    | 'Sure!~Here is the text:~~A'       | A",
                "strip-closing     | 'A~~I hope this helps!'            | A",
                "strip-quotes      | '\"A b\"'                          | A b",
                "strip-quotes      | '\"A\" b \"c\"'                    | '\"A\" b \"c\"'",
                "take-fenced-block | 'x~```java~int a;~b~```~```~c~```' | int a;~b",
                "take-fenced-block | 'x ```'                            | x ```",
                "take-fenced-block | '```~open'                         | ```~open",
            })
    void postStepsTakeWhatIsNoText(String key, String answer, String expected) {
        PostStep step = List.of(PostStep.values()).stream()
                .filter(one -> one.key().equals(key))
                .findFirst()
                .orElseThrow();
        assertThat(step.apply(answer.replace('~', '\n'))).isEqualTo(expected.replace('~', '\n'));
    }

    @Test
    void anAnswerGoesThroughTheSteps() {
        Answer answer = new Answer("Here is the text:\n\n  A <\u2060|x|>\n", "stop", 10, 5);
        assertThat(requests("join").finished("<|x|>", answer)).isEqualTo("A <|x|>");
    }

    @Test
    void whatNoServerTakesIsRefused() {
        assertThatThrownBy(() -> new Sampling(3, 1, 1, 0)).hasMessage("temperature 3.0: must be 0 to 2");
        assertThatThrownBy(() -> new Sampling(1, 0, 1, 0)).hasMessage("top-p 0.0: must be above 0 and at most 1");
        assertThatThrownBy(() -> new Sampling(1, 1, 0, 0)).hasMessage("max-tokens 0: must be > 0 tokens");
        assertThatThrownBy(() -> new Sampling(1, 1, 1, 1L << 31)).hasMessage("seed 2147483648: must be 0 to 2^31 - 1");
        assertThatThrownBy(() -> new Answer("", "stop", -1, 0))
                .hasMessage("an answer of -1 prompt and 0 completion tokens: must be >= 0");
    }
}
