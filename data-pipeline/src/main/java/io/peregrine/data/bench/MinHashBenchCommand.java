package io.peregrine.data.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.dedup.Coefficients;
import io.peregrine.data.dedup.JavaMinima;
import io.peregrine.data.dedup.MinHashConfig;
import io.peregrine.data.dedup.MinHashDevice;
import io.peregrine.data.dedup.MinimaKernel;
import io.peregrine.data.dedup.ShingleHash;
import io.peregrine.data.dedup.Signature;
import io.peregrine.data.dedup.SignatureBatch;
import io.peregrine.data.dedup.opencl.OpenClMinima;
import io.peregrine.data.seed.SeedStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench minhash}: signatures per second on one thread, from text and of the permutations alone, and whether a
 * device gives the bits of plain Java.
 *
 * <p>Needs no Spark; {@link #main} runs it on a class path of this module, picocli, Jackson, ICU and Aparapi.
 */
@Command(
        name = "minhash",
        mixinStandardHelpOptions = true,
        description = {
            "Measures MinHash signatures on one thread: documents per second from text, and of the permutations alone.",
            "With --device, the same on an OpenCL device; its signatures are compared with those of plain Java."
        })
public final class MinHashBenchCommand implements Callable<Integer> {
    private static final int VOCABULARY = 20_000;
    private static final int MADE_UP_CHARACTERS = 7_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "JSON lines, plain or .gz, with a field text or content. Without it, texts of 7,000"
                    + " characters are made up.")
    private Path input;

    @Option(
            names = "--documents",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Most documents read or made up (default: ${DEFAULT-VALUE}).")
    private int documents;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "java",
            description = "java, opencl-gpu or opencl-cpu (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--hash",
            paramLabel = "HASH",
            defaultValue = "xxh64",
            description = "xxh64 or sha1 (default: ${DEFAULT-VALUE}).")
    private String hash;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds over all documents, after one that is not counted (default: ${DEFAULT-VALUE}).")
    private int rounds;

    /** Runs the command by itself. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new MinHashBenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() {
        MinHashDevice wanted = choose("--device", device, MinHashDevice.values(), MinHashDevice::key);
        ShingleHash shingles = choose("--hash", hash, ShingleHash.values(), ShingleHash::key);
        if (rounds < 1 || documents < 1) {
            throw new ConfigException("--rounds", rounds, "and --documents must be > 0");
        }
        List<String> texts = input == null ? madeUp() : read();
        long characters = texts.stream().mapToLong(String::length).sum();
        print("documents %,d, characters %,d, mean %,d", texts.size(), characters, characters / texts.size());
        MinHashConfig plain = new MinHashConfig(5, 14, 8, shingles, 1, MinHashDevice.JAVA);
        Coefficients coefficients = new Coefficients(plain.coefficientSeed(), plain.hashes());
        List<Optional<Signature>> expected = measure("java", texts, characters, plain, new JavaMinima(coefficients));
        if (wanted != MinHashDevice.JAVA) {
            OpenClMinima kernel = new OpenClMinima(coefficients, wanted);
            String name = "%s %s".formatted(wanted.key(), kernel.name());
            boolean equal = measure(name, texts, characters, plain, kernel).equals(expected);
            print("signatures equal bit for bit: %s", equal ? "yes" : "NO");
            return equal ? 0 : 1;
        }
        return 0;
    }

    /** Rounds from text and of the kernel alone; the median of each is printed. */
    private List<Optional<Signature>> measure(
            String name, List<String> texts, long characters, MinHashConfig config, MinimaKernel kernel) {
        List<Optional<Signature>> signatures = List.of();
        List<Double> seconds = new ArrayList<>();
        List<Double> kernelSeconds = new ArrayList<>();
        Timed timed = new Timed(kernel);
        try (SignatureBatch batch = new SignatureBatch(config, timed)) {
            for (int round = 0; round <= rounds; round++) {
                timed.nanos = 0;
                long began = System.nanoTime();
                signatures = all(texts, batch);
                double took = (System.nanoTime() - began) / 1e9;
                if (round > 0) {
                    seconds.add(took);
                    kernelSeconds.add(timed.nanos / 1e9);
                } else {
                    print("%s: first round %.2f s (compilation included)", name, took);
                }
            }
        }
        double median = median(seconds);
        double inKernel = median(kernelSeconds);
        print(
                "%s: %,.0f docs/s, %.1f M characters/s; reading %.0f us a document, permutations %.0f us; median of %d rounds"
                        + " (%.3f to %.3f s)",
                name,
                texts.size() / median,
                characters / median / 1e6,
                (median - inKernel) / texts.size() * 1e6,
                inKernel / texts.size() * 1e6,
                rounds,
                seconds.stream().min(Double::compare).orElseThrow(),
                seconds.stream().max(Double::compare).orElseThrow());
        return signatures;
    }

    private static List<Optional<Signature>> all(List<String> texts, SignatureBatch batch) {
        List<Optional<Signature>> signatures = new ArrayList<>(texts.size());
        for (String text : texts) {
            batch.add(text);
            if (batch.isFull()) {
                signatures.addAll(batch.take());
            }
        }
        signatures.addAll(batch.take());
        return signatures;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private List<String> read() {
        ObjectMapper json = new ObjectMapper();
        List<String> texts = new ArrayList<>();
        try (InputStream file = Files.newInputStream(input);
                InputStream plain = input.toString().endsWith(".gz") ? new GZIPInputStream(file) : file;
                BufferedReader lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && texts.size() < documents) {
                JsonNode object = json.readTree(line);
                JsonNode text = object.has("text") ? object.get("text") : object.path("content");
                if (!text.isTextual()) {
                    throw new DataException(
                            "%s:%d: no field text or content that is a string".formatted(input, texts.size() + 1));
                }
                texts.add(text.textValue());
                line = lines.readLine();
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(input, e), e);
        }
        if (texts.isEmpty()) {
            throw new DataException("%s: has no documents".formatted(input));
        }
        return texts;
    }

    /** Texts of words from a fixed vocabulary, frequent ones more often, with capitals, commas, full stops and dashes. */
    private List<String> madeUp() {
        SeedStream random = SeedStream.of(1);
        List<String> vocabulary = new ArrayList<>();
        for (int i = 0; i < VOCABULARY; i++) {
            StringBuilder word = new StringBuilder();
            for (int length = 2 + random.nextInt(8); length > 0; length--) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            vocabulary.add(word.toString());
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < documents; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; text.length() < MADE_UP_CHARACTERS; word++) {
                double u = random.nextDouble();
                String next = vocabulary.get((int) (u * u * u * VOCABULARY));
                text.append(word % 12 == 0 ? next.substring(0, 1).toUpperCase(Locale.ROOT) + next.substring(1) : next);
                text.append(word % 12 == 11 ? ".\n" : word % 12 == 5 ? ", " : word % 31 == 7 ? " \u2014 " : " ");
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static <E> E choose(String option, String given, E[] values, java.util.function.Function<E, String> key) {
        List<String> known = new ArrayList<>();
        for (E value : values) {
            if (key.apply(value).equals(given)) {
                return value;
            }
            known.add(key.apply(value));
        }
        throw new ConfigException(option, given, "must be one of " + known);
    }

    private void print(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, arguments));
        out.flush();
    }

    /** A kernel that adds up the time it takes. */
    private static final class Timed implements MinimaKernel {
        private final MinimaKernel kernel;
        private long nanos;

        Timed(MinimaKernel kernel) {
            this.kernel = kernel;
        }

        @Override
        public int permutations() {
            return kernel.permutations();
        }

        @Override
        public int batchHashes() {
            return kernel.batchHashes();
        }

        @Override
        public void minima(long[] hashes, int[] ends, int count, long[] minima) {
            long began = System.nanoTime();
            kernel.minima(hashes, ends, count, minima);
            nanos += System.nanoTime() - began;
        }

        @Override
        public void close() {
            kernel.close();
        }
    }
}
