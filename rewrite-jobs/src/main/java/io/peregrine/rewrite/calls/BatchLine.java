package io.peregrine.rewrite.calls;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.rewrite.prompts.Answer;
import io.peregrine.rewrite.prompts.Prompt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Lines of the files of a batch: a request, or what became of one. */
final class BatchLine {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DETAIL_CHARACTERS_MAX = 300;
    /** No context is as long; sums of costs cannot overflow below it. */
    private static final long USAGE_TOKENS_MAX = 1_000_000_000;

    private BatchLine() {}

    /** What became of a request. */
    record Result(RequestKey key, int status, Attempt attempt) {}

    /** A request as {@link EndpointClient} would send it, under its key. */
    static String request(EndpointClass kind, ModelId model, Request request) {
        Prompt prompt = request.prompt();
        ObjectNode body = JSON.createObjectNode();
        body.put("model", model.name());
        if (kind == EndpointClass.CHAT) {
            ArrayNode messages = body.putArray("messages");
            if (!prompt.system().isEmpty()) {
                messages.addObject().put("role", "system").put("content", prompt.system());
            }
            messages.addObject().put("role", "user").put("content", prompt.user());
        } else {
            body.put("prompt", prompt.system().isEmpty() ? prompt.user() : prompt.system() + "\n\n" + prompt.user());
        }
        body.put("temperature", prompt.sampling().temperature());
        body.put("top_p", prompt.sampling().topP());
        body.put("max_tokens", prompt.sampling().maxTokens());
        body.put("seed", prompt.sampling().seed());
        ObjectNode line = JSON.createObjectNode();
        line.put("custom_id", request.key().hex());
        line.put("method", "POST");
        line.put("url", kind == EndpointClass.CHAT ? "/v1/chat/completions" : "/v1/completions");
        line.set("body", body);
        return line.toString();
    }

    /** The key of a line of any of the files; empty if it has none. */
    static String key(String line) {
        try {
            return JSON.readTree(line).path("custom_id").asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /**
     * What a line of an output or error file says; nothing if it has no answer yet.
     *
     * @param asked the keys that were asked for: a server must not answer for others, whose responses are stored too
     */
    static Optional<Result> result(EndpointClass kind, Set<String> asked, String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        String id = json.path("custom_id").asText();
        if (!asked.contains(id) || !json.path("response").isObject()) {
            // An expired request has an error and no response: it is asked again.
            return Optional.empty();
        }
        JsonNode response = json.get("response");
        return Optional.of(
                new Result(new RequestKey(id), response.path("status_code").asInt(), attempt(kind, response)));
    }

    /** What was reserved for the request of a line. */
    static BudgetLedger.Spent reserved(String line, Price price) {
        try {
            JsonNode body = JSON.readTree(line).get("body");
            long prompt = PromptTokens.TEMPLATE_MAX
                    + (long) body.path("prompt").asText().getBytes(StandardCharsets.UTF_8).length;
            for (JsonNode message : body.path("messages")) {
                prompt += message.get("content").asText().getBytes(StandardCharsets.UTF_8).length;
            }
            long completion = body.get("max_tokens").asLong();
            return new BudgetLedger.Spent(prompt + completion, price.of(prompt, completion));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a line of a file of requests is no JSON: another program wrote it", e);
        }
    }

    private static Attempt attempt(EndpointClass kind, JsonNode response) {
        int status = response.path("status_code").asInt();
        JsonNode body = response.path("body");
        if (status != 200) {
            return failed(Failures.ofStatus(status), "status " + status + ": " + body);
        }
        JsonNode choice = body.path("choices").path(0);
        JsonNode text = kind == EndpointClass.CHAT ? choice.path("message").path("content") : choice.path("text");
        if (!text.isTextual()) {
            return failed(FailureReason.NO_CHOICE, "no text in the first choice");
        }
        JsonNode usage = body.path("usage");
        long promptTokens = usage.path("prompt_tokens").asLong(-1);
        long completionTokens = usage.path("completion_tokens").asLong(-1);
        if (promptTokens < 0
                || completionTokens < 0
                || promptTokens > USAGE_TOKENS_MAX
                || completionTokens > USAGE_TOKENS_MAX) {
            return failed(FailureReason.NO_USAGE, "no usage in the response, so that its cost is unknown");
        }
        return new Attempt.Answered(
                new Answer(text.asText(), choice.path("finish_reason").asText(), promptTokens, completionTokens),
                Duration.ZERO);
    }

    private static Attempt failed(FailureReason reason, String detail) {
        String shown = detail.length() <= DETAIL_CHARACTERS_MAX ? detail : detail.substring(0, DETAIL_CHARACTERS_MAX);
        return new Attempt.Failed(reason, shown, Optional.empty(), Duration.ZERO);
    }
}
