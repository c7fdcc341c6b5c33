package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.dedup.MinHash;
import io.peregrine.data.dedup.Signature;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.seed.SeedStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One bucket of four documents of which the last two are similar, and nothing else is. */
@Tag("spark")
class RegroupedBucketSparkTest {
    private static final String SHAPE = "minhash: {bands: 2, rows: 3}";
    private static final double SIMILARITY_MIN = 0.8;
    private static final List<String> BUCKET = bucket();

    @TempDir
    Path root;

    private static DedupConfig config(String... lines) {
        List<String> all = new ArrayList<>(List.of(SHAPE, "similarity-min: " + SIMILARITY_MIN));
        all.addAll(List.of(lines));
        return DedupConfigs.of(all.toArray(String[]::new));
    }

    /** A passage of which some words are others. */
    private static String variant(int seed) {
        SeedStream words = SeedStream.of(1);
        SeedStream edits = SeedStream.of(1000 + seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            int word = words.nextInt(10_000);
            text.append(edits.nextInt(20) == 0 ? "other" + (char) ('a' + edits.nextInt(26)) : "w" + name(word))
                    .append(' ');
        }
        return text.toString();
    }

    private static String name(int number) {
        return Integer.toString(number, 26).replaceAll("[0-9]", "x");
    }

    /** Four texts, in the order of their ids, that share the first band and not the second. */
    private static List<String> bucket() {
        MinHash minHash = new MinHash(config().minhash());
        List<String> texts = new ArrayList<>();
        for (int seed = 0; seed < 300; seed++) {
            texts.add(variant(seed));
        }
        texts.sort(Comparator.comparing(Document::idOf));
        Map<Long, List<String>> buckets = texts.stream()
                .collect(Collectors.groupingBy(text -> keys(minHash, text).get(0)));
        return buckets.values().stream()
                .sorted(Comparator.comparing((List<String> bucket) -> Document.idOf(bucket.get(0))))
                .flatMap(bucket -> similarAtTheEnd(minHash, bucket).stream())
                .findFirst()
                .orElseThrow();
    }

    private static List<Long> keys(MinHash minHash, String text) {
        return minHash.signature(text).orElseThrow().bandKeys(3);
    }

    private static Optional<List<String>> similarAtTheEnd(MinHash minHash, List<String> bucket) {
        for (int i = 0; i < bucket.size(); i++) {
            for (int j = i + 1; j < bucket.size(); j++) {
                List<String> found = new ArrayList<>(List.of(bucket.get(i), bucket.get(j)));
                if (!isSimilar(minHash, found.get(0), found.get(1)) || sharesTheSecondBand(minHash, found)) {
                    continue;
                }
                for (int before = i - 1; before >= 0 && found.size() < 4; before--) {
                    List<String> more = new ArrayList<>(found);
                    more.add(0, bucket.get(before));
                    boolean isAlone = found.stream().noneMatch(text -> isSimilar(minHash, more.get(0), text));
                    if (isAlone && !sharesTheSecondBand(minHash, more)) {
                        found = more;
                    }
                }
                if (found.size() == 4) {
                    return Optional.of(found);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isSimilar(MinHash minHash, String left, String right) {
        Signature signature = minHash.signature(left).orElseThrow();
        return signature.similarity(minHash.signature(right).orElseThrow()) >= SIMILARITY_MIN;
    }

    private static boolean sharesTheSecondBand(MinHash minHash, List<String> texts) {
        return texts.stream().map(text -> keys(minHash, text).get(1)).distinct().count() < texts.size();
    }

    private static Document document(String source, int place) {
        return Document.of(source, "web", source + ".jsonl", "#" + place, "en", BUCKET.get(place));
    }

    private Map<String, Long> run(String name, DedupConfig config, List<Document> documents) {
        StageFixture fixture = new StageFixture(root.resolve(name));
        fixture.put(Stage.FILTERS, "kept", documents, 2);
        return fixture.run(new DedupJob(config)).counts();
    }

    private List<String> kept(String name) {
        return new StageFixture(root.resolve(name))
                .documents(Stage.DEDUP, "unique").stream().map(Document::text).toList();
    }

    @Test
    void similarMembersMeetOnceThoseBeforeThemAreTakenOut() {
        List<Document> documents = List.of(document("a", 0), document("a", 1), document("a", 2), document("a", 3));
        assertThat(run("one", config("regroup-rounds: 1"), documents))
                .containsEntry("pairs-sharing-a-band", 5L)
                .containsEntry("pairs-cut-by-similarity", 5L)
                .containsEntry("out", 4L);
        assertThat(run("two", config("regroup-rounds: 2"), documents))
                .containsEntry("pairs-sharing-a-band", 6L)
                .containsEntry("pairs-cut-by-similarity", 5L)
                .containsEntry("largest-bucket", 4L)
                .containsEntry("out", 3L);
        assertThat(kept("two")).containsExactlyInAnyOrderElementsOf(BUCKET.subList(0, 3));
    }

    /** The earlier run has nothing similar, and remembers who would have been the first of the next round. */
    @Test
    void aMemberThatAnEarlierRunCutIsStillCompared() {
        List<Document> first = List.of(document("a", 0), document("a", 2));
        List<Document> second = List.of(document("b", 1), document("b", 3));
        run("A", config("regroup-rounds: 1", "index: true"), first);
        assertThat(run("B", config("regroup-rounds: 1", "against: " + root.resolve("A")), second))
                .containsEntry("dropped.near-earlier", 1L)
                .containsEntry("out", 1L);
        List<Document> both = new ArrayList<>(first);
        both.addAll(second);
        run("both", config("regroup-rounds: 1", "source-priority: [a]"), both);
        List<String> kept = new ArrayList<>(kept("A"));
        kept.addAll(kept("B"));
        assertThat(kept).containsExactlyInAnyOrderElementsOf(kept("both")).doesNotContain(BUCKET.get(3));
    }
}
