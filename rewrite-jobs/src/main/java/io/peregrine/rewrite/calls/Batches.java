package io.peregrine.rewrite.calls;

import io.peregrine.data.DataException;
import io.peregrine.rewrite.calls.BatchParts.Part;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests by the batch API, from one process: in files of at most so many lines and bytes, and at most for as much as is
 * left of the budget. What comes back goes to a log like that of a task that calls. A request that expired, or that the
 * server failed, ends in nothing, and may be sent again. A process that is killed goes on polling when it is begun again.
 *
 * <p>Thread: one.
 */
public final class Batches {
    private static final String ENDPOINT = "batch";
    private static final int OK = 200;

    private final BatchApi api;
    private final EndpointClass kind;
    private final ModelId model;
    private final Price price;
    private final Limits limits;

    /**
     * @param pollEvery time between two questions
     * @param waitMost time after which a batch is no longer waited for
     */
    public record Limits(int linesMax, long bytesMax, Duration pollEvery, Duration waitMost) {}

    public Batches(BatchApi api, EndpointClass kind, ModelId model, Price price, Limits limits) {
        this.api = api;
        this.kind = kind;
        this.model = model;
        this.price = price;
        this.limits = limits;
    }

    /** Whether a wave's folder is one of batches. */
    public static boolean isOne(Path wave) {
        return !BatchParts.read(wave).isEmpty();
    }

    /**
     * Writes the files of a wave; what could cost more than is left goes into none. Nothing is sent.
     *
     * @param ledger with what may be spent
     */
    public void write(Path wave, Iterator<Request> requests, BudgetLedger ledger) {
        int number = 0;
        Optional<Request> next = affordable(requests, ledger);
        while (next.isPresent()) {
            Part part = BatchParts.of(wave, number++);
            try (OutputStream out = Files.newOutputStream(part.requests())) {
                long bytes = 0;
                int lines = 0;
                while (next.isPresent()) {
                    byte[] line = (BatchLine.request(kind, model, next.get()) + "\n").getBytes(StandardCharsets.UTF_8);
                    if (lines > 0 && (lines == limits.linesMax() || bytes + line.length > limits.bytesMax())) {
                        break;
                    }
                    out.write(line);
                    bytes += line.length;
                    lines++;
                    next = affordable(requests, ledger);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + part.requests(), e);
            }
            part.noted();
        }
    }

    private static Optional<Request> affordable(Iterator<Request> requests, BudgetLedger ledger) {
        while (requests.hasNext()) {
            Request request = requests.next();
            if (ledger.reserve(
                            PromptTokens.atMost(request.prompt()),
                            request.prompt().sampling().maxTokens())
                    .isPresent()) {
                return Optional.of(request);
            }
        }
        return Optional.empty();
    }

    /** Begins the batches of a wave that were not begun, waits for all, and brings what came of them to a log. */
    public void finish(Path wave) {
        List<Part> parts = new ArrayList<>();
        for (Part part : BatchParts.read(wave)) {
            parts.add(begun(part));
        }
        Path folder = wave.resolve("task-0");
        long deadline = System.nanoTime() + limits.waitMost().toNanos();
        try (ResponseLog log = new ResponseLog(folder, attempts(folder), 1_000)) {
            while (parts.stream().anyMatch(part -> !part.done())) {
                for (int i = 0; i < parts.size(); i++) {
                    parts.set(i, parts.get(i).done() ? parts.get(i) : asked(parts.get(i), log));
                }
                if (parts.stream().anyMatch(part -> !part.done())) {
                    pause(deadline);
                }
            }
        }
    }

    private static long attempts(Path folder) {
        String[] files = folder.toFile().list();
        return files == null ? 0 : files.length;
    }

    private void pause(long deadline) {
        if (System.nanoTime() - deadline > 0) {
            throw new DataException(
                    "40-rewrite: a batch has not ended in %d s; it is noted, so run this again to go on waiting"
                            .formatted(limits.waitMost().toSeconds()));
        }
        try {
            Thread.sleep(limits.pollEvery().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a batch is under way; it is noted", e);
        }
    }

    private Part begun(Part part) {
        if (part.done() || !part.batchId().isEmpty()) {
            return part;
        }
        if (!part.fileId().isEmpty()) {
            // Killed between the beginning and its note, or just before: the server knows.
            Optional<String> batch = api.find(part.fileId());
            if (batch.isPresent()) {
                return part.begun(batch.get()).noted();
            }
            return part.begun(api.begin(part.fileId(), kind)).noted();
        }
        Part uploaded = part.uploaded(api.upload(part.requests())).noted();
        return uploaded.begun(api.begin(uploaded.fileId(), kind)).noted();
    }

    private Part asked(Part part, ResponseLog log) {
        BatchApi.State state = api.state(part.batchId());
        if (!state.ended()) {
            return part;
        }
        if (state.failed()) {
            part.ended().noted();
            throw new DataException(
                    ("40-rewrite: the server took none of the requests of batch %s: %s; nothing was paid for it. Mend what it"
                                    + " says and run this again")
                            .formatted(part.batchId(), state.detail()));
        }
        state.output().ifPresent(file -> bring(file, part.requests(), part.beside(".out.jsonl"), log));
        state.errors().ifPresent(file -> bring(file, part.requests(), part.beside(".err.jsonl"), log));
        log.force();
        return part.ended().noted();
    }

    private void bring(String fileId, Path requests, Path to, ResponseLog log) {
        api.download(fileId, to);
        Set<String> asked = keys(requests);
        try (BufferedReader lines = Files.newBufferedReader(to)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                BatchLine.result(kind, asked, line)
                        .flatMap(result -> response(result, requests))
                        .filter(response -> log.replayed(response.key()).isEmpty())
                        .ifPresent(log::append);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + to, e);
        }
    }

    private static Set<String> keys(Path requests) {
        try (Stream<String> lines = Files.lines(requests)) {
            return lines.map(BatchLine::key).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + requests, e);
        }
    }

    /** Nothing where another attempt may bring an answer and this one is certain to be free. */
    private Optional<Response> response(BatchLine.Result result, Path requests) {
        if (result.attempt() instanceof Attempt.Answered answered) {
            long prompt = answered.answer().promptTokens();
            long completion = answered.answer().completionTokens();
            return Optional.of(new Response(
                    result.key(),
                    Optional.of(answered.answer()),
                    Optional.empty(),
                    "",
                    ENDPOINT,
                    0,
                    1,
                    prompt + completion,
                    price.of(prompt, completion)));
        }
        Attempt.Failed failed = (Attempt.Failed) result.attempt();
        if (result.status() != OK && failed.reason().retried()) {
            return Optional.empty();
        }
        BudgetLedger.Spent lost = result.status() == OK ? reserved(requests, result.key()) : BudgetLedger.Spent.NOTHING;
        return Optional.of(new Response(
                result.key(),
                Optional.empty(),
                Optional.of(failed.reason()),
                failed.detail(),
                ENDPOINT,
                0,
                1,
                lost.tokens(),
                lost.microDollars()));
    }

    /** What was put aside for a request whose cost nobody knows. Rare, so its line is looked for. */
    private BudgetLedger.Spent reserved(Path requests, RequestKey key) {
        try (Stream<String> lines = Files.lines(requests)) {
            return lines.filter(line -> line.contains(key.hex()))
                    .map(line -> BatchLine.reserved(line, price))
                    .findFirst()
                    .orElse(BudgetLedger.Spent.NOTHING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + requests, e);
        }
    }
}
