package io.peregrine.rewrite.calls;

import com.openai.client.OpenAIClientAsync;
import com.openai.client.okhttp.OpenAIOkHttpClientAsync;
import com.openai.core.JsonValue;
import com.openai.core.LogLevel;
import com.openai.core.Timeout;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import io.peregrine.rewrite.prompts.Answer;
import io.peregrine.rewrite.prompts.Prompt;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/**
 * One attempt at a time and prompt, through OpenAI's client. Everything that the client would do by itself is off: its
 * retries, the connection's retries and redirects, which could pay twice or carry the key to another host; and its log.
 *
 * <p>Thread: safe. A request holds a thread while it is in flight, up to {@code inFlightMax} of them.
 */
public final class EndpointClient implements AutoCloseable {
    /** No context is as long; sums of costs cannot overflow below it. */
    private static final long USAGE_TOKENS_MAX = 1_000_000_000;

    private final EndpointClass kind;
    private final String model;
    private final Optional<ApiKey> key;
    private final OpenAIClientAsync client;

    /**
     * @param key the endpoint's, or empty
     * @param inFlightMax requests that may be in flight together
     * @param timeout of one attempt, from connecting to the end of the body
     * @param bodyBytesMax most bytes of a response
     */
    public EndpointClient(
            Endpoint endpoint,
            EndpointClass kind,
            ModelId model,
            Optional<ApiKey> key,
            int inFlightMax,
            Duration timeout,
            int bodyBytesMax) {
        this.kind = kind;
        this.model = model.name();
        this.key = key;
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(inFlightMax);
        dispatcher.setMaxRequestsPerHost(inFlightMax);
        OkHttpClient http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(inFlightMax, 5, java.util.concurrent.TimeUnit.MINUTES))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .addInterceptor(new BoundedJson(bodyBytesMax))
                .build();
        this.client = OpenAIOkHttpClientAsync.builder()
                .okHttpClient(http)
                .baseUrl(endpoint.url().toString())
                // The client refuses to be built without one; servers that ask for none ignore it.
                .apiKey(key.map(ApiKey::secret).orElse("none"))
                .maxRetries(0)
                .logLevel(LogLevel.OFF)
                .disableTelemetry(true)
                .timeout(Timeout.builder()
                        .connect(timeout)
                        .read(timeout)
                        .write(timeout)
                        .request(timeout)
                        .build())
                .build();
    }

    /** Sends the prompt. What goes wrong is an {@link Attempt.Failed}; the future itself fails for bugs only. */
    public CompletableFuture<Attempt> send(Prompt prompt) {
        long start = System.nanoTime();
        CompletableFuture<Attempt> attempt;
        try {
            attempt = kind == EndpointClass.CHAT
                    ? client.chat().completions().create(chat(prompt)).thenApply(reply -> chatAnswer(reply, start))
                    : client.completions().create(completion(prompt)).thenApply(reply -> textAnswer(reply, start));
        } catch (RuntimeException e) {
            attempt = CompletableFuture.failedFuture(e);
        }
        return attempt.exceptionally(fault -> Failures.of(
                fault, since(start), text -> key.map(k -> k.redacted(text)).orElse(text)));
    }

    @Override
    public void close() {
        client.close();
    }

    private ChatCompletionCreateParams chat(Prompt prompt) {
        var params = ChatCompletionCreateParams.builder().model(model);
        if (!prompt.system().isEmpty()) {
            params.addSystemMessage(prompt.system());
        }
        return params.addUserMessage(prompt.user())
                .temperature(prompt.sampling().temperature())
                .topP(prompt.sampling().topP())
                // OpenAI renamed it to max_completion_tokens; the older name is what every other server knows.
                .putAdditionalBodyProperty(
                        "max_tokens", JsonValue.from(prompt.sampling().maxTokens()))
                .putAdditionalBodyProperty(
                        "seed", JsonValue.from(prompt.sampling().seed()))
                .build();
    }

    private CompletionCreateParams completion(Prompt prompt) {
        String text = prompt.system().isEmpty() ? prompt.user() : prompt.system() + "\n\n" + prompt.user();
        return CompletionCreateParams.builder()
                .model(model)
                .prompt(text)
                .temperature(prompt.sampling().temperature())
                .topP(prompt.sampling().topP())
                .maxTokens((long) prompt.sampling().maxTokens())
                .seed(prompt.sampling().seed())
                .build();
    }

    private static Attempt chatAnswer(ChatCompletion reply, long start) {
        if (reply.choices().isEmpty()) {
            return failed(FailureReason.NO_CHOICE, "no choice in the response", start);
        }
        ChatCompletion.Choice choice = reply.choices().get(0);
        Optional<String> text = choice.message().content();
        if (text.isEmpty()) {
            return failed(FailureReason.NO_CHOICE, "no content in the first choice", start);
        }
        return answered(text.get(), choice.finishReason().asString(), reply.usage(), start);
    }

    private static Attempt textAnswer(Completion reply, long start) {
        if (reply.choices().isEmpty()) {
            return failed(FailureReason.NO_CHOICE, "no choice in the response", start);
        }
        var choice = reply.choices().get(0);
        return answered(choice.text(), choice.finishReason().asString(), reply.usage(), start);
    }

    private static Attempt answered(String text, String finish, Optional<CompletionUsage> usage, long start) {
        if (usage.isEmpty()) {
            return failed(FailureReason.NO_USAGE, "no usage in the response, so that its cost is unknown", start);
        }
        long promptTokens = usage.get().promptTokens();
        long completionTokens = usage.get().completionTokens();
        if (promptTokens < 0
                || completionTokens < 0
                || promptTokens > USAGE_TOKENS_MAX
                || completionTokens > USAGE_TOKENS_MAX) {
            return failed(
                    FailureReason.MALFORMED,
                    "usage of %d prompt and %d completion tokens".formatted(promptTokens, completionTokens),
                    start);
        }
        return new Attempt.Answered(new Answer(text, finish, promptTokens, completionTokens), since(start));
    }

    private static Attempt failed(FailureReason reason, String detail, long start) {
        return new Attempt.Failed(reason, detail, Optional.empty(), since(start));
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
