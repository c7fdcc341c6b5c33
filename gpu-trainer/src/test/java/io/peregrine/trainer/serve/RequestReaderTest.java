package io.peregrine.trainer.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.trainer.serve.ApiRequest.Kind;
import io.peregrine.trainer.testing.TestRun;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestReaderTest {
    @TempDir
    static Path folder;

    private static BpeTokenizer tokenizer;

    @BeforeAll
    static void open() {
        TestRun.writeTokenizer(folder);
        tokenizer = BpeTokenizer.load(folder.resolve(TokenizerFiles.TOKENIZER_JSON));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static ApiRequest read(Kind kind, String body) {
        return new RequestReader("m", tokenizer, 50).read(kind, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNotSaidIsTheApisDefault() {
        ApiRequest request = read(Kind.COMPLETION, "{\"model\": \"m\", \"prompt\": \"ab\"}");
        assertThat(request.prompts()).hasSize(1);
        assertThat(request.choices()).isEqualTo(1);
        assertThat(request.maxTokens()).isEqualTo(16);
        assertThat(request.sampling().temperature()).isEqualTo(1);
        assertThat(request.sampling().topP()).isEqualTo(1);
        assertThat(request.seed()).isEmpty();
        assertThat(request.stops()).isEmpty();
        assertThat(request.alternatives()).isEmpty();
        assertThat(request.stream()).isFalse();
    }

    @Test
    void aChatBecomesOneTextAndFillsTheRoom() {
        ApiRequest request = read(Kind.CHAT, """
                {"model": "m", "temperature": 0, "stop": "z", "logprobs": true, "top_logprobs": 3, "messages": [
                  {"role": "developer", "content": "be"},
                  {"role": "user", "content": [{"type": "text", "text": "ab"}, {"type": "text", "text": "c"}]}]}
                """);
        assertThat(request.prompts().get(0).text()).isEqualTo("System: be\n\nUser: abc\n\nAssistant:");
        assertThat(request.maxTokens())
                .isEqualTo(50 - request.prompts().get(0).ids().size());
        assertThat(request.stops()).contains("z", "\n\nUser:");
        assertThat(request.alternatives()).hasValue(3);
        assertThat(request.sampling().temperature()).isZero();
    }

    @Test
    void promptsMayBeIdsAndMany() {
        assertThat(read(Kind.COMPLETION, "{\"model\": \"m\", \"prompt\": [12, 13]}")
                        .prompts())
                .singleElement()
                .satisfies(prompt -> assertThat(prompt.ids()).containsExactly(12, 13));
        assertThat(read(Kind.COMPLETION, "{\"model\": \"m\", \"n\": 2, \"prompt\": [\"a\", [12]]}")
                        .continuations())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                | the body is not a JSON object",
                "{\"model\": \"m\", \"model\": \"m\"}              | the body is not JSON",
                "{\"prompt\": \"a\"}                               | model: must be a text, and is missing",
                "{\"model\": \"x\", \"prompt\": \"a\"}             | this server has m",
                "{\"model\": \"m\"}                                | prompt: must be a text, an array",
                "{\"model\": \"m\", \"prompt\": \"\"}              | prompt: must have at least one character",
                "{\"model\": \"m\", \"prompt\": [1, \"a\"]}        | prompt has the id \"a\"",
                "{\"model\": \"m\", \"prompt\": [9999]}            | from 0 to 383",
                "{\"model\": \"m\", \"prompt\": \"a\", \"n\": 0}   | n = 0: must be an integer from 1 to 16",
                "{\"model\": \"m\", \"prompt\": \"a\", \"n\": 1.5} | n = 1.5",
                "{\"model\": \"m\", \"prompt\": \"a\", \"max_tokens\": 50}     | must be at most 49",
                "{\"model\": \"m\", \"prompt\": \"a\", \"temperature\": -1}    | temperature = -1.0",
                "{\"model\": \"m\", \"prompt\": \"a\", \"temperature\": 3}     | must be at most 2",
                "{\"model\": \"m\", \"prompt\": \"a\", \"top_p\": 0}           | top-p = 0.0",
                "{\"model\": \"m\", \"prompt\": \"a\", \"top_p\": \"x\"}       | top_p = \"x\": must be a number",
                "{\"model\": \"m\", \"prompt\": \"a\", \"stop\": [\"\"]}       | must be texts of a character or more",
                "{\"model\": \"m\", \"prompt\": \"a\", \"stop\": [\"a\",\"b\",\"c\",\"d\",\"e\"]} | at most 4",
                "{\"model\": \"m\", \"prompt\": \"a\", \"seed\": 1.5}          | must be an integer of 64 bits",
                "{\"model\": \"m\", \"prompt\": \"a\", \"stream\": 1}          | must be true or false",
                "{\"model\": \"m\", \"prompt\": \"a\", \"logprobs\": 6}        | from 0 to 5",
                "{\"model\": \"m\", \"prompt\": \"a\", \"best_of\": 3}         | best_of = 3: must be n",
                "{\"model\": \"m\", \"prompt\": \"a\", \"suffix\": \"b\"}      | suffix: is not supported",
                "{\"model\": \"m\", \"prompt\": \"a\", \"presence_penalty\": 1}| presence_penalty = 1: is not supported",
                "{\"model\": \"m\", \"prompt\": \"a\", \"messages\": []}       | messages: is not a key of this call",
                "{\"model\": \"m\", \"prompt\": \"a\", \"wibble\": 1}          | wibble: is not a key of this call",
            })
    void whatCannotBeHonouredIsNamed(String body, String message) {
        assertThatThrownBy(() -> read(Kind.COMPLETION, body))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\": \"m\", \"messages\": []}                             | at least one message",
                "{\"model\": \"m\", \"messages\": [{\"role\": \"tool\"}]}         | messages[0].role = \"tool\"",
                "{\"model\": \"m\", \"messages\": [{\"role\": \"user\"}]}         | messages[0].content: must be a text",
                "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]} | parts must be",
                "{\"model\": \"m\", \"top_logprobs\": 2, \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}  | needs logprobs = true",
                "{\"model\": \"m\", \"tools\": [{}], \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}      | tools: is not supported",
                "{\"model\": \"m\", \"response_format\": {\"type\": \"json_object\"}, \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]} | must be text",
            })
    void whatCannotBeHonouredOfAChatIsNamed(String body, String message) {
        assertThatThrownBy(() -> read(Kind.CHAT, body))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(message);
    }

    @Test
    void deepNestingAndLongValuesAreCutShort() {
        assertThatThrownBy(() -> read(Kind.CHAT, "[".repeat(100_000))).hasMessageContaining("not JSON");
        assertThatThrownBy(() -> read(Kind.CHAT, "{\"model\": \"" + "x".repeat(100_000) + "\"}"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }
}
