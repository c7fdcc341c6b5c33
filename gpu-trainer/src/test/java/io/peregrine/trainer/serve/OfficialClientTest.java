package io.peregrine.trainer.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.rewrite.calls.ApiKey;
import io.peregrine.rewrite.calls.Attempt;
import io.peregrine.rewrite.calls.Endpoint;
import io.peregrine.rewrite.calls.EndpointClass;
import io.peregrine.rewrite.calls.EndpointClient;
import io.peregrine.rewrite.calls.KeySource;
import io.peregrine.rewrite.calls.ModelId;
import io.peregrine.rewrite.prompts.Answer;
import io.peregrine.rewrite.prompts.Prompt;
import io.peregrine.rewrite.prompts.Sampling;
import io.peregrine.trainer.generate.GenerationLoop;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.testing.RandomModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own Java client, which does not know that it is not talking to OpenAI. */
@Timeout(60)
final class OfficialClientTest {
    @TempDir
    static Path folder;

    private static RandomModel random;
    private static BpeTokenizer tokenizer;
    private static GenerationService service;
    private static ApiServer server;
    private static Thread thread;
    private static OpenAIClient client;

    @BeforeAll
    static void open() throws IOException {
        random = new RandomModel(folder, Backend.CPU.open(Backend.CPU.defaultDType(), 2));
        tokenizer = random.tokenizer();
        FalconH1Model model = random.model();
        service = new GenerationService(new GenerationLoop(model, tokenizer, 4, 60), 40);
        server = new ApiServer(
                new InetSocketAddress("127.0.0.1", 0),
                service,
                new RequestReader("m", tokenizer, 60),
                tokenizer,
                "m",
                new ApiServer.Limits(50, 1 << 16, Optional.of("secret")),
                SeedStream.of(1),
                Clock.systemUTC());
        thread = new Thread(service::run, "loop");
        thread.start();
        client = OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + server.port() + "/v1")
                .apiKey("secret")
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void close() throws InterruptedException {
        client.close();
        server.close();
        service.close();
        thread.join();
        random.close();
    }

    private static ChatCompletionCreateParams.Builder chat() {
        return ChatCompletionCreateParams.builder()
                .model("m")
                .addSystemMessage("be")
                .addUserMessage("ab")
                .maxCompletionTokens(9)
                .putAdditionalBodyProperty("seed", JsonValue.from(5));
    }

    @Test
    void modelsAreListed() {
        assertThat(client.models().list().data())
                .singleElement()
                .satisfies(model -> assertThat(model.id()).isEqualTo("m"));
        assertThat(client.models().retrieve("m").ownedBy()).isEqualTo("peregrine");
    }

    @Test
    void aChatIsTheSameWholeAndStreamed() {
        ChatCompletion whole = client.chat()
                .completions()
                .create(chat().logprobs(true).topLogprobs(2).build());
        ChatCompletion.Choice choice = whole.choices().get(0);
        String text = choice.message().content().orElseThrow();
        assertThat(choice.logprobs()
                        .orElseThrow()
                        .content()
                        .orElseThrow()
                        .get(0)
                        .topLogprobs())
                .hasSize(2);
        assertThat(whole.usage().orElseThrow().completionTokens()).isBetween(1L, 9L);
        ChatCompletionStreamOptions usage =
                ChatCompletionStreamOptions.builder().includeUsage(true).build();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(chat().streamOptions(usage).build())) {
            List<ChatCompletionChunk> chunks = stream.stream().toList();
            assertThat(chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .flatMap(piece -> piece.delta().content().stream())
                            .collect(Collectors.joining()))
                    .isEqualTo(text);
            assertThat(chunks.get(chunks.size() - 1).usage().orElseThrow().totalTokens())
                    .isEqualTo(whole.usage().orElseThrow().totalTokens());
        }
    }

    @Test
    void aCompletionIsTheSameWholeAndStreamed() {
        CompletionCreateParams params = CompletionCreateParams.builder()
                .model("m")
                .prompt("ab cab")
                .maxTokens(12)
                .temperature(0.5)
                .stop("zz")
                .logprobs(3)
                .seed(7)
                .build();
        Completion whole = client.completions().create(params);
        assertThat(whole.choices()
                        .get(0)
                        .logprobs()
                        .orElseThrow()
                        .tokenLogprobs()
                        .orElseThrow())
                .hasSize(Math.toIntExact(whole.usage().orElseThrow().completionTokens()));
        try (StreamResponse<Completion> stream = client.completions().createStreaming(params)) {
            assertThat(stream.stream()
                            .flatMap(piece -> piece.choices().stream())
                            .map(piece -> piece.text())
                            .collect(Collectors.joining()))
                    .isEqualTo(whole.choices().get(0).text());
        }
    }

    @Test
    void refusalsAreTheClientsExceptions() {
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(chat().maxCompletionTokens(1000).build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("max_completion_tokens = 1000: must be at most");
        assertThatThrownBy(() ->
                        client.chat().completions().create(chat().model("other").build()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("this server has m");
    }

    /** The client of the rewriting job, which is the official one with all that it does by itself switched off. */
    @Test
    void theRewritingJobIsAnsweredOnBothOperations() throws IOException {
        Path keyFile = Files.writeString(folder.resolve("key"), "secret\n");
        KeySource source = new KeySource(KeySource.Kind.FILE, keyFile.toString());
        Endpoint endpoint = new Endpoint("ours", URI.create("http://127.0.0.1:" + server.port() + "/v1"), source, 1);
        Prompt prompt = new Prompt("t", 1, "k", "be", "ab", new Sampling(0.7, 0.9, 9, 5));
        for (EndpointClass kind : EndpointClass.values()) {
            try (EndpointClient peer = new EndpointClient(
                    endpoint,
                    kind,
                    new ModelId("m", "r1"),
                    ApiKey.read(source, Map.of()),
                    2,
                    Duration.ofSeconds(30),
                    100_000)) {
                Answer first = answer(peer, prompt);
                assertThat(first.promptTokens()).isPositive();
                assertThat(first.completionTokens()).isBetween(1L, 9L);
                assertThat(first.finishReason()).isIn("stop", "length");
                assertThat(answer(peer, prompt)).isEqualTo(first);
            }
        }
    }

    private static Answer answer(EndpointClient peer, Prompt prompt) {
        Attempt attempt = peer.send(prompt).join();
        assertThat(attempt).isInstanceOf(Attempt.Answered.class);
        return ((Attempt.Answered) attempt).answer();
    }

    /** OpenAI's JavaScript client, where node and the client are: {@code npm install --prefix gpu-trainer/target/js openai}. */
    @Test
    void theJavaScriptClientHearsTheSame() throws IOException, InterruptedException {
        Path home = Path.of("target", "js");
        assumeTrue(
                Files.isDirectory(home.resolve("node_modules/openai")),
                "OpenAI's JavaScript client is not there; npm install --prefix gpu-trainer/target/js openai puts it there");
        Path script = home.resolve("official-client.mjs");
        try (InputStream source = OfficialClientTest.class.getResourceAsStream("official-client.mjs")) {
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder node = new ProcessBuilder("node", script.getFileName().toString())
                .directory(home.toFile())
                .redirectErrorStream(true);
        node.environment().put("OPENAI_BASE_URL", "http://127.0.0.1:" + server.port() + "/v1");
        node.environment().put("OPENAI_API_KEY", "secret");
        Process process = node.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        JsonNode heard = new ObjectMapper().readTree(said);
        assertThat(heard.get("models"))
                .singleElement()
                .satisfies(id -> assertThat(id.asText()).isEqualTo("m"));
        String text = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("m")
                        .addUserMessage("ab")
                        .maxCompletionTokens(9)
                        .putAdditionalBodyProperty("seed", JsonValue.from(5))
                        .build())
                .choices()
                .get(0)
                .message()
                .content()
                .orElse("");
        assertThat(heard.get("whole").asText()).isEqualTo(text);
        assertThat(heard.get("streamed").asText()).isEqualTo(text);
        assertThat(heard.get("streamedUsage")).isEqualTo(heard.get("usage"));
        assertThat(heard.get("logprobs")).isEqualTo(heard.get("completionTokens"));
        assertThat(heard.get("refused").toString()).isEqualTo("{\"kind\":\"NotFoundError\",\"status\":404}");
    }
}
