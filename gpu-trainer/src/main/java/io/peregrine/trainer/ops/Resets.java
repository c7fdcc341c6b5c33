package io.peregrine.trainer.ops;

import java.util.Optional;

/**
 * Where a scan forgets: which tokens its state never reaches, and by what the logarithm of its decay is lowered.
 *
 * <p>Thread: immutable.
 *
 * @param segments beyond whose borders nothing flows; exact
 * @param biased at whose starts {@link #BIAS} is added to {@code dt A}; inside {@code segments}, of the same size
 */
public record Resets(Segments segments, Optional<Segments> biased) {
    /** {@code exp(-80) = 1.8e-35}: what a state from before is multiplied by, far below a rounding of what is added to it. */
    public static final double BIAS = -80;

    public Resets {
        biased.ifPresent(it -> requireSameSize(segments, it));
    }

    /** The state is 0 before a document's first token. */
    public static Resets exact(Segments documents) {
        return new Resets(documents, Optional.empty());
    }

    /** Sequences are one stream to the scan, whose state decays by {@link #BIAS} more at a document's first token. */
    public static Resets byBias(Segments documents) {
        return new Resets(Segments.whole(documents.batch(), documents.seqLen()), Optional.of(documents));
    }

    /** Whether the state is 0 before this token. */
    public boolean clears(int sequence, int position) {
        return segments.start(sequence, position) == position;
    }

    /** What is added to {@code dt A} of this token: {@link #BIAS} or 0. */
    public double bias(int sequence, int position) {
        boolean starts = biased.isPresent() && biased.get().start(sequence, position) == position;
        return starts ? BIAS : 0;
    }

    /** Number of sequences. */
    public int batch() {
        return segments.batch();
    }

    /** Tokens per sequence. */
    public int seqLen() {
        return segments.seqLen();
    }

    private static void requireSameSize(Segments one, Segments other) {
        if (one.batch() != other.batch() || one.seqLen() != other.seqLen()) {
            throw new IllegalArgumentException("resets: biased is %d x %d tokens, must be %d x %d as segments are"
                    .formatted(other.batch(), other.seqLen(), one.batch(), one.seqLen()));
        }
    }
}
