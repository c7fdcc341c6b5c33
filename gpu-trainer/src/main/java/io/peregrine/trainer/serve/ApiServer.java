package io.peregrine.trainer.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.generate.GenerationRequest;
import io.peregrine.trainer.generate.TokenChoice;
import io.peregrine.trainer.serve.ApiRequest.Kind;
import io.peregrine.trainer.serve.Continuations.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP around {@link GenerationService}: {@code /v1/chat/completions}, {@code /v1/completions}, {@code /v1/models} and
 * {@code /health}.
 *
 * <p>A call keeps a thread until it is answered; there are {@link Limits#calls} of them. Ownership: closing stops the
 * threads; the service is the caller's.
 */
final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final long IDLE_SECONDS = 30;
    private static final String RETRY_SECONDS = "1";

    private final HttpServer http;
    private final ExecutorService threads;
    private final GenerationService service;
    private final RequestReader reader;
    private final BpeTokenizer tokenizer;
    private final String model;
    private final Limits limits;
    private final SeedStream seeds;
    private final Clock clock;
    private final AtomicLong answers = new AtomicLong();

    /**
     * What strangers may ask of the machine.
     *
     * @param calls answered at a time
     * @param bodyBytes of a call
     * @param key that calls must bring as {@code Authorization: Bearer KEY}, if any
     */
    record Limits(int calls, int bodyBytes, Optional<String> key) {}

    /**
     * Opens the port; answers from now on.
     *
     * @param seeds of continuations whose call gives no seed
     * @throws IOException if the port cannot be had
     */
    ApiServer(
            InetSocketAddress address,
            GenerationService service,
            RequestReader reader,
            BpeTokenizer tokenizer,
            String model,
            Limits limits,
            SeedStream seeds,
            Clock clock)
            throws IOException {
        this.service = service;
        this.reader = reader;
        this.tokenizer = tokenizer;
        this.model = model;
        this.limits = limits;
        this.seeds = seeds;
        this.clock = clock;
        this.threads = new ThreadPoolExecutor(
                0, limits.calls(), IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), (task, pool) -> {
                    throw new RejectedExecutionException("too many calls");
                });
        this.http = HttpServer.create(address, 0);
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** The port, which the system chose if 0 was asked for. */
    int port() {
        return http.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            try {
                route(exchange);
            } catch (ApiException e) {
                LOG.info(
                        "{} {}: {}",
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        e.getMessage());
                refuse(exchange, e);
            } catch (UncheckedIOException e) {
                LOG.info("a caller went away: {}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("a call failed", e);
                refuse(exchange, ApiException.of(500, "internal_error", "the server failed; its log says how"));
            }
        } catch (IOException e) {
            LOG.info("a caller went away: {}", e.getMessage());
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals("/health")) {
            send(exchange, 200, JsonNodeFactory.instance.objectNode().put("status", "ok"));
            return;
        }
        authorize(exchange);
        switch (path) {
            case "/v1/models" -> {
                require(method, "GET");
                ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
                list.putArray("data").add(modelCard());
                send(exchange, 200, list);
            }
            case "/v1/chat/completions" -> {
                require(method, "POST");
                complete(exchange, Kind.CHAT);
            }
            case "/v1/completions" -> {
                require(method, "POST");
                complete(exchange, Kind.COMPLETION);
            }
            default -> {
                if (!path.equals("/v1/models/" + model)) {
                    throw ApiException.of(404, "not_found", "there is nothing at this path; see /v1/models");
                }
                require(method, "GET");
                send(exchange, 200, modelCard());
            }
        }
    }

    private ObjectNode modelCard() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", model)
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", "peregrine");
    }

    private static void require(String method, String allowed) {
        if (!method.equals(allowed)) {
            throw ApiException.of(405, "method_not_allowed", "this path takes " + allowed);
        }
    }

    /** Compares in a time that does not tell how much of the key was right. */
    private void authorize(HttpExchange exchange) {
        if (limits.key().isEmpty()) {
            return;
        }
        String given = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        byte[] expected = ("Bearer " + limits.key().get()).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected)) {
            throw ApiException.of(401, "invalid_api_key", "the call brings no key, or a wrong one");
        }
    }

    private void complete(HttpExchange exchange, Kind kind) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(limits.bodyBytes() + 1);
        if (body.length > limits.bodyBytes()) {
            throw ApiException.of(
                    413, "body_too_large", "the body has more than %d bytes".formatted(limits.bodyBytes()));
        }
        ApiRequest request = reader.read(kind, body);
        long number = answers.incrementAndGet();
        Answer answer = new Answer(request, model, number, clock.instant().getEpochSecond(), tokenizer);
        Continuations continuations = new Continuations();
        service.submit(jobs(request, number, continuations));
        try {
            if (request.stream()) {
                stream(exchange, request, answer, continuations);
            } else {
                send(exchange, 200, gather(request, answer, continuations));
            }
        } finally {
            continuations.abandon();
        }
    }

    private List<GenerationService.Job> jobs(ApiRequest request, long number, Continuations continuations) {
        SeedStream base = request.seed().isPresent()
                ? SeedStream.of(request.seed().getAsLong()).child("generate")
                : seeds.child(Long.toString(number));
        List<GenerationService.Job> jobs = new ArrayList<>();
        for (int i = 0; i < request.continuations(); i++) {
            int index = i;
            // the first choice of the first prompt is what `generate` with the same seed makes
            SeedStream seed = index == 0 ? base : base.child(Integer.toString(index));
            GenerationRequest one = new GenerationRequest(
                    request.prompts().get(index / request.choices()).ids(),
                    request.maxTokens(),
                    request.sampling(),
                    seed,
                    request.stops(),
                    request.alternatives());
            jobs.add(new GenerationService.Job(
                    one, continuations.listener(index), reason -> continuations.fail(index, reason)));
        }
        return jobs;
    }

    private static ObjectNode gather(ApiRequest request, Answer answer, Continuations continuations) {
        List<Answer.Choice> choices = new ArrayList<>();
        for (int i = 0; i < request.continuations(); i++) {
            choices.add(answer.new Choice(i));
        }
        for (int open = choices.size(); open > 0; ) {
            Event event = continuations.take();
            Answer.Choice choice = choices.get(event.index());
            if (event instanceof Event.Token token) {
                choice.token(token.choice(), token.text());
            } else if (event instanceof Event.End end) {
                choice.end(end.finish(), end.text());
                open--;
            }
        }
        return answer.whole(choices);
    }

    /** Server-sent events, a piece for every token that makes text whole or whose probability is told. */
    private void stream(HttpExchange exchange, ApiRequest request, Answer answer, Continuations continuations)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        int[] offsets = new int[request.continuations()];
        boolean[] begun = new boolean[request.continuations()];
        for (int i = 0; i < request.continuations(); i++) {
            if (request.kind() == Kind.CHAT) {
                event(out, answer.opening(i));
            } else if (request.echo()) {
                event(out, answer.piece(i, answer.promptOf(i), List.of(), 0, Optional.empty()));
                offsets[i] = answer.promptOf(i).length();
            }
        }
        int tokens = 0;
        try {
            for (int open = request.continuations(); open > 0; ) {
                Event event = continuations.take();
                int index = event.index();
                String text = event.text();
                if (request.kind() == Kind.CHAT && !begun[index]) {
                    text = text.stripLeading(); // the space behind the speaker's heading
                    begun[index] = !text.isEmpty();
                }
                if (event instanceof Event.Token token) {
                    tokens++;
                    List<TokenChoice> told = request.alternatives().isPresent() ? List.of(token.choice()) : List.of();
                    if (!text.isEmpty() || !told.isEmpty()) {
                        event(out, answer.piece(index, text, told, offsets[index], Optional.empty()));
                    }
                    offsets[index] += text.length();
                } else if (event instanceof Event.End end) {
                    event(out, answer.piece(index, text, List.of(), 0, Optional.of(end.finish())));
                    open--;
                }
            }
        } catch (ApiException e) {
            event(out, e.body()); // the status has been sent: the error comes as the last event
            return;
        }
        if (request.streamUsage()) {
            event(out, answer.usagePiece(tokens));
        }
        out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void event(OutputStream out, JsonNode json) throws IOException {
        out.write(("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void refuse(HttpExchange exchange, ApiException refusal) throws IOException {
        if (exchange.getResponseCode() != -1) {
            return; // too late to say so
        }
        if (refusal.status() == 429) {
            exchange.getResponseHeaders().set("Retry-After", RETRY_SECONDS);
        }
        send(exchange, refusal.status(), refusal.body());
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        http.stop(1);
        threads.shutdownNow();
    }
}
