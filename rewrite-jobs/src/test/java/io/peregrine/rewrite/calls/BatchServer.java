package io.peregrine.rewrite.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongPredicate;

/** A server with OpenAI's batch API on this machine, as far as the client uses it. */
public final class BatchServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Map<String, String> files = new TreeMap<>();
    private final Map<String, ObjectNode> batches = new TreeMap<>();
    private final Function<JsonNode, String> text;
    private final LongPredicate expires;
    private long lines;
    /** Lines of each file that came, in the order in which they came. */
    public final List<Integer> sizes = new ArrayList<>();
    /** Requests that were answered. */
    public final AtomicLong charged = new AtomicLong();
    /** How often a batch is still under way before it ends. */
    public final AtomicInteger pollsBeforeEnd = new AtomicInteger(1);
    /** Whether the next batch is begun and its beginning answered with an error. */
    public volatile boolean hideNextBatch;

    /**
     * @param text from the body of a request to what is answered
     * @param expires which requests, counted from 0 over all files, expire
     */
    public BatchServer(Function<JsonNode, String> text, LongPredicate expires) {
        this.text = text;
        this.expires = expires;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    public int batches() {
        return batches.size();
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring("/v1".length());
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean post = exchange.getRequestMethod().equals("POST");
            if (path.equals("/files")) {
                send(
                        exchange,
                        200,
                        upload(new String(body, StandardCharsets.UTF_8)).toString());
            } else if (path.equals("/batches") && post) {
                ObjectNode batch =
                        begin(JSON.readTree(body).get("input_file_id").asText());
                boolean hidden = hideNextBatch;
                hideNextBatch = false;
                send(exchange, hidden ? 502 : 200, hidden ? "{}" : batch.toString());
            } else if (path.equals("/batches")) {
                ObjectNode list = JSON.createObjectNode().put("object", "list").put("has_more", false);
                ArrayNode data = list.putArray("data");
                batches.values().forEach(data::add);
                send(exchange, 200, list.toString());
            } else if (path.startsWith("/batches/")) {
                send(exchange, 200, state(path.substring("/batches/".length())).toString());
            } else {
                send(exchange, 200, files.get(path.split("/")[2]));
            }
        }
    }

    /** The lines between the head of the part named file and the boundary after it. */
    private ObjectNode upload(String multipart) {
        StringBuilder kept = new StringBuilder();
        int count = 0;
        for (String line : multipart.split("\r?\n")) {
            if (line.startsWith("{")) {
                kept.append(line).append('\n');
                count++;
            }
        }
        sizes.add(count);
        String id = "file-" + files.size();
        files.put(id, kept.toString());
        return JSON.createObjectNode()
                .put("id", id)
                .put("object", "file")
                .put("bytes", kept.length())
                .put("created_at", 1)
                .put("filename", "f")
                .put("purpose", "batch")
                .put("status", "processed");
    }

    private ObjectNode begin(String file) {
        String id = "batch-" + batches.size();
        ObjectNode batch = JSON.createObjectNode()
                .put("id", id)
                .put("object", "batch")
                .put("endpoint", "/v1/chat/completions")
                .put("input_file_id", file)
                .put("completion_window", "24h")
                .put("status", "in_progress")
                .put("created_at", 1)
                .put("polls", 0);
        batches.put(id, batch);
        return batch;
    }

    private ObjectNode state(String id) throws IOException {
        ObjectNode batch = batches.get(id);
        int polls = batch.get("polls").asInt() + 1;
        batch.put("polls", polls);
        if (polls > pollsBeforeEnd.get() && batch.get("status").asText().equals("in_progress")) {
            end(batch);
        }
        return batch;
    }

    private void end(ObjectNode batch) throws IOException {
        StringBuilder out = new StringBuilder();
        StringBuilder errors = new StringBuilder();
        for (String line : files.get(batch.get("input_file_id").asText()).split("\n")) {
            JsonNode request = JSON.readTree(line);
            ObjectNode result = JSON.createObjectNode().put("id", "r");
            result.set("custom_id", request.get("custom_id"));
            if (expires.test(lines++)) {
                result.putNull("response");
                result.putObject("error").put("code", "batch_expired");
                errors.append(result).append('\n');
                continue;
            }
            charged.incrementAndGet();
            ObjectNode body =
                    result.putObject("response").put("status_code", 200).putObject("body");
            body.putArray("choices")
                    .addObject()
                    .put("finish_reason", "stop")
                    .putObject("message")
                    .put("content", text.apply(request.get("body")));
            body.putObject("usage").put("prompt_tokens", 11).put("completion_tokens", 5);
            out.append(result).append('\n');
        }
        batch.put("status", errors.isEmpty() ? "completed" : "expired");
        if (!out.isEmpty()) {
            String id = "out-" + files.size();
            files.put(id, out.toString());
            batch.put("output_file_id", id);
        }
        if (!errors.isEmpty()) {
            String id = "err-" + files.size();
            files.put(id, errors.toString());
            batch.put("error_file_id", id);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
