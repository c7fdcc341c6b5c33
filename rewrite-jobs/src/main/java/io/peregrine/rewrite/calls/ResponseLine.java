package io.peregrine.rewrite.calls;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.rewrite.prompts.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A line of a log: CRC-32C of the JSON in eight hexadecimal digits, a blank, the JSON. A line tells of a response, or that a
 * request is about to be sent and what it may cost.
 */
final class ResponseLine {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CRC_DIGITS = 8;

    private ResponseLine() {}

    /** What a line tells. */
    sealed interface Told {}

    /** A request ended. */
    record Ended(Response response) implements Told {}

    /** A request is about to be sent: until it ends, it may have cost this, with its earlier attempts. */
    record Sent(RequestKey key, BudgetLedger.Spent atMost) implements Told {}

    /** The line of a request that is about to be sent, without its end. */
    static String write(Sent sent) {
        ObjectNode json = JSON.createObjectNode();
        json.put("sent", sent.key().hex());
        json.put("tokens", sent.atMost().tokens());
        json.put("micro_dollars", sent.atMost().microDollars());
        return line(json);
    }

    /** The line of a response, without its end. */
    static String write(Response response) {
        ObjectNode json = JSON.createObjectNode();
        json.put("key", response.key().hex());
        response.answer().ifPresent(answer -> {
            json.put("text", answer.text());
            json.put("finish_reason", answer.finishReason());
            json.put("prompt_tokens", answer.promptTokens());
            json.put("completion_tokens", answer.completionTokens());
        });
        response.reason().ifPresent(reason -> json.put("reason", reason.code()));
        json.put("detail", response.detail());
        json.put("endpoint", response.endpoint());
        json.put("latency_ms", response.latencyMillis());
        json.put("attempts", response.attempts());
        json.put("tokens", response.tokens());
        json.put("micro_dollars", response.microDollars());
        return line(json);
    }

    private static String line(ObjectNode json) {
        String text = json.toString();
        return crc(text) + " " + text;
    }

    /** What the line tells, or empty if it is not one that was written whole. */
    static Optional<Told> read(String line) {
        if (line.length() <= CRC_DIGITS || line.charAt(CRC_DIGITS) != ' ') {
            return Optional.empty();
        }
        String text = line.substring(CRC_DIGITS + 1);
        if (!line.startsWith(crc(text))) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(JSON.readTree(text)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a line with the right CRC is no JSON: another program wrote it", e);
        }
    }

    private static Told of(JsonNode json) {
        if (json.has("sent")) {
            return new Sent(
                    new RequestKey(json.get("sent").asText()),
                    new BudgetLedger.Spent(
                            json.get("tokens").asLong(),
                            json.get("micro_dollars").asLong()));
        }
        return new Ended(response(json));
    }

    private static Response response(JsonNode json) {
        Optional<Answer> answer = json.has("text")
                ? Optional.of(new Answer(
                        json.get("text").asText(),
                        json.get("finish_reason").asText(),
                        json.get("prompt_tokens").asLong(),
                        json.get("completion_tokens").asLong()))
                : Optional.empty();
        Optional<FailureReason> reason = json.has("reason")
                ? Arrays.stream(FailureReason.values())
                        .filter(one -> one.code().equals(json.get("reason").asText()))
                        .findFirst()
                : Optional.empty();
        return new Response(
                new RequestKey(json.get("key").asText()),
                answer,
                reason,
                json.get("detail").asText(),
                json.get("endpoint").asText(),
                json.get("latency_ms").asLong(),
                json.get("attempts").asInt(),
                json.get("tokens").asLong(),
                json.get("micro_dollars").asLong());
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }
}
