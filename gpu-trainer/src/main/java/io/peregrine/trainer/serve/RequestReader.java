package io.peregrine.trainer.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.ConfigException;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.generate.Sampling;
import io.peregrine.trainer.serve.ApiRequest.Kind;
import io.peregrine.trainer.serve.ApiRequest.Prompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Bytes of a call to what is asked for. Keys that change nothing here are taken ({@link #IGNORED}); keys that would change
 * the result and cannot be honoured are refused, unless they say what is done anyway; unknown keys are refused.
 */
final class RequestReader {
    private static final int STOPS_MAX = 4;
    private static final int CHOICES_MAX = 16;
    private static final int PROMPTS_MAX = 64;
    private static final int CHAT_ALTERNATIVES_MAX = 20;
    private static final int COMPLETION_ALTERNATIVES_MAX = 5;
    private static final int COMPLETION_TOKENS = 16;
    private static final double TEMPERATURE_MAX = 2;
    private static final int NESTING_MAX = 32;

    private static final Set<String> IGNORED = Set.of("user", "metadata", "store", "service_tier", "safety_identifier");
    private static final Set<String> COMMON = Set.of(
            "model",
            "max_tokens",
            "temperature",
            "top_p",
            "top_k",
            "n",
            "stream",
            "stream_options",
            "stop",
            "seed",
            "logprobs",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias");
    private static final Set<String> OF_COMPLETIONS = Set.of("prompt", "echo", "best_of", "suffix");
    private static final Set<String> OF_CHATS =
            Set.of("messages", "max_completion_tokens", "top_logprobs", "response_format", "tools", "tool_choice");

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(NESTING_MAX)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private final String model;
    private final BpeTokenizer tokenizer;
    private final int capacity;

    /**
     * A reader.
     *
     * @param model the only name that requests may ask for
     * @param capacity most tokens of prompt and continuation
     */
    RequestReader(String model, BpeTokenizer tokenizer, int capacity) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.capacity = capacity;
    }

    /** @throws ApiException if the request cannot be honoured as it is */
    ApiRequest read(Kind kind, byte[] body) {
        JsonNode json = parse(body);
        checkKeys(kind, json);
        checkModel(json);
        refuseUnless(json, "presence_penalty", 0);
        refuseUnless(json, "frequency_penalty", 0);
        if (json.hasNonNull("logit_bias") && !json.get("logit_bias").isEmpty()) {
            throw ApiException.invalid("logit_bias", "logit_bias: is not supported; leave it out");
        }
        List<Prompt> prompts = kind == Kind.CHAT ? List.of(chat(json)) : prompts(json);
        List<String> stops = new ArrayList<>(stops(json));
        if (kind == Kind.CHAT) {
            stops.addAll(ChatFormat.STOPS);
        }
        return new ApiRequest(
                kind,
                prompts,
                integer(json, "n", 1, 1, CHOICES_MAX),
                maxTokens(kind, json, prompts),
                sampling(json),
                json.hasNonNull("seed") ? OptionalLong.of(seed(json)) : OptionalLong.empty(),
                stops,
                kind == Kind.CHAT ? chatAlternatives(json) : completionAlternatives(json),
                flag(json, "echo"),
                flag(json, "stream"),
                flag(json.path("stream_options"), "include_usage"));
    }

    private static JsonNode parse(byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            String where = Optional.ofNullable(e.getLocation())
                    .map(at -> " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()))
                    .orElse(", or nested too deeply");
            throw ApiException.of(400, "invalid_json", "the body is not JSON" + where);
        } catch (IOException e) {
            throw ApiException.of(400, "invalid_json", "the body cannot be read: " + e.getMessage());
        }
        if (!json.isObject()) {
            throw ApiException.of(400, "invalid_json", "the body is not a JSON object");
        }
        return json;
    }

    private static void checkKeys(Kind kind, JsonNode json) {
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            Set<String> own = kind == Kind.CHAT ? OF_CHATS : OF_COMPLETIONS;
            if (!COMMON.contains(name) && !own.contains(name) && !IGNORED.contains(name)) {
                throw ApiException.invalid(name, "%s: is not a key of this call".formatted(name));
            }
        }
    }

    private void checkModel(JsonNode json) {
        JsonNode asked = json.path("model");
        if (!asked.isTextual()) {
            throw ApiException.invalid("model", "model: must be a text, and is %s".formatted(shown(asked)));
        }
        if (!asked.textValue().equals(model)) {
            throw ApiException.of(
                    404, "model_not_found", "model = %s: this server has %s".formatted(shown(asked), model));
        }
    }

    private static void refuseUnless(JsonNode json, String key, double done) {
        if (json.hasNonNull(key) && number(json, key, done) != done) {
            throw ApiException.invalid(key, "%s = %s: is not supported; leave it out".formatted(key, json.get(key)));
        }
    }

    private Prompt chat(JsonNode json) {
        for (String key : List.of("tools", "tool_choice")) {
            if (json.hasNonNull(key) && !json.get(key).isEmpty()) {
                throw ApiException.invalid(key, key + ": is not supported; leave it out");
            }
        }
        String format = json.path("response_format").path("type").asText("text");
        if (!format.equals("text")) {
            throw ApiException.invalid("response_format", "response_format.type = %s: must be text".formatted(format));
        }
        JsonNode messages = json.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw ApiException.invalid("messages", "messages: must be an array with at least one message");
        }
        List<ChatFormat.Message> all = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            all.add(message("messages[%d]".formatted(i), messages.get(i)));
        }
        return prompt("messages", ChatFormat.prompt(all));
    }

    private static ChatFormat.Message message(String place, JsonNode message) {
        String role = message.path("role").asText("");
        ChatFormat.Role known = switch (role) {
            case "system", "developer" -> ChatFormat.Role.SYSTEM;
            case "user" -> ChatFormat.Role.USER;
            case "assistant" -> ChatFormat.Role.ASSISTANT;
            default ->
                throw ApiException.invalid(
                        place + ".role",
                        "%s.role = \"%s\": must be system, developer, user or assistant".formatted(place, cut(role)));
        };
        JsonNode content = message.path("content");
        if (content.isTextual()) {
            return new ChatFormat.Message(known, content.textValue());
        }
        if (!content.isArray()) {
            throw ApiException.invalid(place + ".content", place + ".content: must be a text or an array of texts");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (!part.path("type").asText("").equals("text")
                    || !part.path("text").isTextual()) {
                throw ApiException.invalid(
                        place + ".content", place + ".content: parts must be {\"type\": \"text\", \"text\": ...}");
            }
            text.append(part.get("text").textValue());
        }
        return new ChatFormat.Message(known, text.toString());
    }

    private List<Prompt> prompts(JsonNode json) {
        int best = integer(json, "best_of", 1, 1, CHOICES_MAX);
        if (best != integer(json, "n", 1, 1, CHOICES_MAX) && json.hasNonNull("best_of")) {
            throw ApiException.invalid("best_of", "best_of = %d: must be n".formatted(best));
        }
        if (json.hasNonNull("suffix") && !json.get("suffix").asText().isEmpty()) {
            throw ApiException.invalid("suffix", "suffix: is not supported; leave it out");
        }
        JsonNode prompt = json.path("prompt");
        if (prompt.isTextual()) {
            return List.of(prompt("prompt", prompt.textValue()));
        }
        if (!prompt.isArray() || prompt.isEmpty()) {
            throw ApiException.invalid(
                    "prompt", "prompt: must be a text, an array of texts, of ids, or of arrays of ids");
        }
        if (prompt.get(0).isInt()) {
            return List.of(ids("prompt", prompt));
        }
        if (prompt.size() > PROMPTS_MAX) {
            throw ApiException.invalid(
                    "prompt", "prompt: has %d prompts, must have at most %d".formatted(prompt.size(), PROMPTS_MAX));
        }
        List<Prompt> all = new ArrayList<>();
        for (int i = 0; i < prompt.size(); i++) {
            String place = "prompt[%d]".formatted(i);
            JsonNode one = prompt.get(i);
            if (!one.isTextual() && !one.isArray()) {
                throw ApiException.invalid(place, place + ": must be a text or an array of ids");
            }
            all.add(one.isTextual() ? prompt(place, one.textValue()) : ids(place, one));
        }
        return all;
    }

    private Prompt prompt(String place, String text) {
        List<Integer> ids = Arrays.stream(tokenizer.encode(text)).boxed().toList();
        return fitting(place, new Prompt(text, ids));
    }

    private Prompt ids(String place, JsonNode array) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : array) {
            if (!id.isInt() || id.intValue() < 0 || id.intValue() >= tokenizer.vocabSize()) {
                throw ApiException.invalid(
                        place,
                        "%s has the id %s: must be an integer from 0 to %d"
                                .formatted(place, shown(id), tokenizer.vocabSize() - 1));
            }
            ids.add(id.intValue());
        }
        String text = tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray());
        return fitting(place, new Prompt(text, ids));
    }

    private Prompt fitting(String place, Prompt prompt) {
        if (prompt.ids().isEmpty()) {
            throw ApiException.invalid(place, place + ": must have at least one character");
        }
        if (prompt.ids().size() >= capacity) {
            throw ApiException.of(
                    400,
                    "context_length_exceeded",
                    "%s has %d tokens: with a continuation it must have at most %d"
                            .formatted(place, prompt.ids().size(), capacity));
        }
        return prompt;
    }

    private int maxTokens(Kind kind, JsonNode json, List<Prompt> prompts) {
        int longest = prompts.stream().mapToInt(it -> it.ids().size()).max().orElse(0);
        int room = capacity - longest;
        String key = json.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        int asked =
                integer(json, key, kind == Kind.CHAT ? room : Math.min(COMPLETION_TOKENS, room), 1, Integer.MAX_VALUE);
        if (asked > room) {
            throw ApiException.of(
                    400,
                    "context_length_exceeded",
                    "%s = %d: must be at most %d with a prompt of %d tokens".formatted(key, asked, room, longest));
        }
        return asked;
    }

    private static Sampling sampling(JsonNode json) {
        double temperature = number(json, "temperature", 1);
        if (temperature > TEMPERATURE_MAX) {
            throw ApiException.invalid("temperature", "temperature = %s: must be at most 2".formatted(temperature));
        }
        try {
            int topK = integer(json, "top_k", 0, 0, Integer.MAX_VALUE);
            return temperature == 0 ? Sampling.GREEDY : new Sampling(temperature, topK, number(json, "top_p", 1));
        } catch (ConfigException e) {
            throw ApiException.invalid("temperature, top_k, top_p", e.getMessage());
        }
    }

    private static List<String> stops(JsonNode json) {
        JsonNode stop = json.path("stop");
        if (stop.isMissingNode() || stop.isNull()) {
            return List.of();
        }
        List<String> stops = new ArrayList<>();
        for (JsonNode one : stop.isTextual() ? List.of(stop) : stop) {
            if (!one.isTextual() || one.textValue().isEmpty()) {
                throw ApiException.invalid(
                        "stop", "stop has %s: must be texts of a character or more".formatted(shown(one)));
            }
            stops.add(one.textValue());
        }
        if (stops.size() > STOPS_MAX) {
            throw ApiException.invalid(
                    "stop", "stop: has %d texts, must have at most %d".formatted(stops.size(), STOPS_MAX));
        }
        return stops;
    }

    private static OptionalInt chatAlternatives(JsonNode json) {
        boolean wanted = flag(json, "logprobs");
        int count = integer(json, "top_logprobs", 0, 0, CHAT_ALTERNATIVES_MAX);
        if (count > 0 && !wanted) {
            throw ApiException.invalid("top_logprobs", "top_logprobs = %d: needs logprobs = true".formatted(count));
        }
        return wanted ? OptionalInt.of(count) : OptionalInt.empty();
    }

    private static OptionalInt completionAlternatives(JsonNode json) {
        return json.hasNonNull("logprobs")
                ? OptionalInt.of(integer(json, "logprobs", 0, 0, COMPLETION_ALTERNATIVES_MAX))
                : OptionalInt.empty();
    }

    private static boolean flag(JsonNode json, String key) {
        return value(json, key)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw ApiException.invalid(key, "%s = %s: must be true or false".formatted(key, shown(value)));
                    }
                    return value.booleanValue();
                })
                .orElse(false);
    }

    private static int integer(JsonNode json, String key, int absent, int min, int max) {
        return value(json, key)
                .map(value -> {
                    if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
                        throw ApiException.invalid(
                                key,
                                "%s = %s: must be an integer from %d to %d".formatted(key, shown(value), min, max));
                    }
                    return value.intValue();
                })
                .orElse(absent);
    }

    private static long seed(JsonNode json) {
        JsonNode seed = json.get("seed");
        if (!seed.canConvertToLong() || !seed.isIntegralNumber()) {
            throw ApiException.invalid("seed", "seed = %s: must be an integer of 64 bits".formatted(shown(seed)));
        }
        return seed.longValue();
    }

    private static double number(JsonNode json, String key, double absent) {
        return value(json, key)
                .map(value -> {
                    if (!value.isNumber()) {
                        throw ApiException.invalid(key, "%s = %s: must be a number".formatted(key, shown(value)));
                    }
                    return value.doubleValue();
                })
                .orElse(absent);
    }

    private static Optional<JsonNode> value(JsonNode json, String key) {
        return json.hasNonNull(key) ? Optional.of(json.get(key)) : Optional.empty();
    }

    /** A value as a message may repeat it. */
    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "missing" : cut(value.toString());
    }

    private static String cut(String text) {
        int most = 80;
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }
}
