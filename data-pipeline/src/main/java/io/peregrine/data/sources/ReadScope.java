package io.peregrine.data.sources;

import io.peregrine.data.Document;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;

/** What every reader of one file knows: the source, its limits, the file. Makes the items that it gives. */
final class ReadScope {
    private final SourceConfig source;
    private final SourceLimits limits;
    private final InputFile file;
    private final FilePart part;
    private final List<PathMatcher> excluded;
    private final String repository;
    private final String licence;

    ReadScope(SourceConfig source, InputFile file, FilePart part) {
        this(
                source,
                file,
                part,
                source.exclude().orElse(List.of()).stream()
                        .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                        .toList(),
                file.repository(),
                source.licence());
    }

    private ReadScope(
            SourceConfig source,
            InputFile file,
            FilePart part,
            List<PathMatcher> excluded,
            String repository,
            String licence) {
        this.source = source;
        this.limits = source.limits().orElse(SourceLimits.DEFAULTS);
        this.file = file;
        this.part = part;
        this.excluded = excluded;
        this.repository = repository;
        this.licence = licence;
    }

    /** The same scope for what is of a repository, or under a licence, of its own. */
    ReadScope ofRecord(Optional<String> ownRepository, Optional<String> ownLicence) {
        return new ReadScope(
                source,
                file,
                part,
                excluded,
                ownRepository.map(WellFormedText::of).orElse(repository),
                ownLicence.map(WellFormedText::of).orElse(licence));
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

    /** What of the file is to be read. */
    FilePart part() {
        return part;
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
                .withRepository(repository)
                .withLicence(licence));
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
