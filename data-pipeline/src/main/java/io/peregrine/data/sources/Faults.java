package io.peregrine.data.sources;

import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;
import org.netpreserve.jwarc.ParsingException;

/** What an exception from reading says about the file. */
final class Faults {
    private Faults() {}

    static RejectReason reason(IOException e) {
        if (e instanceof InflationBudget.ExceededException || e instanceof Compression.WindowException) {
            return RejectReason.INFLATION;
        }
        if (e instanceof EOFException) {
            return RejectReason.TRUNCATED;
        }
        if (e instanceof ZipException) {
            return RejectReason.DAMAGED;
        }
        if (e instanceof ParsingException) {
            return RejectReason.MALFORMED_RECORD;
        }
        return RejectReason.UNREADABLE;
    }

    static String detail(IOException e) {
        String name = e.getClass().getSimpleName();
        return e.getMessage() == null ? name : name + ": " + e.getMessage();
    }
}
