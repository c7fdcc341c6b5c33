package io.peregrine.rewrite.calls;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.LogLevel;
import com.openai.core.RequestOptions;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchRetrieveParams;
import com.openai.models.files.FileContentParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;

/**
 * A server's batch API, through OpenAI's client. What may be asked twice without harm is tried again by the client; that a
 * batch is begun is not, for it would be paid twice.
 *
 * <p>Thread: one.
 */
public final class BatchApi implements AutoCloseable {
    private static final int RETRIES = 5;
    private static final int DETAIL_CHARACTERS_MAX = 300;

    private final Endpoint endpoint;
    private final Optional<ApiKey> key;
    private final OpenAIClient asking;
    private final OpenAIClient beginning;

    /**
     * How a batch stands.
     *
     * @param ended whether nothing more will come of it
     * @param failed whether the server took none of its requests
     * @param output file with answers, if there is one
     * @param errors file with failures, if there is one
     * @param detail what the server says of its state
     */
    public record State(
            boolean ended, boolean failed, Optional<String> output, Optional<String> errors, String detail) {}

    /** @param timeout of one question or file */
    public BatchApi(Endpoint endpoint, Optional<ApiKey> key, Duration timeout) {
        this.endpoint = endpoint;
        this.key = key;
        this.asking = client(RETRIES, timeout);
        this.beginning = client(0, timeout);
    }

    private OpenAIClient client(int retries, Duration timeout) {
        OkHttpClient http = new OkHttpClient.Builder()
                .retryOnConnectionFailure(retries > 0)
                .followRedirects(false)
                .followSslRedirects(false)
                .build();
        return OpenAIOkHttpClient.builder()
                .okHttpClient(http)
                .baseUrl(endpoint.url().toString())
                .apiKey(key.map(ApiKey::secret).orElse("none"))
                .maxRetries(retries)
                .logLevel(LogLevel.OFF)
                .disableTelemetry(true)
                .timeout(timeout)
                .build();
    }

    /** Sends a file of requests. Returns its id; nothing is paid for a file. */
    public String upload(Path file) {
        return told(() -> asking.files()
                .create(FileCreateParams.builder()
                        .file(file)
                        .purpose(FilePurpose.BATCH)
                        .build())
                .id());
    }

    /** Begins a batch. Returns its id. */
    public String begin(String fileId, EndpointClass kind) {
        return told(() -> beginning
                .batches()
                .create(BatchCreateParams.builder()
                        .inputFileId(fileId)
                        .endpoint(
                                kind == EndpointClass.CHAT
                                        ? BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS
                                        : BatchCreateParams.Endpoint.V1_COMPLETIONS)
                        .completionWindow(BatchCreateParams.CompletionWindow._24H)
                        .build())
                .id());
    }

    /** The batch of a file, if one was begun and nobody noted it. */
    public Optional<String> find(String fileId) {
        return told(() -> asking.batches().list().autoPager().stream()
                .filter(batch -> batch.inputFileId().equals(fileId))
                .map(Batch::id)
                .findFirst());
    }

    /** How a batch stands now. */
    public State state(String batchId) {
        Batch batch = told(() -> asking.batches()
                .retrieve(BatchRetrieveParams.builder().batchId(batchId).build()));
        String status = batch.status().asString().toLowerCase(Locale.ROOT);
        boolean failed = status.equals("failed");
        boolean ended = failed || status.equals("completed") || status.equals("expired") || status.equals("cancelled");
        String detail = batch.errors()
                .flatMap(errors -> errors.data())
                .map(list -> list.stream()
                        .flatMap(error -> error.message().stream())
                        .toList()
                        .toString())
                .orElse("");
        return new State(ended, failed, batch.outputFileId(), batch.errorFileId(), safe(status + " " + detail));
    }

    /** Brings a file of results, whole or not at all. */
    public void download(String fileId, Path to) {
        Path part = to.resolveSibling(to.getFileName() + ".tmp");
        told(() -> {
            try (HttpResponse content = asking.files()
                    .content(FileContentParams.builder().fileId(fileId).build(), RequestOptions.none())) {
                Files.copy(content.body(), part, StandardCopyOption.REPLACE_EXISTING);
                return Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new DataException(
                        "endpoint %s: file %s did not arrive whole (%s); run this again, which goes on from here"
                                .formatted(endpoint.name(), fileId, e.getClass().getSimpleName()));
            }
        });
    }

    /** What a server says may have the key in it, and so may what the client makes of it. */
    private <T> T told(Supplier<T> question) {
        try {
            return question.get();
        } catch (OpenAIServiceException e) {
            throw new DataException(
                    "endpoint %s: status %d: %s; what was begun is noted, so run this again when it is mended"
                            .formatted(endpoint.name(), e.statusCode(), safe(String.valueOf(e.body()))));
        } catch (OpenAIException e) {
            throw new DataException("endpoint %s: %s; what was begun is noted, so run this again"
                    .formatted(endpoint.name(), safe(String.valueOf(e.getMessage()))));
        }
    }

    private String safe(String text) {
        String redacted = key.map(secret -> secret.redacted(text)).orElse(text).strip();
        return redacted.length() <= DETAIL_CHARACTERS_MAX
                ? redacted
                : redacted.substring(0, DETAIL_CHARACTERS_MAX) + "...";
    }

    @Override
    public void close() {
        asking.close();
        beginning.close();
    }
}
