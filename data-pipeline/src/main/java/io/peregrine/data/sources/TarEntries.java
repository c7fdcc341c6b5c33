package io.peregrine.data.sources;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The entries of a tar archive, plain, gzip or zstd, in its order.
 *
 * <p>A tar has no directory, so what follows damage is lost. What is passed over has to be inflated and counts as read.
 */
final class TarEntries extends ArchiveEntries {
    private static final int BLOCK_BYTES = 512;

    private final TarArchiveInputStream tar;
    private Optional<TarArchiveEntry> current = Optional.empty();
    private boolean stopped;

    private TarEntries(InflationBudget budget, TarArchiveInputStream tar) {
        super(budget, Optional.empty());
        this.tar = tar;
    }

    /** @param budget counts the holes of sparse entries too, which take no bytes of the archive */
    static TarEntries open(InputFile file, InflationBudget budget) throws IOException {
        InputStream raw = new BufferedInputStream(file.open(), BoundedBytes.SEGMENT_BYTES);
        // Two budgets of the same size: one for the archive, one for what its entries give.
        InputStream inflated;
        try {
            inflated = Compression.inflated(raw, budget.copy());
        } catch (IOException e) {
            raw.close();
            throw e;
        }
        return new TarEntries(budget, new TarArchiveInputStream(inflated, "UTF-8"));
    }

    @Override
    boolean next() throws IOException {
        if (stopped) {
            return false;
        }
        boolean first = current.isEmpty();
        try {
            current = Optional.ofNullable(tar.getNextEntry());
            // The library takes anything for a header.
            if (first ? !isTar() : current.isPresent() && !current.get().isCheckSumOK()) {
                throw new ZipException("no tar header with a sound checksum");
            }
        } catch (RuntimeException e) {
            throw new ZipException("bad tar header: " + e.getMessage());
        } catch (IOException e) {
            throw named(e);
        }
        return current.isPresent();
    }

    /** Whether the first header is sound, or the archive soundly empty. */
    private boolean isTar() {
        return current.map(TarArchiveEntry::isCheckSumOK).orElse(tar.getBytesRead() >= BLOCK_BYTES);
    }

    private static IOException named(IOException e) {
        String message = String.valueOf(e.getMessage());
        // The library has no types for these.
        if (message.startsWith("Truncated") || message.startsWith("Unexpected EOF")) {
            return new EOFException(message);
        }
        return message.startsWith("Corrupted TAR") || message.startsWith("Error detected")
                ? new ZipException(message)
                : e;
    }

    @Override
    String name() {
        return current.orElseThrow().getName();
    }

    @Override
    boolean isDirectory() {
        return current.orElseThrow().isDirectory();
    }

    @Override
    boolean isSpecial() {
        TarArchiveEntry entry = current.orElseThrow();
        return entry.isSymbolicLink()
                || entry.isLink()
                || entry.isBlockDevice()
                || entry.isCharacterDevice()
                || entry.isFIFO();
    }

    @Override
    InputStream inflated() {
        return new FilterInputStream(tar) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                int n = read(one, 0, 1);
                return n < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    return in.read(buffer, offset, length);
                } catch (IOException e) {
                    throw named(e);
                }
            }

            @Override
            public void close() {
                // The entries behind this one are still to be read.
            }
        };
    }

    @Override
    boolean survivesDamage() {
        return false;
    }

    @Override
    void stop() {
        stopped = true;
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
