package io.peregrine.rewrite.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A server with OpenAI's API on this machine that answers as a test says, well or badly. */
public final class FaultyServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        // The JDK's server writes head and body apart, which without this cost 40 ms each time.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** How one request is answered. */
    public enum Fault {
        NONE,
        RATE_LIMIT,
        RATE_LIMIT_FOR_7_SECONDS,
        UNAVAILABLE,
        CLOSED,
        STALLED,
        SLOW_BODY,
        TRUNCATED,
        MALFORMED,
        HTML,
        EMPTY_CHOICES,
        NO_CONTENT,
        NO_USAGE,
        HUGE,
        KEY_ECHOED,
        KEY_ECHOED_AS_BAD_REQUEST,
        REDIRECT
    }

    /** What a request said. */
    public record Seen(String path, JsonNode body, String authorization) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BiFunction<Long, Seen, Fault> plan;
    private final Function<Seen, String> text;
    private final AtomicLong count = new AtomicLong();
    public final List<Seen> seen = new CopyOnWriteArrayList<>();
    /** Requests that were answered well, as a provider would charge for them. */
    public final AtomicLong charged = new AtomicLong();

    /** @param plan from a request's number, from 0, and content to what happens to it */
    public FaultyServer(BiFunction<Long, Seen, Fault> plan) {
        this(plan, request -> "rewritten");
    }

    /** @param text what a good answer says */
    public FaultyServer(BiFunction<Long, Seen, Fault> plan, Function<Seen, String> text) {
        this.plan = plan;
        this.text = text;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public static FaultyServer always(Fault fault) {
        return new FaultyServer((number, request) -> fault);
    }

    public Endpoint endpoint() {
        return endpoint("test", KeySource.none());
    }

    public Endpoint endpoint(String name, KeySource key) {
        return new Endpoint(
                name, URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1"), key, 1);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Seen request = new Seen(
                exchange.getRequestURI().getPath(),
                JSON.readTree(exchange.getRequestBody()),
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        seen.add(request);
        try (exchange) {
            answer(exchange, request, plan.apply(count.getAndIncrement(), request));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, Seen request, Fault fault) throws IOException, InterruptedException {
        boolean chat = request.path().endsWith("/chat/completions");
        String good = good(chat, text.apply(request));
        switch (fault) {
            case NONE -> {
                charged.incrementAndGet();
                send(exchange, 200, "application/json", good);
            }
            case RATE_LIMIT -> send(exchange, 429, "application/json", "{\"error\":{\"message\":\"slow down\"}}");
            case RATE_LIMIT_FOR_7_SECONDS -> {
                exchange.getResponseHeaders().add("Retry-After", "7");
                send(exchange, 429, "application/json", "{\"error\":{\"message\":\"slow down\"}}");
            }
            case UNAVAILABLE -> send(exchange, 503, "text/plain", "overloaded");
            case CLOSED -> exchange.close();
            case STALLED -> Thread.sleep(60_000);
            case SLOW_BODY -> {
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, 0);
                OutputStream body = exchange.getResponseBody();
                for (byte b : good.getBytes(StandardCharsets.UTF_8)) {
                    body.write(b);
                    body.flush();
                    Thread.sleep(100);
                }
            }
            case TRUNCATED -> {
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, good.length());
                exchange.getResponseBody().write(good.substring(0, 20).getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
            case MALFORMED -> send(exchange, 200, "application/json", good.substring(0, 30));
            case HTML -> send(exchange, 200, "text/html", "<html>log in</html>");
            case EMPTY_CHOICES -> send(exchange, 200, "application/json", "{\"choices\":[]}");
            case NO_CONTENT ->
                send(
                        exchange,
                        200,
                        "application/json",
                        "{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\"}}]}");
            case NO_USAGE ->
                send(exchange, 200, "application/json", good.substring(0, good.indexOf(",\"usage\"")) + "}");
            case HUGE -> send(exchange, 200, "application/json", good(chat, "x".repeat(200_000)));
            case KEY_ECHOED, KEY_ECHOED_AS_BAD_REQUEST ->
                send(
                        exchange,
                        fault == Fault.KEY_ECHOED ? 401 : 400,
                        "application/json",
                        "{\"error\":{\"message\":\"" + "-".repeat(230) + request.authorization() + "\"}}");
            case REDIRECT -> {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
                send(exchange, 307, "application/json", "{}");
            }
        }
    }

    private static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    private static String good(boolean chat, String text) {
        String content = chat
                ? "\"message\":{\"role\":\"assistant\",\"content\":" + quoted(text) + "}"
                : "\"text\":" + quoted(text);
        return "{\"id\":\"1\",\"object\":\"x\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"finish_reason\":\"stop\"," + content
                + "}],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":5,\"total_tokens\":16}}";
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
