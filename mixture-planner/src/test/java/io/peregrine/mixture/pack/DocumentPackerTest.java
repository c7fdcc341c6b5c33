package io.peregrine.mixture.pack;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.testing.ForAll.Gen;
import io.peregrine.mixture.PackingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DocumentPackerTest {
    private static final SeedStream SEED = SeedStream.of(11);

    @ParameterizedTest
    @EnumSource(PackingMode.class)
    void everyTokenIsInOnePieceAndThePiecesOfADocumentAreInOrder(PackingMode mode) {
        forAll(300, gen -> {
            int sequenceLength = gen.between(2, 2 + gen.size());
            int[] lengths = lengths(gen, 3 * sequenceLength);
            Packing packing = DocumentPacker.of(mode, sequenceLength).pack(lengths, seed(gen));
            assertThat(packing.documents()).isEqualTo(lengths.length);
            assertThat(packing.tokens())
                    .isEqualTo(Arrays.stream(lengths).asLongStream().sum());
            for (int document = 0; document < lengths.length; document++) {
                int at = 0;
                int sequence = -1;
                for (int piece = packing.firstPiece(document); piece < packing.firstPiece(document + 1); piece++) {
                    assertThat(packing.from(piece)).isEqualTo(at);
                    assertThat(packing.sequence(piece)).isGreaterThan(sequence);
                    at += packing.length(piece);
                    sequence = packing.sequence(piece);
                }
                assertThat(at).isEqualTo(lengths[document]);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(PackingMode.class)
    void sequencesAreNotEmptyNotTooLongAndOnlyTheirFirstPieceContinues(PackingMode mode) {
        forAll(300, gen -> {
            int sequenceLength = gen.between(2, 2 + gen.size());
            Packing packing = DocumentPacker.of(mode, sequenceLength).pack(lengths(gen, 3 * sequenceLength), seed(gen));
            List<List<Integer>> slots = new ArrayList<>();
            int[] filled = new int[packing.sequences()];
            for (int sequence = 0; sequence < filled.length; sequence++) {
                slots.add(new ArrayList<>());
            }
            for (int piece = 0; piece < packing.pieces(); piece++) {
                slots.get(packing.sequence(piece)).add(packing.slot(piece));
                filled[packing.sequence(piece)] += packing.length(piece);
                assertThat(packing.from(piece) > 0 && packing.slot(piece) > 0)
                        .as("piece %d continues in the middle", piece)
                        .isFalse();
            }
            assertThat(Arrays.stream(filled)).allMatch(tokens -> tokens > 0 && tokens <= sequenceLength);
            slots.forEach(s -> assertThat(s)
                    .containsExactlyElementsOf(java.util.stream.IntStream.range(0, s.size())
                            .boxed()
                            .toList()));
        });
    }

    @Test
    void bestFitCutsOnlyWhatDoesNotFit() {
        forAll(200, gen -> {
            int sequenceLength = gen.between(2, 2 + gen.size());
            int[] lengths = lengths(gen, 3 * sequenceLength);
            Packing packing = new BestFitPacker(sequenceLength).pack(lengths, seed(gen));
            for (int document = 0; document < lengths.length; document++) {
                assertThat(packing.firstPiece(document + 1) - packing.firstPiece(document))
                        .isEqualTo((lengths[document] + sequenceLength - 1) / sequenceLength);
            }
        });
    }

    @Test
    void bestFitNeedsAsManySequencesAsTheNaiveAlgorithm() {
        forAll(200, gen -> {
            int sequenceLength = gen.between(2, 2 + gen.size());
            int[] lengths = lengths(gen, sequenceLength);
            Packing packing = new BestFitPacker(sequenceLength).pack(lengths, seed(gen));
            assertThat(packing.sequences()).isEqualTo(naiveBestFit(lengths, sequenceLength));
        });
    }

    @Test
    void concatFillsAllSequencesButTheLast() {
        forAll(200, gen -> {
            int sequenceLength = gen.between(2, 2 + gen.size());
            int[] lengths = lengths(gen, 3 * sequenceLength);
            Packing packing = new ConcatPacker(sequenceLength).pack(lengths, SEED);
            assertThat(packing.sequences()).isEqualTo((int) ((packing.tokens() + sequenceLength - 1) / sequenceLength));
        });
    }

    @Test
    void bestFitFillsLogNormalLengthsAlmostWholly() {
        SeedStream random = SeedStream.of(3);
        int[] lengths = new int[100_000];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = (int) Math.max(1, StrictMath.exp(6.2 + 1.1 * random.nextGaussian()));
        }
        Packing packing = new BestFitPacker(8192).pack(lengths, SEED);
        assertThat(packing.tokens() / (8192.0 * packing.sequences())).isGreaterThan(0.999);
    }

    @Test
    void sequencesAreShuffledSoThatNeighboursAreNotOfOneLength() {
        int[] lengths = new int[1000];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = 501 + i % 400;
        }
        Packing packing = new BestFitPacker(1000).pack(lengths, SEED.child("a"));
        double sumOfFirstHalf = 0;
        for (int piece = 0; piece < packing.pieces(); piece++) {
            sumOfFirstHalf += packing.sequence(piece) < 500 ? packing.length(piece) : 0;
        }
        assertThat(sumOfFirstHalf / packing.tokens()).isEqualTo(0.5, within(0.02));
        Packing other = new BestFitPacker(1000).pack(lengths, SEED.child("b"));
        assertThat(packing.sequence(0) == other.sequence(0) && packing.sequence(1) == other.sequence(1))
                .as("another seed, another order")
                .isFalse();
    }

    @Test
    void aDocumentOfExactlyOneSequenceIsNotCut() {
        Packing packing = new BestFitPacker(10).pack(new int[] {10, 20, 25}, SEED);
        assertThat(packing.sequences()).isEqualTo(6);
        assertThat(packing.firstPiece(1)).isEqualTo(1);
        assertThat(packing.length(packing.firstPiece(2)))
                .as("what exceeds comes first")
                .isEqualTo(5);
    }

    @Test
    void nothingGivesNothing() {
        for (PackingMode mode : PackingMode.values()) {
            Packing packing = DocumentPacker.of(mode, 10).pack(new int[0], SEED);
            assertThat(packing.sequences()).isZero();
            assertThat(packing.pieces()).isZero();
        }
    }

    private static int naiveBestFit(int[] lengths, int sequenceLength) {
        List<Integer> rooms = new ArrayList<>();
        int[] sorted = lengths.clone();
        Arrays.sort(sorted);
        for (int i = sorted.length - 1; i >= 0; i--) {
            int best = -1;
            for (int bin = 0; bin < rooms.size(); bin++) {
                boolean fits = rooms.get(bin) >= sorted[i];
                if (fits && (best < 0 || rooms.get(bin) < rooms.get(best))) {
                    best = bin;
                }
            }
            if (best < 0) {
                rooms.add(sequenceLength - sorted[i]);
            } else {
                rooms.set(best, rooms.get(best) - sorted[i]);
            }
        }
        return rooms.size();
    }

    private static int[] lengths(Gen gen, int longest) {
        int[] lengths = new int[gen.between(0, 3 * gen.size())];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = gen.between(1, Math.max(1, longest));
        }
        return lengths;
    }

    private static SeedStream seed(Gen gen) {
        return SeedStream.of(gen.between(0, 1000));
    }
}
