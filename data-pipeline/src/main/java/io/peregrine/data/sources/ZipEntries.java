package io.peregrine.data.sources;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * The entries of a zip archive: by its directory, or, where that is damaged, by its stream.
 *
 * <p>Names that do not say that they are UTF-8 are read as ISO 8859-1, which never fails.
 */
final class ZipEntries {
    private ZipEntries() {}

    /** Opens the archive by its directory if it has a sound one. */
    static ArchiveEntries open(InputFile file, InflationBudget budget) throws IOException {
        try {
            return new ByDirectory(budget, new ZipFile(file.path().toFile(), StandardCharsets.ISO_8859_1));
        } catch (ZipException e) {
            InputStream in = new BufferedInputStream(file.open());
            return new ByStream(budget, e.getMessage(), new ZipInputStream(in, StandardCharsets.ISO_8859_1));
        }
    }

    private static final class ByDirectory extends ArchiveEntries {
        private final ZipFile zip;
        private final Enumeration<? extends ZipEntry> entries;
        private Optional<ZipEntry> current = Optional.empty();
        private Optional<InputStream> open = Optional.empty();
        private boolean stopped;

        ByDirectory(InflationBudget budget, ZipFile zip) {
            super(budget, Optional.empty());
            this.zip = zip;
            this.entries = zip.entries();
        }

        @Override
        boolean next() throws IOException {
            closeEntry();
            if (stopped || !entries.hasMoreElements()) {
                return false;
            }
            current = Optional.of(entries.nextElement());
            return true;
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
        InputStream inflated() throws IOException {
            open = Optional.of(zip.getInputStream(current.orElseThrow()));
            return open.get();
        }

        @Override
        boolean survivesDamage() {
            return true;
        }

        @Override
        void stop() {
            stopped = true;
        }

        private void closeEntry() throws IOException {
            if (open.isPresent()) {
                open.get().close();
                open = Optional.empty();
            }
        }

        @Override
        public void close() throws IOException {
            closeEntry();
            zip.close();
        }
    }

    private static final class ByStream extends ArchiveEntries {
        private final ZipInputStream zip;
        private Optional<ZipEntry> current = Optional.empty();
        private boolean stopped;

        ByStream(InflationBudget budget, String damage, ZipInputStream zip) {
            super(budget, Optional.of(damage));
            this.zip = zip;
        }

        @Override
        boolean next() throws IOException {
            if (stopped) {
                return false;
            }
            if (current.isPresent()) {
                // The rest of an entry has to be inflated to find the next one, so it counts too.
                InputStream rest = content();
                byte[] buffer = new byte[BoundedBytes.SEGMENT_BYTES];
                while (rest.read(buffer) >= 0) {}
            }
            try {
                current = Optional.ofNullable(zip.getNextEntry());
            } catch (IllegalArgumentException e) {
                // Names flagged as UTF-8 that are not; the JDK does not make an IOException of them.
                throw new ZipException("bad entry name: " + e.getMessage());
            }
            return current.isPresent();
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
        InputStream inflated() {
            return zip;
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
            zip.close();
        }
    }
}
