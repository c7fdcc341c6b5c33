package io.peregrine.trainer.model;

import io.peregrine.trainer.ops.Resets;
import io.peregrine.trainer.ops.Segments;

/**
 * What happens at the start of a document when several are packed into one sequence.
 *
 * @param parts which parts of the model stop there
 * @param ssmReset how the scan stops, if it does
 */
public record DocumentBoundaries(Parts parts, SsmReset ssmReset) {
    /** All parts stop, exactly: packed documents compute what each would alone. */
    public static final DocumentBoundaries ALL = all(SsmReset.EXACT);

    /** Which parts of the model stop; each case adds one to that before. */
    public enum Parts {
        /** None: a sequence is one stream of tokens. */
        NONE,
        /** The state of the scan. */
        SCAN,
        /** The state of the scan and the taps of the convolution. */
        SCAN_AND_CONV,
        /** All, attention too. The rule for training. */
        ALL
    }

    /** All parts stop, the scan in this way. */
    public static DocumentBoundaries all(SsmReset ssmReset) {
        return new DocumentBoundaries(Parts.ALL, ssmReset);
    }

    /** Where the convolution stops, in sequences of one document ({@code whole}) or of several. */
    Segments conv(Segments whole, Segments documents) {
        return parts.compareTo(Parts.SCAN_AND_CONV) >= 0 ? documents : whole;
    }

    /** The same of the scan. */
    Resets scan(Segments whole, Segments documents) {
        if (parts == Parts.NONE) {
            return Resets.exact(whole);
        }
        return ssmReset == SsmReset.EXACT ? Resets.exact(documents) : Resets.byBias(documents);
    }

    /** The same of attention. */
    Segments attention(Segments whole, Segments documents) {
        return parts == Parts.ALL ? documents : whole;
    }
}
