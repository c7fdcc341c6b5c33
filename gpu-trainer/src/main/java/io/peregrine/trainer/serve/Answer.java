package io.peregrine.trainer.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.generate.GenerationListener.Finish;
import io.peregrine.trainer.generate.TokenChoice;
import io.peregrine.trainer.serve.ApiRequest.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The JSON of an answer, whole or in pieces, as the API has it. Pure, but for the tokenizer's look-ups. */
final class Answer {
    private final ApiRequest request;
    private final String model;
    private final String id;
    private final long created;
    private final BpeTokenizer tokenizer;

    /**
     * The answer to a request.
     *
     * @param number of the answer, for its id
     * @param created seconds since 1970
     */
    Answer(ApiRequest request, String model, long number, long created, BpeTokenizer tokenizer) {
        this.request = request;
        this.model = model;
        this.id = request.kind().idPrefix() + Long.toHexString(created) + "-" + number;
        this.created = created;
        this.tokenizer = tokenizer;
    }

    /** Everything at once. */
    ObjectNode whole(List<Choice> choices) {
        ObjectNode body = envelope();
        ArrayNode array = body.putArray("choices");
        int tokens = 0;
        for (Choice choice : choices) {
            array.add(choice.json());
            tokens += choice.tokens();
        }
        body.set("usage", usage(tokens));
        return body;
    }

    /** The first piece of a choice of a chat: who speaks. */
    ObjectNode opening(int index) {
        return piece(index, "", List.of(), 0, Optional.empty(), true);
    }

    /** A piece of a choice. */
    ObjectNode piece(int index, String text, List<TokenChoice> tokens, int offset, Optional<Finish> finish) {
        return piece(index, text, tokens, offset, finish, false);
    }

    private ObjectNode piece(
            int index, String text, List<TokenChoice> tokens, int offset, Optional<Finish> finish, boolean opens) {
        ObjectNode body = envelope();
        ObjectNode choice = body.putArray("choices").addObject().put("index", index);
        if (request.kind() == Kind.CHAT) {
            ObjectNode delta = choice.putObject("delta");
            if (opens) {
                delta.put("role", "assistant").put("content", "");
            } else if (!text.isEmpty() || finish.isEmpty()) {
                delta.put("content", text);
            }
        } else {
            choice.put("text", text);
        }
        choice.set("logprobs", tokens.isEmpty() ? null : logProbabilities(tokens, offset));
        choice.put("finish_reason", finish.map(Answer::word).orElse(null));
        if (request.streamUsage()) {
            body.putNull("usage");
        }
        return body;
    }

    /** The last piece: how many tokens there were. */
    ObjectNode usagePiece(int tokens) {
        ObjectNode body = envelope();
        body.putArray("choices");
        body.set("usage", usage(tokens));
        return body;
    }

    private ObjectNode envelope() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", request.kind().object(request.stream()))
                .put("created", created)
                .put("model", model);
    }

    private ObjectNode usage(int completionTokens) {
        int promptTokens =
                request.prompts().stream().mapToInt(it -> it.ids().size()).sum();
        return JsonNodeFactory.instance
                .objectNode()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens);
    }

    private static String word(Finish finish) {
        return finish.name().toLowerCase(Locale.ROOT);
    }

    private ObjectNode logProbabilities(List<TokenChoice> tokens, int offset) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (request.kind() == Kind.CHAT) {
            ArrayNode content = json.putArray("content");
            for (TokenChoice token : tokens) {
                ObjectNode one = described(token.id(), token.logProbability().orElse(0));
                ArrayNode top = one.putArray("top_logprobs");
                token.likeliest().forEach(likely -> top.add(described(likely.id(), likely.logProbability())));
                content.add(one);
            }
            json.putNull("refusal");
            return json;
        }
        ArrayNode texts = json.putArray("tokens");
        ArrayNode numbers = json.putArray("token_logprobs");
        ArrayNode top = json.putArray("top_logprobs");
        ArrayNode offsets = json.putArray("text_offset");
        int at = offset;
        for (TokenChoice token : tokens) {
            String text = text(token.id());
            texts.add(text);
            numbers.add(token.logProbability().orElse(0));
            ObjectNode likely = top.addObject();
            token.likeliest().forEach(it -> likely.put(text(it.id()), it.logProbability()));
            offsets.add(at);
            at += text.length();
        }
        return json;
    }

    private ObjectNode described(int token, double logProbability) {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("token", text(token)).put("logprob", logProbability);
        ArrayNode bytes = json.putArray("bytes");
        for (byte b : tokenizer.bytes(token)) {
            bytes.add(Byte.toUnsignedInt(b));
        }
        return json;
    }

    private String text(int token) {
        return new String(tokenizer.bytes(token), StandardCharsets.UTF_8);
    }

    /** A choice while it is gathered. */
    final class Choice {
        private final int index;
        private final StringBuilder text = new StringBuilder();
        private final List<TokenChoice> tokens = new ArrayList<>();
        private int count;
        private Optional<Finish> finish = Optional.empty();

        Choice(int index) {
            this.index = index;
            if (request.echo()) {
                text.append(promptOf(index));
            }
        }

        void token(TokenChoice token, String piece) {
            count++;
            if (request.alternatives().isPresent()) {
                tokens.add(token);
            }
            text.append(piece);
        }

        void end(Finish how, String piece) {
            finish = Optional.of(how);
            text.append(piece);
        }

        int tokens() {
            return count;
        }

        private ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("index", index);
            if (request.kind() == Kind.CHAT) {
                json.putObject("message")
                        .put("role", "assistant")
                        .put("content", text.toString().stripLeading())
                        .putNull("refusal");
            } else {
                json.put("text", text.toString());
            }
            int offset = request.echo() ? promptOf(index).length() : 0;
            json.set("logprobs", request.alternatives().isEmpty() ? null : logProbabilities(tokens, offset));
            return json.put("finish_reason", finish.map(Answer::word).orElse(null));
        }
    }

    /** The prompt that a choice continues. */
    String promptOf(int index) {
        return request.prompts().get(index / request.choices()).text();
    }
}
