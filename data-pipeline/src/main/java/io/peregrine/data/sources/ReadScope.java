package io.peregrine.data.sources;

import io.peregrine.data.Document;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;

/** What every reader of one file knows: the source, its limits, the file. Makes the items that it gives. */
final class ReadScope {
    private final SourceConfig source;
    private final SourceLimits limits;
    private final InputFile file;
    private final List<PathMatcher> excluded;

    ReadScope(SourceConfig source, SourceLimits limits, InputFile file) {
        this.source = source;
        this.limits = limits;
        this.file = file;
        this.excluded = source.exclude().orElse(List.of()).stream()
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
    }

    SourceConfig source() {
        return source;
    }

    SourceLimits limits() {
        return limits;
    }

    InputFile file() {
        return file;
    }

    /** Whether the source leaves a path out. */
    boolean excludes(String path) {
        return excluded.stream().anyMatch(matcher -> matcher.matches(Path.of(path)));
    }

    /**
     * A document, or a rejection if nothing is left of its text.
     *
     * @param location where in the file, as the document shows it
     * @param language what the document says of itself, or {@link Document#UNDETERMINED}; the source's own language wins
     */
    SourceItem document(String location, String language, String text) {
        String clean = WellFormedText.of(text);
        if (clean.isBlank()) {
            return rejected(location, RejectReason.NO_TEXT, "nothing but white space");
        }
        return new SourceItem.Accepted(Document.of(
                        source.name(),
                        source.domain(),
                        file.origin(),
                        WellFormedText.of(location),
                        source.language().orElse(language),
                        clean)
                .withLicence(source.licence()));
    }

    SourceItem.Rejected rejected(String position, RejectReason reason, String detail) {
        return new SourceItem.Rejected(
                source.name(), file.origin(), WellFormedText.of(position), reason, WellFormedText.of(detail));
    }

    SourceItem tooLarge(String position) {
        return rejected(
                position,
                RejectReason.TOO_LARGE,
                "more than max-document-bytes = %d bytes".formatted(limits.maxDocumentBytes()));
    }
}
