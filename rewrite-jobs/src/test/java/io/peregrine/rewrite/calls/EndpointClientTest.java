package io.peregrine.rewrite.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.rewrite.prompts.Answer;
import io.peregrine.rewrite.prompts.Prompt;
import io.peregrine.rewrite.prompts.Sampling;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointClientTest {
    private static final Prompt PROMPT =
            new Prompt("prose", 1, "prose", "Rewrite.", "A text.", new Sampling(0.5, 0.9, 64, 7));
    private static final ModelId MODEL = new ModelId("m", "r1");
    private static final String SECRET = "sk-0123456789abcdef0123456789abcdef";

    @Test
    void chatSendsThePromptAndNothingElse() {
        try (FaultyServer server = FaultyServer.always(FaultyServer.Fault.NONE);
                EndpointClient client = client(server.endpoint(), EndpointClass.CHAT)) {
            Attempt attempt = client.send(PROMPT).join();
            assertThat(attempt)
                    .isInstanceOfSatisfying(
                            Attempt.Answered.class,
                            answered ->
                                    assertThat(answered.answer()).isEqualTo(new Answer("rewritten", "stop", 11, 5)));
            assertThat(server.seen).singleElement().satisfies(request -> {
                assertThat(request.path()).isEqualTo("/v1/chat/completions");
                assertThat(request.body().toString())
                        .contains("{\"content\":\"Rewrite.\",\"role\":\"system\"}")
                        .contains("{\"content\":\"A text.\",\"role\":\"user\"}")
                        .contains("\"max_tokens\":64", "\"seed\":7", "\"temperature\":0.5", "\"top_p\":0.9")
                        .doesNotContain("stream\":true");
            });
        }
    }

    @Test
    void completionsSendBothMessagesAsOneText() {
        try (FaultyServer server = FaultyServer.always(FaultyServer.Fault.NONE);
                EndpointClient client = client(server.endpoint(), EndpointClass.COMPLETIONS)) {
            assertThat(client.send(PROMPT).join()).isInstanceOf(Attempt.Answered.class);
            assertThat(server.seen).singleElement().satisfies(request -> {
                assertThat(request.path()).isEqualTo("/v1/completions");
                assertThat(request.body().get("prompt").asText()).isEqualTo("Rewrite.\n\nA text.");
                assertThat(request.body().get("max_tokens").asInt()).isEqualTo(64);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RATE_LIMIT, RATE_LIMITED",
        "RATE_LIMIT_FOR_7_SECONDS, RATE_LIMITED",
        "UNAVAILABLE, SERVER_ERROR",
        "CLOSED, CONNECTION_LOST",
        "STALLED, TIMED_OUT",
        "SLOW_BODY, TIMED_OUT",
        "TRUNCATED, CONNECTION_LOST",
        "MALFORMED, MALFORMED",
        "HTML, CONTENT_TYPE",
        "EMPTY_CHOICES, NO_CHOICE",
        "NO_CONTENT, NO_CHOICE",
        "NO_USAGE, NO_USAGE",
        "HUGE, TOO_LARGE",
        "KEY_ECHOED, UNAUTHORIZED",
        "REDIRECT, REFUSED"
    })
    void eachFaultHasItsReasonAndIsSentOnce(FaultyServer.Fault fault, FailureReason reason) {
        for (EndpointClass kind : EndpointClass.values()) {
            if (kind == EndpointClass.COMPLETIONS && fault == FaultyServer.Fault.NO_CONTENT) {
                continue;
            }
            try (FaultyServer server = FaultyServer.always(fault);
                    EndpointClient client = client(server.endpoint(), kind)) {
                assertThat(client.send(PROMPT).join()).isInstanceOfSatisfying(Attempt.Failed.class, failed -> {
                    assertThat(failed.reason()).isEqualTo(reason);
                    assertThat(failed.detail()).isNotBlank().hasSizeLessThan(310);
                    assertThat(failed.retryAfter())
                            .isEqualTo(
                                    fault == FaultyServer.Fault.RATE_LIMIT_FOR_7_SECONDS
                                            ? Optional.of(Duration.ofSeconds(7))
                                            : Optional.empty());
                });
                assertThat(server.seen).hasSize(1);
            }
        }
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Endpoint nobody = new Endpoint("nobody", URI.create("http://127.0.0.1:" + free + "/v1"), KeySource.none(), 1);
        try (EndpointClient client = client(nobody, EndpointClass.CHAT)) {
            assertThat(client.send(PROMPT).join())
                    .isInstanceOfSatisfying(
                            Attempt.Failed.class,
                            failed -> assertThat(failed.reason()).isEqualTo(FailureReason.UNREACHABLE));
        }
    }

    @Test
    void theKeyIsSentAndNeverSaid() {
        KeySource source = new KeySource(KeySource.Kind.ENVIRONMENT, "KEY");
        ApiKey key = ApiKey.read(source, Map.of("KEY", SECRET + "\n")).orElseThrow();
        try (FaultyServer server = FaultyServer.always(FaultyServer.Fault.KEY_ECHOED);
                EndpointClient client = new EndpointClient(
                        server.endpoint("keyed", source),
                        EndpointClass.CHAT,
                        MODEL,
                        Optional.of(key),
                        4,
                        Duration.ofSeconds(2),
                        100_000)) {
            Attempt attempt = client.send(PROMPT).join();
            assertThat(server.seen.get(0).authorization()).isEqualTo("Bearer " + SECRET);
            // The echo lies across the place where the detail is cut, so a part of the key would be left.
            assertThat(attempt.toString()).contains("Bearer ***").doesNotContain("sk-0");
            assertThat(key + " " + source + " " + server.endpoint("keyed", source))
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void asManyAreInFlightAsWereAskedFor() throws InterruptedException {
        int n = 128;
        CountDownLatch together = new CountDownLatch(n);
        try (FaultyServer server = new FaultyServer((number, request) -> {
                    together.countDown();
                    await(together);
                    return FaultyServer.Fault.NONE;
                });
                EndpointClient client = new EndpointClient(
                        server.endpoint(),
                        EndpointClass.CHAT,
                        MODEL,
                        Optional.empty(),
                        n,
                        Duration.ofSeconds(60),
                        100_000)) {
            List<CompletableFuture<Attempt>> all = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                all.add(client.send(PROMPT));
            }
            // None is answered before all have arrived.
            assertThat(all).allSatisfy(one -> assertThat(one.join()).isInstanceOf(Attempt.Answered.class));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EndpointClient client(Endpoint endpoint, EndpointClass kind) {
        return new EndpointClient(endpoint, kind, MODEL, Optional.empty(), 4, Duration.ofSeconds(2), 100_000);
    }
}
