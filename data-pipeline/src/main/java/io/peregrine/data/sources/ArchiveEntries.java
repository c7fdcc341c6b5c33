package io.peregrine.data.sources;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/** A cursor over the entries of an archive: zip by its directory or its stream, tar by its stream. */
abstract class ArchiveEntries implements Closeable {
    private static final int TAR_BLOCK_BYTES = 512;
    private static final int TAR_MAGIC_AT = 257;
    private static final String TAR_MAGIC = "ustar";
    private static final Pattern TAR_NAME =
            Pattern.compile("\\.(tar|tgz|tzst|tar\\.[a-z0-9]{1,4})$", Pattern.CASE_INSENSITIVE);

    private final InflationBudget budget;
    private final Optional<String> damage;

    ArchiveEntries(InflationBudget budget, Optional<String> damage) {
        this.budget = budget;
        this.damage = damage;
    }

    /** Opens an archive as what its first bytes say it is. */
    static ArchiveEntries open(ReadScope scope) throws IOException {
        InflationBudget budget =
                new InflationBudget(scope.limits(), scope.file().bytes());
        return isTar(scope.file()) ? TarEntries.open(scope.file(), budget) : ZipEntries.open(scope.file(), budget);
    }

    /** By the first bytes: what is no zip, and whose inflated first block has a tar's magic or whose name says so. */
    private static boolean isTar(InputFile file) throws IOException {
        byte[] head = new byte[TAR_BLOCK_BYTES];
        int n = 0;
        try (InputStream raw = file.open();
                InputStream in = Compression.inflated(raw, InflationBudget.unlimited())) {
            n = in.readNBytes(head, 0, head.length);
        } catch (ZipException | EOFException e) {
            // Not even the first block can be had; the name has to say what it was to be.
            return TAR_NAME.matcher(file.origin()).find();
        }
        if (n >= 2 && head[0] == 'P' && head[1] == 'K') {
            return false;
        }
        String magic = new String(head, TAR_MAGIC_AT, TAR_MAGIC.length(), StandardCharsets.ISO_8859_1);
        return magic.equals(TAR_MAGIC) || TAR_NAME.matcher(file.origin()).find();
    }

    /** What is wrong with the archive's directory, if something is. */
    final Optional<String> damage() {
        return damage;
    }

    /** The inflated bytes of the current entry, counted against the limits of the file. */
    final InputStream content() throws IOException {
        return budget.guard(inflated());
    }

    /** Steps to the next entry; false at the end. */
    abstract boolean next() throws IOException;

    abstract String name();

    abstract boolean isDirectory();

    /** Whether the entry is a link, a device or another thing without content of its own. */
    boolean isSpecial() {
        return false;
    }

    abstract InputStream inflated() throws IOException;

    /** Whether the entries after a damaged one can be found. */
    abstract boolean survivesDamage();

    /** Makes this the last entry. */
    abstract void stop();
}
