package io.peregrine.data.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.PreTokenizer;
import io.peregrine.data.tokenizer.PretokenCount;
import io.peregrine.data.tokenizer.PretokenCounter;
import io.peregrine.data.tokenizer.SplitRules;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.data.tokenizer.TokenizerModel;
import io.peregrine.data.tokenizer.TokenizerTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench tokenizer}: how long it takes to train a vocabulary, and to encode with it. */
@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        description = {
            "Measures tokenizer training without Spark: counting pre-tokens on some threads, then merging on one; and"
                    + " encoding on one thread, beside the same library called directly.",
            "",
            "The texts are repeated until there are as many bytes as asked for; then the number of different pre-tokens,"
                    + " which the merging depends on, is that of the texts given."
        },
        footer = {"", "Example:", "  peregrine bench tokenizer --text web.jsonl.gz math.jsonl.zst --bytes 1000000000"})
public final class TokenizerBenchCommand implements Callable<Integer> {
    private static final double NANOS = 1e9;
    private static final double MEGABYTE = 1e6;
    private static final List<String> FIELDS = List.of("text", "content", "latex", "html");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "JSON lines, plain, .gz or .zst, with the text in field text, content, latex or html.")
    private List<Path> inputs;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            defaultValue = "1000000000",
            description = "bytes of text to count (default: ${DEFAULT-VALUE}).")
    private long bytes;

    @Option(
            names = "--vocab-size",
            paramLabel = "N",
            defaultValue = "65536",
            description = "entries of the vocabulary (default: ${DEFAULT-VALUE}).")
    private int vocabSize;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "threads that count (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--encode-bytes",
            paramLabel = "N",
            defaultValue = "50000000",
            description = "bytes of text to encode (default: ${DEFAULT-VALUE}).")
    private long encodeBytes;

    @Override
    public Integer call() throws IOException {
        for (long value : List.of(bytes, (long) threads, encodeBytes)) {
            if (value < 1) {
                throw new ConfigException("--bytes, --threads, --encode-bytes", value, "must be >= 1");
            }
        }
        TokenizerConfig config = new TokenizerConfig(vocabSize, 1_024, Long.MAX_VALUE, 1, 2);
        PrintWriter out = spec.commandLine().getOut();
        List<String> texts = new ArrayList<>();
        for (Path input : inputs) {
            BenchJson.forEachLine(input, (line, row) -> texts.add(text(input, line, row)));
        }
        long once = size(texts);
        out.printf(
                "texts               %,d of %,.1f MB, repeated to %,.1f MB%n",
                texts.size(), once / MEGABYTE, bytes / MEGABYTE);

        long began = System.nanoTime();
        List<PretokenCount> counts = count(texts, once);
        double counting = seconds(began);
        out.printf(
                "counting            %8.2f s  %8.1f MB/s on %d threads, %,d different pre-tokens%n",
                counting, bytes / MEGABYTE / counting, threads, counts.size());

        Path folder = Files.createTempDirectory("bench-tokenizer");
        long merging = System.nanoTime();
        TokenizerModel model = new TokenizerTraining(config, folder, Progress.SILENT).train(counts, List.of());
        double merged = seconds(merging);
        out.printf(
                "merging             %8.2f s  %8.0f merges/s, %,d tokens%n",
                merged, model.merges().size() / merged, model.tokens().size());
        out.printf("together            %8.2f s%n", counting + merged);
        TokenizerFiles.write(model, folder);
        encode(texts, folder, out);
        out.flush();
        return 0;
    }

    private static String text(Path input, long line, JsonNode row) {
        for (String field : FIELDS) {
            if (row.hasNonNull(field)) {
                return row.get(field).asText();
            }
        }
        throw new DataException("%s, line %d: must have one of the fields %s".formatted(input, line, FIELDS));
    }

    private static long size(List<String> texts) {
        return texts.stream()
                .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    /** Each thread counts every so manieth text, again and again, until its share of the bytes is done. */
    private List<PretokenCount> count(List<String> texts, long once) {
        double rounds = (double) bytes / once;
        PreTokenizer preTokenizer = new PreTokenizer(SplitRules.DEFAULTS);
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        Map<String, Long> together = new HashMap<>();
        try {
            List<CompletableFuture<PretokenCounter>> parts = IntStream.range(0, threads)
                    .mapToObj(part -> CompletableFuture.supplyAsync(
                            () -> {
                                PretokenCounter counter = new PretokenCounter(preTokenizer);
                                long all = (long) (rounds * texts.size());
                                for (long i = part; i < all; i += threads) {
                                    counter.add(texts.get((int) (i % texts.size())));
                                }
                                return counter;
                            },
                            workers))
                    .toList();
            for (CompletableFuture<PretokenCounter> part : parts) {
                part.join()
                        .counts()
                        .forEachRemaining(count -> together.merge(count.pretoken(), count.count(), Long::sum));
            }
        } finally {
            workers.shutdown();
        }
        return together.entrySet().stream()
                .map(entry -> new PretokenCount(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void encode(List<String> texts, Path folder, PrintWriter out) {
        List<String> some = new ArrayList<>();
        long taken = 0;
        for (int i = 0; i < texts.size() && taken < encodeBytes; i += Math.max(1, texts.size() / 2_000)) {
            some.add(texts.get(i));
            taken += texts.get(i).getBytes(StandardCharsets.UTF_8).length;
        }
        try (BpeTokenizer ours = BpeTokenizer.load(folder.resolve(TokenizerFiles.TOKENIZER_JSON));
                LibraryTokenizer library = new LibraryTokenizer(folder.resolve(TokenizerFiles.TOKENIZER_JSON))) {
            double here = 0;
            double there = 0;
            long tokens = 0;
            for (int round = 0; round < 3; round++) { // the last one counts; the first fill the library's cache
                tokens = 0;
                long began = System.nanoTime();
                for (String text : some) {
                    tokens += ours.encode(text).length;
                }
                here = seconds(began);
                began = System.nanoTime();
                for (String text : some) {
                    library.encode(text);
                }
                there = seconds(began);
            }
            out.printf(
                    "encoding            %8.1f MB/s on one thread (%,d tokens of %,.1f MB); the library called directly %.1f MB/s,"
                            + " ratio %.2f%n",
                    taken / MEGABYTE / here, tokens, taken / MEGABYTE, taken / MEGABYTE / there, there / here);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / NANOS;
    }
}
