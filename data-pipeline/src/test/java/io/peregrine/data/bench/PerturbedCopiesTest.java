package io.peregrine.data.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.dedup.MinHash;
import io.peregrine.data.dedup.Signature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerturbedCopiesTest {
    private static final int COUNT = 600;

    private static List<String> copies(double nearShare, long seed) {
        EnglishProse prose = new EnglishProse(1);
        List<String> originals = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            originals.add(prose.page(1_000));
        }
        PerturbedCopies copies = new PerturbedCopies(originals, nearShare, seed);
        List<String> made = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            made.add(copies.next());
        }
        return made;
    }

    private static double[] similarities(List<String> texts, boolean toTheOneBefore) {
        MinHash minHash = new MinHash();
        List<Signature> signatures = texts.stream()
                .map(text -> minHash.signature(text).orElseThrow())
                .toList();
        double[] similarities = new double[texts.size() - 1];
        for (int i = 1; i < texts.size(); i++) {
            similarities[i - 1] = signatures.get(i).similarity(signatures.get(toTheOneBefore ? i - 1 : i % 50));
        }
        return similarities;
    }

    @Test
    void theShareOfNearDuplicatesIsThatAskedFor() {
        List<String> texts = copies(0.25, 1);
        assertThat(new HashSet<>(texts)).hasSize(COUNT);
        int near = 0;
        for (double similarity : similarities(texts, true)) {
            assertThat(similarity).matches(value -> value < 0.3 || value > 0.7, "is clearly one or the other");
            near += similarity > 0.7 ? 1 : 0;
        }
        assertThat(near).isBetween(110, 190);
    }

    @Test
    void copiesOfOneOriginalAreNoNearDuplicates() {
        double[] similarities = similarities(copies(0, 1), false);
        for (int i = 50; i < similarities.length; i++) {
            assertThat(similarities[i]).isLessThan(0.3);
        }
    }

    @Test
    void allAreOfTheFirstIfAllAreNear() {
        assertThat(copies(1, 1)).allMatch(text -> text.length() > 500).doesNotHaveDuplicates();
    }

    @Test
    void equalSeedsGiveEqualDocuments() {
        assertThat(copies(0.1, 5)).isEqualTo(copies(0.1, 5)).isNotEqualTo(copies(0.1, 6));
    }

    @Test
    void aShareIsBetweenNoneAndAll() {
        assertThatThrownBy(() -> new PerturbedCopies(List.of("a"), 1.5, 1))
                .hasMessage("share of near duplicates must be 0 to 1, is 1.5");
        assertThatThrownBy(() -> new PerturbedCopies(List.of(), 0, 1)).hasMessage("no originals");
    }
}
