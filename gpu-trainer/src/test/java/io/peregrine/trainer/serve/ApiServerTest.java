package io.peregrine.trainer.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.generate.GenerationLoop;
import io.peregrine.trainer.generate.Generator;
import io.peregrine.trainer.generate.Sampling;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.testing.RandomModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server with a small model, asked over HTTP. */
@Timeout(60)
final class ApiServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int SEQUENCES = 3;

    @TempDir
    static Path folder;

    private static RandomModel random;
    private static BpeTokenizer tokenizer;
    private static FalconH1Model model;
    private static GenerationService service;
    private static ApiServer server;
    private static Thread thread;

    @BeforeAll
    static void open() throws IOException {
        random = new RandomModel(folder, Backend.CPU.open(Backend.CPU.defaultDType(), 2));
        tokenizer = random.tokenizer();
        model = random.model();
        service = new GenerationService(new GenerationLoop(model, tokenizer, SEQUENCES, 60), 40);
        server = start(Optional.empty(), 1 << 16);
        thread = new Thread(service::run, "loop");
        thread.start();
    }

    private static ApiServer start(Optional<String> key, int bodyBytes) throws IOException {
        return new ApiServer(
                new InetSocketAddress("127.0.0.1", 0),
                service,
                new RequestReader("m", tokenizer, 60),
                tokenizer,
                "m",
                new ApiServer.Limits(50, bodyBytes, key),
                SeedStream.of(1),
                Clock.systemUTC());
    }

    @AfterAll
    static void close() throws InterruptedException {
        server.close();
        service.close();
        thread.join();
        random.close();
    }

    private static HttpRequest.Builder to(ApiServer target, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + target.port() + path));
    }

    private static HttpResponse<String> post(String path, String body) {
        return post(server, path, body);
    }

    private static HttpResponse<String> post(ApiServer target, String path, String body) {
        try {
            return CLIENT.send(
                    to(target, path)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    /** What {@code generate --seed} makes of a prompt. */
    private static String generated(String prompt, int maxTokens, long seed) {
        return new Generator(model(), tokenizer)
                .generate(
                        prompt,
                        maxTokens,
                        new Sampling(1, 0, 1),
                        SeedStream.of(seed).child("generate"),
                        piece -> {})
                .text();
    }

    /** A model of the same parameters for this thread: the server's loop owns the other's buffers. */
    private static FalconH1Model model() {
        return RandomModel.of(Backend.CPU.open(Backend.CPU.defaultDType(), 1));
    }

    @Test
    void theModelIsListed() throws Exception {
        HttpResponse<String> list = CLIENT.send(to(server, "/v1/models").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(json(list).at("/data/0/id").asText()).isEqualTo("m");
        HttpResponse<String> one =
                CLIENT.send(to(server, "/v1/models/m").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(json(one).path("object").asText()).isEqualTo("model");
        HttpResponse<String> health = CLIENT.send(to(server, "/health").build(), HttpResponse.BodyHandlers.ofString());
        assertThat(health.statusCode()).isEqualTo(200);
    }

    @Test
    void aSeedGivesTheTextThatGenerateGives() throws IOException {
        HttpResponse<String> response =
                post("/v1/completions", "{\"model\": \"m\", \"prompt\": \"ab cab\", \"max_tokens\": 12, \"seed\": 7}");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode body = json(response);
        assertThat(body.at("/choices/0/text").asText()).isEqualTo(generated("ab cab", 12, 7));
        assertThat(body.path("object").asText()).isEqualTo("text_completion");
        assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(tokenizer.encode("ab cab").length);
        assertThat(body.at("/usage/completion_tokens").asInt()).isPositive();
        assertThat(body.at("/choices/0/finish_reason").asText()).isIn("length", "stop");
        assertThat(body.at("/choices/0/logprobs").isNull()).isTrue();
    }

    @Test
    void twentyCallsAtATimeAreAnsweredAsEachWouldBeAlone() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String body =
                    "{\"model\": \"m\", \"prompt\": \"ab\", \"max_tokens\": %d, \"seed\": %d}".formatted(5 + i, i);
            calls.add(CLIENT.sendAsync(
                    to(server, "/v1/completions")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        for (int i = 0; i < calls.size(); i++) {
            HttpResponse<String> response = calls.get(i).get();
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(json(response).at("/choices/0/text").asText()).isEqualTo(generated("ab", 5 + i, i));
        }
    }

    private static List<JsonNode> events(String body) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String line : body.split("\n\n")) {
            assertThat(line).startsWith("data: ");
            if (!line.equals("data: [DONE]")) {
                events.add(JSON.readTree(line.substring("data: ".length())));
            }
        }
        return events;
    }

    @Test
    void thePiecesOfAStreamAreTheWhole() throws IOException {
        String call = "{\"model\": \"m\", \"prompt\": [\"ab\", \"cab\"], \"n\": 2, \"max_tokens\": 9, \"seed\": 5,"
                + " \"logprobs\": 2%s}";
        JsonNode whole = json(post("/v1/completions", call.formatted("")));
        HttpResponse<String> streamed = post(
                "/v1/completions", call.formatted(", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));
        assertThat(streamed.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(streamed.body()).endsWith("data: [DONE]\n\n");
        List<JsonNode> events = events(streamed.body());
        assertThat(events.get(events.size() - 1).path("usage")).isEqualTo(whole.path("usage"));
        for (int choice = 0; choice < 4; choice++) {
            StringBuilder text = new StringBuilder();
            List<String> tokens = new ArrayList<>();
            List<String> finishes = new ArrayList<>();
            for (JsonNode event : events) {
                JsonNode piece = event.at("/choices/0");
                if (piece.path("index").asInt(-1) == choice) {
                    text.append(piece.path("text").asText());
                    piece.at("/logprobs/tokens").forEach(token -> tokens.add(token.asText()));
                    if (piece.hasNonNull("finish_reason")) {
                        finishes.add(piece.path("finish_reason").asText());
                    }
                }
            }
            JsonNode expected = whole.path("choices").get(choice);
            assertThat(text.toString()).isEqualTo(expected.path("text").asText());
            assertThat(finishes).containsExactly(expected.path("finish_reason").asText());
            List<String> expectedTokens = new ArrayList<>();
            expected.at("/logprobs/tokens").forEach(token -> expectedTokens.add(token.asText()));
            assertThat(tokens).isEqualTo(expectedTokens);
            assertThat(expected.at("/logprobs/token_logprobs")).hasSameSizeAs(expectedTokens);
            assertThat(expected.at("/logprobs/text_offset/0").asInt()).isZero();
        }
    }

    @Test
    void aChatIsAnsweredWholeAndInPieces() throws IOException {
        String call = "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"ab\"}], \"seed\": 3,"
                + " \"max_completion_tokens\": 8, \"logprobs\": true, \"top_logprobs\": 2%s}";
        JsonNode whole = json(post("/v1/chat/completions", call.formatted("")));
        assertThat(whole.path("object").asText()).isEqualTo("chat.completion");
        assertThat(whole.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        JsonNode first = whole.at("/choices/0/logprobs/content/0");
        assertThat(first.path("logprob").asDouble()).isNegative();
        assertThat(first.path("top_logprobs")).hasSize(2);
        assertThat(first.path("bytes")).isNotEmpty();
        List<JsonNode> events = events(post("/v1/chat/completions", call.formatted(", \"stream\": true"))
                .body());
        assertThat(events.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.at("/choices/0/delta/content").asText("")));
        assertThat(text.toString())
                .isEqualTo(whole.at("/choices/0/message/content").asText());
    }

    @Test
    void echoAndStopAreHonoured() throws IOException {
        String whole = json(post(
                        "/v1/completions",
                        "{\"model\": \"m\", \"prompt\": \"ab\", \"max_tokens\": 30, \"temperature\": 0, \"echo\": true}"))
                .at("/choices/0/text")
                .asText();
        assertThat(whole).startsWith("ab").hasSizeGreaterThan(12);
        String stop = whole.substring(8, 10);
        JsonNode cut = json(post(
                "/v1/completions",
                JSON.createObjectNode()
                        .put("model", "m")
                        .put("prompt", "ab")
                        .put("max_tokens", 30)
                        .put("temperature", 0)
                        .put("stop", stop)
                        .toString()));
        String continuation = whole.substring(2);
        assertThat(cut.at("/choices/0/text").asText()).isEqualTo(continuation.substring(0, continuation.indexOf(stop)));
        assertThat(cut.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void refusalsSayWhatIsWrong() throws Exception {
        HttpResponse<String> invalid = post("/v1/completions", "{\"model\": \"m\", \"prompt\": \"a\", \"n\": 99}");
        assertThat(invalid.statusCode()).isEqualTo(400);
        assertThat(json(invalid).at("/error/param").asText()).isEqualTo("n");
        assertThat(post("/v1/completions", "{").statusCode()).isEqualTo(400);
        assertThat(post("/v1/completions", "{\"model\": \"gpt\", \"prompt\": \"a\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(post("/v1/embeddings", "{}").statusCode()).isEqualTo(404);
        assertThat(post("/v1/models", "{}").statusCode()).isEqualTo(405);
        assertThat(post("/v1/completions", " ".repeat(1 << 17)).statusCode()).isEqualTo(413);
        HttpResponse<String> many =
                post("/v1/completions", "{\"model\": \"m\", \"n\": 16, \"prompt\": [\"a\", \"b\", \"c\"]}");
        assertThat(many.statusCode()).isEqualTo(429);
        assertThat(many.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void aKeyIsAskedFor() throws Exception {
        try (ApiServer guarded = start(Optional.of("secret"), 1 << 10)) {
            assertThat(post(guarded, "/v1/completions", "{}").statusCode()).isEqualTo(401);
            HttpResponse<String> wrong = CLIENT.send(
                    to(guarded, "/v1/models")
                            .header("Authorization", "Bearer other")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(wrong.statusCode()).isEqualTo(401);
            assertThat(wrong.body()).doesNotContain("secret", "other");
            HttpResponse<String> right = CLIENT.send(
                    to(guarded, "/v1/models")
                            .header("Authorization", "Bearer secret")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(right.statusCode()).isEqualTo(200);
        }
    }

    /** Callers that go away in the middle do not keep places: as many as there are, and then one more. */
    @Test
    void acallerThatGoesAwayLeavesItsPlace() throws Exception {
        for (int i = 0; i < 2 * SEQUENCES; i++) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                String body = "{\"model\": \"m\", \"prompt\": \"ab\", \"max_tokens\": 55, \"stream\": true}";
                socket.getOutputStream()
                        .write(("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                                        .formatted(body.length(), body))
                                .getBytes(StandardCharsets.UTF_8));
                InputStream in = socket.getInputStream();
                assertThat(in.read()).isNotNegative();
            }
        }
        assertThat(post("/v1/completions", "{\"model\": \"m\", \"prompt\": \"ab\", \"max_tokens\": 3}")
                        .statusCode())
                .isEqualTo(200);
    }
}
