package io.peregrine.data.dedup;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The golden values were computed with datatrove 0.10.0 and numpy on sentences written for this project. */
class MinHashTest {
    private static final String FOX = "The quick brown fox jumps over the lazy dog, 12 times.";

    private final MinHash minHash = new MinHash();

    private static long xxHash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return XxHash64.hash(0, bytes, 0, bytes.length);
    }

    @Test
    void xxHashAgreesWithItsReference() {
        assertThat(xxHash("the quick brown fox jumps")).isEqualTo(Long.parseUnsignedLong("7797000677988824208"));
        assertThat(xxHash("")).isEqualTo(Long.parseUnsignedLong("17241709254077376921"));
    }

    @Test
    void xxHashOfEveryLengthAgreesWithSparksOfTheSameSeed() {
        forAll(100, gen -> {
            byte[] bytes = new byte[gen.between(0, gen.size())];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) gen.between(0, 255);
            }
            long expected =
                    net.jpountz.xxhash.XXHashFactory.safeInstance().hash64().hash(bytes, 0, bytes.length, 42);
            assertThat(XxHash64.hash(42, bytes, 0, bytes.length)).isEqualTo(expected);
        });
    }

    @Test
    void coefficientsAreThePublishedOnes() {
        assertThat(minHash.factor(0)).isEqualTo(775169054918279404L);
        assertThat(minHash.factor(1)).isEqualTo(1758426461858698313L);
        assertThat(minHash.factor(111)).isEqualTo(223865076026037746L);
        assertThat(minHash.offset(0)).isEqualTo(1062448801025099917L);
        assertThat(minHash.offset(1)).isEqualTo(1324811268927594100L);
        assertThat(minHash.offset(111)).isEqualTo(1097409548522419201L);
        assertThat(minHash.permute(0xdeadbeefcafebabeL, 0)).isEqualTo(2027636037652131767L);
    }

    @Test
    void aPermutationIsTheRemainderOfAnUnsignedNumber() {
        long modulus = (1L << 61) - 1;
        forAll(200, gen -> {
            long hash = gen.random().nextLong();
            int k = gen.between(0, Signature.HASHES - 1);
            long expected = Long.remainderUnsigned(hash * minHash.factor(k) + minHash.offset(k), modulus);
            assertThat(minHash.permute(hash, k)).isEqualTo(expected);
        });
    }

    @Test
    void theSignatureOfADocumentIsThatOfDatatrove() {
        Signature signature = minHash.signature(FOX).orElseThrow();
        assertThat(signature.minimum(0)).isEqualTo(85330943174081874L);
        assertThat(signature.minimum(1)).isEqualTo(184339147761722157L);
        assertThat(signature.minimum(2)).isEqualTo(302227827184868053L);
        assertThat(signature.minimum(111)).isEqualTo(3963570588256049L);
        long sum = 0;
        for (int k = 0; k < Signature.HASHES; k++) {
            sum += signature.minimum(k);
        }
        assertThat(sum).isEqualTo(Long.parseUnsignedLong("12413657609144563919"));
    }

    @Test
    void fewerThanFiveWordsHaveNoSignature() {
        assertThat(minHash.signature("")).isEmpty();
        assertThat(minHash.signature("one two three, four!")).isEmpty();
        assertThat(minHash.signature("one two three, four five!")).isPresent();
        assertThat(minHash.signature("... --- ... --- ... ---")).isEmpty();
    }

    @Test
    void whatSimplifyingRemovesDoesNotCount() {
        assertThat(minHash.signature("the QUICK brown f\u00f3x; jumps over the \"lazy\" dog -- 7.5 times"))
                .isEqualTo(minHash.signature(FOX));
    }

    @Test
    void signaturesSurviveTheirBytes() {
        Signature signature = minHash.signature(FOX).orElseThrow();
        assertThat(Signature.ofBytes(signature.toBytes())).isEqualTo(signature);
        assertThat(signature.bandKeys()).hasSize(Signature.BANDS).doesNotHaveDuplicates();
    }

    @Test
    void hugeWordsAndManyWordsGiveASignature() {
        assertThat(minHash.signature("x".repeat(1 << 20) + " a b c " + "y".repeat(1 << 20)))
                .isPresent();
        assertThat(minHash.signature("\uD800 \uDFFF \uD800 a \uDC00 \uD83E\uDD85"))
                .isPresent();
        assertThat(minHash.signature("one two three four five ".repeat(1 << 15)))
                .isEqualTo(minHash.signature("one two three four five ".repeat(2)));
    }

    @Test
    void theEstimateIsTheJaccardSimilarityOfTheShinglesWithinItsError() {
        for (double replaced : new double[] {0, 0.01, 0.02, 0.05, 0.1}) {
            double error = 0;
            int pairs = 40;
            for (int pair = 0; pair < pairs; pair++) {
                PlantedPair planted = PlantedPair.of(SeedStream.of(pair), 400, replaced);
                Signature left = minHash.signature(planted.original()).orElseThrow();
                Signature right = minHash.signature(planted.changed()).orElseThrow();
                error += left.similarity(right) - planted.jaccard();
            }
            // Standard error of one estimate <= 0.0473, of the mean of 40 <= 0.0075; four of these.
            assertThat(error / pairs).isCloseTo(0, within(0.03));
        }
    }

    @Test
    void plantedNearDuplicatesAreFoundAsOftenAsTheFormulaSays() {
        int pairs = 600;
        double expected = 0;
        double variance = 0;
        int found = 0;
        for (int pair = 0; pair < pairs; pair++) {
            PlantedPair planted = PlantedPair.of(SeedStream.of(1000 + pair), 200, 0.02 + 0.06 * pair / pairs);
            double p = 1 - Math.pow(1 - Math.pow(planted.jaccard(), Signature.ROWS), Signature.BANDS);
            expected += p;
            variance += p * (1 - p);
            List<Long> left =
                    minHash.signature(planted.original()).orElseThrow().bandKeys();
            List<Long> right =
                    minHash.signature(planted.changed()).orElseThrow().bandKeys();
            Set<Long> shared = new HashSet<>(left);
            shared.retainAll(new HashSet<>(right));
            found += shared.isEmpty() ? 0 : 1;
        }
        assertThat(expected).isBetween(0.2 * pairs, 0.8 * pairs);
        assertThat((double) found).isCloseTo(expected, within(4 * Math.sqrt(variance)));
    }

    /** A text and the same text with some words replaced, and the exact similarity of their shingles. */
    private record PlantedPair(String original, String changed, double jaccard) {
        static PlantedPair of(SeedStream random, int length, double replaced) {
            List<String> original = new ArrayList<>();
            List<String> changed = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                String word = word(random);
                original.add(word);
                changed.add(random.nextDouble() < replaced ? word(random) : word);
            }
            Set<List<String>> left = shingles(original);
            Set<List<String>> right = shingles(changed);
            Set<List<String>> both = new HashSet<>(left);
            both.retainAll(right);
            double jaccard = (double) both.size() / (left.size() + right.size() - both.size());
            return new PlantedPair(String.join(" ", original), String.join(" ", changed), jaccard);
        }

        private static String word(SeedStream random) {
            StringBuilder word = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            return word.toString();
        }

        private static Set<List<String>> shingles(List<String> words) {
            Set<List<String>> shingles = new HashSet<>();
            for (int i = 0; i + MinHash.SHINGLE_WORDS <= words.size(); i++) {
                shingles.add(List.copyOf(words.subList(i, i + MinHash.SHINGLE_WORDS)));
            }
            return shingles;
        }
    }
}
