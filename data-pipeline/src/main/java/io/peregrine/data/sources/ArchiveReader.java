package io.peregrine.data.sources;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A zip, jar or tar archive whose entries are contents. Links, devices and the like are passed over.
 *
 * <p>A zip archive without a readable directory (a broken download) is reported, and what its stream still yields is used.
 * A damaged entry costs itself. Archives inside archives are not opened.
 */
final class ArchiveReader extends SourceReader {
    private static final Set<String> ARCHIVES =
            Set.of("zip", "jar", "war", "ear", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar");

    private final ContentFormat format;
    private Optional<ArchiveEntries> entries = Optional.empty();
    private Optional<ContentFormat.Content> content = Optional.empty();
    private String entry = "";
    private int entriesSeen;

    /** @param scope of the archive's repository, where it is one */
    ArchiveReader(ReadScope scope, ContentFormat format) {
        super(scope);
        this.format = format;
    }

    @Override
    Optional<SourceItem> advance() throws IOException {
        if (entries.isEmpty()) {
            ArchiveEntries opened = ArchiveEntries.open(scope);
            entries = Optional.of(opened);
            if (opened.damage().isPresent()) {
                return Optional.of(scope.rejected(
                        "directory", RejectReason.DAMAGED, opened.damage().get()));
            }
        }
        if (content.isPresent()) {
            Optional<SourceItem> item = fromContent(content.get());
            if (item.isPresent()) {
                return item;
            }
            content = Optional.empty();
        }
        return nextEntry(entries.get());
    }

    private Optional<SourceItem> nextEntry(ArchiveEntries archive) throws IOException {
        while (archive.next()) {
            if (archive.isDirectory()) {
                continue;
            }
            entry = archive.name();
            if (++entriesSeen > scope.limits().maxArchiveEntries()) {
                archive.stop();
                return Optional.of(scope.rejected(
                        entry,
                        RejectReason.TOO_MANY_ENTRIES,
                        "more than max-archive-entries = %d"
                                .formatted(scope.limits().maxArchiveEntries())));
            }
            if (isUnsafe(entry)) {
                return Optional.of(scope.rejected(
                        entry, RejectReason.UNSAFE_PATH, "the name of an entry must stay inside its archive"));
            }
            Optional<SkipReason> skipped = skips(archive, entry);
            if (skipped.isPresent()) {
                return Optional.of(new SourceItem.Skipped(skipped.get()));
            }
            Optional<SourceItem> item = firstItem(archive);
            if (item.isPresent()) {
                return item;
            }
        }
        return Optional.empty();
    }

    private Optional<SourceItem> firstItem(ArchiveEntries archive) throws IOException {
        try {
            content = Optional.of(format.open(scope, entry, archive.content()));
        } catch (IOException e) {
            return Optional.of(entryFault(e));
        }
        return fromContent(content.get());
    }

    private Optional<SourceItem> fromContent(ContentFormat.Content opened) throws IOException {
        try {
            return opened.next();
        } catch (IOException e) {
            content = Optional.empty();
            return Optional.of(entryFault(e));
        }
    }

    /** A fault inside one entry leaves the others readable, if the archive finds them by its directory. */
    private SourceItem entryFault(IOException e) throws IOException {
        if (e instanceof InflationBudget.ExceededException
                || !entries.orElseThrow().survivesDamage()) {
            throw e;
        }
        return scope.rejected(entry, Faults.reason(e), Faults.detail(e));
    }

    private Optional<SkipReason> skips(ArchiveEntries archive, String name) {
        if (archive.isSpecial()) {
            return Optional.of(SkipReason.SPECIAL_ENTRY);
        }
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (ARCHIVES.contains(extension)) {
            return Optional.of(SkipReason.NESTED_ARCHIVE);
        }
        return scope.excludes(name) ? Optional.of(SkipReason.EXCLUDED) : format.skips(name);
    }

    private static boolean isUnsafe(String name) {
        if (name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf(':') == 1) {
            return true;
        }
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                return true;
            }
        }
        return name.chars().anyMatch(Character::isISOControl);
    }

    @Override
    String position() {
        return entry;
    }

    @Override
    void release() throws IOException {
        if (entries.isPresent()) {
            entries.get().close();
        }
    }
}
