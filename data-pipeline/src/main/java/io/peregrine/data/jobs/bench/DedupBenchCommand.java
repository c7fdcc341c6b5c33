package io.peregrine.data.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.bench.BenchJson;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.dedup.MinHash;
import io.peregrine.data.dedup.MinHashConfig;
import io.peregrine.data.dedup.Signature;
import io.peregrine.data.jobs.DedupJob;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench dedup}: the dedup stage on documents whose duplicates are known.
 *
 * <p>One run is one draw of the permutations. So beside what the run found stands what the pairs do in many draws, which
 * comes near the curve if signatures are right, and beside that the curve itself.
 */
@Command(
        name = "dedup",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the dedup stage, with its defaults, on documents whose duplicate pairs are known, and prints by exact",
            "Jaccard similarity of the pairs: how many there are, how many MinHash is expected to find, how many share a",
            "band in the mean of many draws of coefficients, and how many the run put into one cluster; then the pairs",
            "in one cluster that the truth does not have."
        },
        footer = {"", "Example:", "  peregrine bench dedup --input pages.jsonl.gz --truth pages.truth.jsonl.gz"})
public final class DedupBenchCommand implements Callable<Integer> {
    private static final int SHOWN_PAIRS = 5;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines, plain or compressed, with id and text or content.")
    private Path input;

    @Option(
            names = "--truth",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines with the ids of a pair, a and b.")
    private Path truth;

    @Option(
            names = "--draws",
            paramLabel = "N",
            defaultValue = "50",
            description = "Draws of the coefficients over which the pairs are followed (default: ${DEFAULT-VALUE}).")
    private int draws;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Folder for the run, which is deleted afterwards (default: that for temporary files).")
    private Path work = Path.of(System.getProperty("java.io.tmpdir"));

    private final DedupConfig config = DedupConfig.DEFAULTS;

    /**
     * Two documents by their places in the input, the first one first.
     *
     * @param a smaller place
     * @param b greater place
     */
    private record Pair(int a, int b) {
        static Pair of(int one, int other) {
            return new Pair(Math.min(one, other), Math.max(one, other));
        }
    }

    @Override
    public Integer call() {
        if (draws < 1) {
            throw new ConfigException("--draws", draws, "must be > 0");
        }
        Map<String, Integer> places = new LinkedHashMap<>();
        List<Document> documents = new ArrayList<>();
        read(places, documents);
        Set<Pair> expected = pairs(places);
        Map<String, String> clusters = clusters(documents);
        List<long[]> shingles = shingles(documents);

        print("%,d documents, %,d pairs in the truth, %,d draws", documents.size(), expected.size(), draws);
        List<Pair> listed = List.copyOf(expected);
        List<Followed> followed = follow(documents, listed);
        PairTable table = new PairTable(config.minhash());
        List<String> missed = new ArrayList<>();
        int found = 0;
        for (int i = 0; i < listed.size(); i++) {
            Pair pair = listed.get(i);
            Followed seen = followed.get(i);
            double jaccard = jaccard(shingles.get(pair.a), shingles.get(pair.b));
            boolean together = cluster(clusters, documents, pair.a).equals(cluster(clusters, documents, pair.b));
            found += together ? 1 : 0;
            table.add(jaccard, together, seen.sharing / (double) draws, seen.similar / (double) draws);
            if (!together && jaccard >= config.similarityMin()) {
                missed.add("  %.3f  line %s with line %s: %s"
                        .formatted(
                                jaccard,
                                documents.get(pair.a).location(),
                                documents.get(pair.b).location(),
                                seen.inTheRun));
            }
        }
        table.lines().forEach(this::print);
        print("found %,d of %,d; not found although similar: %,d", found, listed.size(), missed.size());
        missed.forEach(this::print);
        others(documents, clusters, shingles, expected);
        return 0;
    }

    private void read(Map<String, Integer> places, List<Document> documents) {
        forEach(input, (line, object) -> {
            JsonNode text = object.has("text") ? object.path("text") : object.path("content");
            String id = object.path("id").asText("");
            if (id.isEmpty() || !text.isTextual()) {
                throw new DataException("%s, line %d: must have id and text or content".formatted(input, line));
            }
            if (places.putIfAbsent(id, documents.size()) != null) {
                throw new DataException("%s, line %d: the id %s is given twice".formatted(input, line, id));
            }
            documents.add(Document.of("bench", "web", input.toString(), "#" + line, "und", text.textValue()));
        });
    }

    private Set<Pair> pairs(Map<String, Integer> places) {
        Set<Pair> pairs = new LinkedHashSet<>();
        forEach(truth, (line, object) -> {
            Integer a = places.get(object.path("a").asText());
            Integer b = places.get(object.path("b").asText());
            if (a == null || b == null || a.equals(b)) {
                throw new DataException("%s, line %d: a and b must be ids of two documents of %s, are %s and %s"
                        .formatted(truth, line, input, object.path("a"), object.path("b")));
            }
            pairs.add(Pair.of(a, b));
        });
        return pairs;
    }

    private static void forEach(Path file, BenchJson.LineConsumer to) {
        try {
            BenchJson.forEachLine(file, to);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }

    /** The cluster of each id that is not alone, by the stage itself. */
    private Map<String, String> clusters(List<Document> documents) {
        try (LazySpark spark = new LazySpark("peregrine bench dedup");
                TemporaryRun run = new TemporaryRun(work, spark)) {
            run.run(new GivenDocuments(documents));
            StageManifest manifest = run.run(new DedupJob(config));
            manifest.counts().forEach((name, count) -> print("  %-40s %,14d", name, count));
            TableVersion clusters = manifest.output("clusters");
            return spark
                    .session()
                    .read()
                    .format("delta")
                    .load(run.layout().root().resolve(clusters.path()).toString())
                    .select("id", "cluster")
                    .collectAsList()
                    .stream()
                    .collect(Collectors.toMap(row -> row.getString(0), row -> row.getString(1)));
        }
    }

    private static String cluster(Map<String, String> clusters, List<Document> documents, int place) {
        String id = documents.get(place).id();
        return clusters.getOrDefault(id, id);
    }

    private List<long[]> shingles(List<Document> documents) {
        MinHash minHash = new MinHash(config.minhash());
        return documents.stream()
                .map(document -> Arrays.stream(minHash.shingles(document.text()))
                        .sorted()
                        .distinct()
                        .toArray())
                .toList();
    }

    /** Exact Jaccard similarity of two sorted sets; 1 for two empty ones. */
    private static double jaccard(long[] left, long[] right) {
        int common = 0;
        int i = 0;
        int j = 0;
        while (i < left.length && j < right.length) {
            int order = Long.compare(left[i], right[j]);
            common += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        int all = left.length + right.length - common;
        return all == 0 ? 1 : common / (double) all;
    }

    /** What became of a pair in the draws: in how many it shared a band, and was estimated to be similar enough too. */
    private static final class Followed {
        private int sharing;
        private int similar;
        private String inTheRun = "has no signature";
    }

    private List<Followed> follow(List<Document> documents, List<Pair> pairs) {
        MinHashConfig shape = config.minhash();
        List<Followed> followed = pairs.stream().map(pair -> new Followed()).toList();
        for (int draw = 1; draw <= draws; draw++) {
            MinHash minHash = new MinHash(new MinHashConfig(
                    shape.shingleWords(), shape.bands(), shape.rows(), shape.hash(), draw, shape.device()));
            Map<Integer, Optional<Signature>> signatures = new TreeMap<>();
            for (int i = 0; i < pairs.size(); i++) {
                Pair pair = pairs.get(i);
                if (documents.get(pair.a).id().equals(documents.get(pair.b).id())) { // needs no signature
                    followed.get(i).sharing++;
                    followed.get(i).similar++;
                    continue;
                }
                Optional<Signature> a = signature(signatures, documents, pair.a, minHash);
                Optional<Signature> b = signature(signatures, documents, pair.b, minHash);
                if (a.isPresent() && b.isPresent()) {
                    follow(followed.get(i), a.get(), b.get(), draw == shape.coefficientSeed());
                }
            }
        }
        return followed;
    }

    private void follow(Followed pair, Signature a, Signature b, boolean isTheRunsDraw) {
        boolean shares = shareABand(a, b, config.minhash().rows());
        double estimate = a.similarity(b);
        pair.sharing += shares ? 1 : 0;
        pair.similar += shares && estimate >= config.similarityMin() ? 1 : 0;
        if (isTheRunsDraw) {
            pair.inTheRun = "%s, estimated %.3f".formatted(shares ? "shares a band" : "shares no band", estimate);
        }
    }

    private static Optional<Signature> signature(
            Map<Integer, Optional<Signature>> known, List<Document> documents, int place, MinHash minHash) {
        return known.computeIfAbsent(
                place, at -> minHash.signature(documents.get(at).text()));
    }

    private static boolean shareABand(Signature a, Signature b, int rows) {
        List<Long> left = a.bandKeys(rows);
        List<Long> right = b.bandKeys(rows);
        for (int band = 0; band < left.size(); band++) {
            if (left.get(band).equals(right.get(band))) {
                return true;
            }
        }
        return false;
    }

    /** What is in one cluster with the document kept for it and not in the truth with it, least similar first. */
    private void others(
            List<Document> documents, Map<String, String> clusters, List<long[]> shingles, Set<Pair> expected) {
        Map<String, List<Integer>> members = new TreeMap<>();
        for (int place = 0; place < documents.size(); place++) {
            members.computeIfAbsent(cluster(clusters, documents, place), cluster -> new ArrayList<>())
                    .add(place);
        }
        Map<Pair, Double> others = new LinkedHashMap<>();
        members.forEach((cluster, together) -> {
            int kept = together.stream()
                    .filter(place -> documents.get(place).id().equals(cluster))
                    .findFirst()
                    .orElseThrow();
            together.stream()
                    .filter(place -> place != kept)
                    .map(place -> Pair.of(place, kept))
                    .filter(pair -> !expected.contains(pair))
                    .forEach(pair -> others.put(pair, jaccard(shingles.get(pair.a), shingles.get(pair.b))));
        });
        List<Map.Entry<Pair, Double>> leastFirst = others.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .toList();
        for (double limit : new double[] {0.5, 0.6, config.similarityMin(), 0.8, 1}) {
            print(
                    "removed for a document that the truth does not have beside it, exact similarity below %.1f: %,d",
                    limit,
                    leastFirst.stream()
                            .filter(other -> other.getValue() < limit)
                            .count());
        }
        print(
                "and with equal shingles: %,d",
                leastFirst.stream().filter(other -> other.getValue() >= 1).count());
        leastFirst.stream()
                .limit(SHOWN_PAIRS)
                .forEach(other -> print(
                        "  %.3f  line %s with line %s",
                        other.getValue(),
                        documents.get(other.getKey().a).location(),
                        documents.get(other.getKey().b).location()));
    }

    private void print(String format, Object... arguments) {
        print(String.format(Locale.ROOT, format, arguments));
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
