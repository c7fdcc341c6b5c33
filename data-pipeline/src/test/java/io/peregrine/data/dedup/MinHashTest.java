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

    private static final MinHashConfig SHAPE = MinHashConfig.DEFAULTS;
    private static final MinHashConfig SHA1 = new MinHashConfig(5, 14, 8, ShingleHash.SHA1, 1, MinHashDevice.JAVA);

    private final MinHash minHash = new MinHash();
    private final Coefficients coefficients = new Coefficients(1, 112);

    private static long hash(ShingleHash hash, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return hash.hasher().hash(bytes, 0, bytes.length);
    }

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
    void bothHashesOfAShingleAgreeWithTheirReferences() {
        assertThat(hash(ShingleHash.XXH64, "the quick brown fox jumps"))
                .isEqualTo(Long.parseUnsignedLong("7797000677988824208"));
        assertThat(hash(ShingleHash.SHA1, "the quick brown fox jumps"))
                .isEqualTo(Long.parseUnsignedLong("12313522834835307089"));
        assertThat(hash(ShingleHash.SHA1, "")).isEqualTo(Long.parseUnsignedLong("957977401221134810"));
        assertThat(hash(ShingleHash.SHA1, "the quick brown fox jumps") & 0xFFFFFFFFL)
                .isEqualTo(1208285777L);
        assertThat(hash(ShingleHash.SHA1, "") & 0xFFFFFFFFL).isEqualTo(4003674586L);
    }

    @Test
    void coefficientsAreThePublishedOnes() {
        long[] factors = coefficients.factors();
        long[] offsets = coefficients.offsets();
        assertThat(List.of(factors[0], factors[1], factors[111]))
                .containsExactly(775169054918279404L, 1758426461858698313L, 223865076026037746L);
        assertThat(List.of(offsets[0], offsets[1], offsets[111]))
                .containsExactly(1062448801025099917L, 1324811268927594100L, 1097409548522419201L);
        assertThat(coefficients.permute(0xdeadbeefcafebabeL, 0)).isEqualTo(2027636037652131767L);
    }

    @Test
    void aPermutationIsTheRemainderOfAnUnsignedNumber() {
        long[] factors = coefficients.factors();
        long[] offsets = coefficients.offsets();
        forAll(200, gen -> {
            long hash = gen.random().nextLong();
            int k = gen.between(0, 111);
            long expected = Long.remainderUnsigned(hash * factors[k] + offsets[k], Coefficients.MODULUS);
            assertThat(coefficients.permute(hash, k)).isEqualTo(expected);
        });
    }

    @Test
    void theKernelIsTheLeastRemainderForEveryNumberOfHashesAndAtTheEdgesOfTheRange() {
        try (MinimaKernel kernel = new JavaMinima(coefficients)) {
            forAll(60, gen -> {
                long[] hashes = new long[gen.size() + 1];
                for (int i = 0; i < hashes.length; i++) {
                    long edge = gen.between(-9, 9);
                    hashes[i] = gen.between(0, 3) == 0 ? edge : gen.random().nextLong();
                }
                int cut = gen.between(1, hashes.length);
                int[] ends = {cut, hashes.length};
                int documents = cut == hashes.length ? 1 : 2;
                long[] minima = new long[2 * 112];
                kernel.minima(hashes, ends, documents, minima);
                for (int k = 0; k < 112; k++) {
                    assertThat(minima[k]).isEqualTo(least(hashes, 0, cut, k));
                    if (documents == 2) {
                        assertThat(minima[112 + k]).isEqualTo(least(hashes, cut, hashes.length, k));
                    }
                }
            });
        }
    }

    private long least(long[] hashes, int from, int to, int permutation) {
        long least = Long.MAX_VALUE;
        for (int i = from; i < to; i++) {
            least = Math.min(least, coefficients.permute(hashes[i], permutation));
        }
        return least;
    }

    @Test
    void theKernelReducesValuesThatAreTheModulusItself() {
        int odd = 0;
        while ((coefficients.factors()[odd] & 1) == 0) {
            odd++;
        }
        long inverse = inverse(coefficients.factors()[odd]);
        long modulus = Coefficients.MODULUS;
        for (long wanted : new long[] {modulus - 1, modulus, modulus + 1, 7 * modulus, 8 * modulus, -1}) {
            long hash = (wanted - coefficients.offsets()[odd]) * inverse;
            long[] minima = new long[112];
            new JavaMinima(coefficients).minima(new long[] {hash}, new int[] {1}, 1, minima);
            assertThat(minima[odd]).isEqualTo(Long.remainderUnsigned(wanted, modulus));
        }
    }

    /** The inverse of an odd number modulo 2^64: each of Newton's steps doubles the bits that are right. */
    private static long inverse(long odd) {
        long inverse = odd;
        for (int i = 0; i < 6; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    private static long sum(Signature signature) {
        long sum = 0;
        for (int k = 0; k < signature.hashes(); k++) {
            sum += signature.minimum(k);
        }
        return sum;
    }

    @Test
    void theSignatureOfADocumentIsThatOfDatatrove() {
        assertThat(minHash.shingles(FOX)).hasSize(7);
        Signature signature = minHash.signature(FOX).orElseThrow();
        assertThat(signature.minimum(0)).isEqualTo(85330943174081874L);
        assertThat(signature.minimum(1)).isEqualTo(184339147761722157L);
        assertThat(signature.minimum(2)).isEqualTo(302227827184868053L);
        assertThat(signature.minimum(111)).isEqualTo(3963570588256049L);
        assertThat(sum(signature)).isEqualTo(Long.parseUnsignedLong("12413657609144563919"));
    }

    @Test
    void theSignatureWithSha1IsThatOfDatatrove() {
        Signature signature = new MinHash(SHA1).signature(FOX).orElseThrow();
        assertThat(signature.minimum(0)).isEqualTo(585594454516184072L);
        assertThat(signature.minimum(1)).isEqualTo(276445938039553087L);
        assertThat(signature.minimum(2)).isEqualTo(594234408324153881L);
        assertThat(signature.minimum(111)).isEqualTo(722676529346087910L);
        assertThat(sum(signature)).isEqualTo(Long.parseUnsignedLong("17468870074904787431"));
    }

    @Test
    void theTableOfPublishedSchemesFollowsFromTheFormula() {
        // Bands, rows and P at s = .5 .6 .7 .75 .8 .85 .9, rounded to three places as published.
        double[][] schemes = {
            {14, 8, .053, .211, .565, .772, .924, .988, 1.0},
            {450, 20, .000, .016, .302, .761, .995, 1.0, 1.0},
            {20, 13, .002, .026, .177, .382, .677, .924, .997},
            {25, 10, .024, .141, .511, .765, .942, .996, 1.0}
        };
        double[] similarities = {.5, .6, .7, .75, .8, .85, .9};
        for (double[] scheme : schemes) {
            MinHashConfig shape =
                    new MinHashConfig(5, (int) scheme[0], (int) scheme[1], ShingleHash.XXH64, 1, MinHashDevice.JAVA);
            for (int i = 0; i < similarities.length; i++) {
                assertThat(shape.probabilityOfSharingABand(similarities[i]))
                        .as("%s at %s", shape.shape(), similarities[i])
                        .isCloseTo(scheme[i + 2], within(0.00101));
            }
        }
    }

    @Test
    void aBatchGivesTheSignaturesOfItsDocumentsInOrder() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            texts.add(PlantedPair.of(SeedStream.of(i), 1 + 13 * i % 60, 0).original());
        }
        try (SignatureBatch batch = new SignatureBatch(SHAPE, new JavaMinima(coefficients))) {
            for (int round = 0; round < 2; round++) {
                texts.forEach(batch::add);
                assertThat(batch.size()).isEqualTo(40);
                assertThat(batch.take())
                        .isEqualTo(texts.stream().map(minHash::signature).toList());
            }
            assertThat(batch.take()).isEmpty();
        }
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
        assertThat(signature.bandKeys(SHAPE.rows())).hasSize(SHAPE.bands()).doesNotHaveDuplicates();
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
            double p = 1 - Math.pow(1 - Math.pow(planted.jaccard(), SHAPE.rows()), SHAPE.bands());
            expected += p;
            variance += p * (1 - p);
            List<Long> left =
                    minHash.signature(planted.original()).orElseThrow().bandKeys(SHAPE.rows());
            List<Long> right =
                    minHash.signature(planted.changed()).orElseThrow().bandKeys(SHAPE.rows());
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
            for (int i = 0; i + SHAPE.shingleWords() <= words.size(); i++) {
                shingles.add(List.copyOf(words.subList(i, i + SHAPE.shingleWords())));
            }
            return shingles;
        }
    }
}
