package io.peregrine.data.filters.ngrams;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RepetitionTest {
    private static Pieces pieces(String... words) {
        Pieces pieces = new Pieces();
        for (String word : words) {
            pieces.add(word, 0, word.length());
        }
        return pieces;
    }

    @Test
    void lengthsAreCodePoints() {
        Pieces pieces = pieces("ab", "\uD835\uDC00b", "");
        assertThat(pieces.length(0)).isEqualTo(2);
        assertThat(pieces.length(1)).isEqualTo(2);
        assertThat(pieces.length(2)).isZero();
        assertThat(pieces.length()).isEqualTo(4);
        pieces.add("\uDC00\uDC00", 0, 2);
        assertThat(pieces.length(3)).as("halves that pair with nothing").isEqualTo(2);
    }

    @Test
    void equalPiecesHaveEqualHashesWhereverTheyStand() {
        Pieces pieces = new Pieces();
        pieces.add("one two one", 0, 3);
        pieces.add("one two one", 8, 11);
        pieces.add("one two one", 4, 7);
        assertThat(pieces.hash(0)).isEqualTo(pieces.hash(1)).isNotEqualTo(pieces.hash(2));
    }

    @Test
    void theMostFrequentIsTheFirstOrTheLongestAmongEquals() {
        Repetition repetition = new Repetition().count(pieces("a", "b", "long", "word", "a", "b", "long", "word"), 2);
        assertThat(repetition.topCount()).isEqualTo(2);
        assertThat(repetition.firstTopLength()).isEqualTo(2);
        assertThat(repetition.longestTopLength()).isEqualTo(8);
        assertThat(repetition.distinct()).isEqualTo(4);
        assertThat(repetition.countsByFirstSight()).containsExactly(2, 2, 2, 1);
    }

    @Test
    void coveredPiecesCountOnceAndRepeatedOnesEachTime() {
        Repetition repetition = new Repetition().count(pieces("a", "a", "a", "b"), 2);
        assertThat(repetition.repeated()).isEqualTo(2);
        assertThat(repetition.repeatedLength()).isEqualTo(4);
        assertThat(repetition.coveredLength()).isEqualTo(3);
        assertThat(repetition.allLength()).isEqualTo(6);
    }

    @Test
    void aTextShorterThanOneNgramHasNone() {
        Repetition repetition = new Repetition().count(pieces("a", "b"), 3);
        assertThat(repetition.ngrams()).isZero();
        assertThat(repetition.topCount()).isZero();
        assertThat(repetition.coveredLength()).isZero();
        assertThat(new Repetition().count(new Pieces(), 1).distinct()).isZero();
    }

    @Test
    void bordersBetweenPiecesMatter() {
        assertThat(new Repetition().count(pieces("ab", "c", "x", "a", "bc"), 2).repeated())
                .isZero();
    }

    @Test
    void oneTableServesTextsOfAllSizesAndAgreesWithAMap() {
        Repetition repetition = new Repetition();
        forAll(200, gen -> {
            List<String> words = new ArrayList<>();
            int count = gen.between(0, 30 * gen.size());
            for (int i = 0; i < count; i++) {
                words.add("w".repeat(1 + gen.between(0, 3)));
            }
            int n = gen.between(1, 5);
            repetition.count(pieces(words.toArray(String[]::new)), n);
            assertThat(answers(repetition)).isEqualTo(expected(words, n));
        });
    }

    private static List<Long> answers(Repetition r) {
        return List.of(
                (long) r.distinct(),
                (long) r.topCount(),
                r.firstTopLength(),
                r.longestTopLength(),
                (long) r.repeated(),
                r.repeatedLength(),
                r.coveredLength());
    }

    private static List<Long> expected(List<String> words, int n) {
        Map<List<String>, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i + n <= words.size(); i++) {
            counts.merge(words.subList(i, i + n), 1, Integer::sum);
        }
        int top = counts.values().stream().mapToInt(c -> c).max().orElse(0);
        long first = counts.entrySet().stream()
                .filter(e -> e.getValue() == top)
                .mapToLong(e -> length(e.getKey()))
                .findFirst()
                .orElse(0);
        long longest = counts.entrySet().stream()
                .filter(e -> e.getValue() == top)
                .mapToLong(e -> length(e.getKey()))
                .max()
                .orElse(0);
        TreeSet<Integer> covered = new TreeSet<>();
        long repeated = 0;
        long repeatedLength = 0;
        for (int i = 0; i + n <= words.size(); i++) {
            List<String> ngram = words.subList(i, i + n);
            if (counts.get(ngram) > 1) {
                repeated++;
                repeatedLength += length(ngram);
                for (int j = i; j < i + n; j++) {
                    covered.add(j);
                }
            }
        }
        long coveredLength =
                covered.stream().mapToLong(i -> words.get(i).length()).sum();
        return List.of((long) counts.size(), (long) top, first, longest, repeated, repeatedLength, coveredLength);
    }

    private static long length(List<String> words) {
        return words.stream().mapToLong(String::length).sum();
    }
}
