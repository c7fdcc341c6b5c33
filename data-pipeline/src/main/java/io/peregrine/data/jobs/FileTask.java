package io.peregrine.data.jobs;

import io.peregrine.data.sources.FilePart;
import io.peregrine.data.sources.InputFile;
import io.peregrine.data.sources.RecordColumns;
import io.peregrine.data.sources.SourceConfig;
import io.peregrine.data.sources.SourceKind;
import io.peregrine.data.sources.SourceLimits;
import io.peregrine.data.sources.SourceReader;
import io.peregrine.data.sources.SourceReaders;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One file to read, or a part of it, with all of its source's settings, in the plain fields that Java serialization takes to a task. */
final class FileTask implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final SourceKind kind;
    private final String domain;
    private final ArrayList<String> paths;
    private final String licence;
    private final String languageOrEmpty;
    private final ArrayList<String> fields;
    private final boolean ownColumns;
    private final ArrayList<String> columns;
    private final ArrayList<String> exclude;
    private final int maxDocumentBytes;
    private final int maxArchiveEntries;
    private final long maxInflatedBytes;
    private final int maxInflationRatio;
    private final long splitBytes;
    private final String origin;
    private final String repository;
    private final String path;
    private final FilePart part;
    private final long bytes;

    /** @param bytes size of the part, for spreading the work */
    FileTask(SourceConfig source, InputFile file, FilePart part, long bytes) {
        SourceLimits limits = source.limits().orElse(SourceLimits.DEFAULTS);
        this.name = source.name();
        this.kind = source.kind();
        this.domain = source.domain();
        this.paths = new ArrayList<>(source.paths());
        this.licence = source.licence();
        this.languageOrEmpty = source.language().orElse("");
        this.fields = new ArrayList<>(source.fields().orElse(List.of()));
        RecordColumns named = source.columns().orElse(RecordColumns.DEFAULTS);
        this.ownColumns = source.columns().isPresent();
        this.columns = Stream.of(
                        named.location(), named.repository(), named.version(), named.licence(), named.language())
                .map(name -> name.orElse(""))
                .collect(Collectors.toCollection(ArrayList::new));
        this.exclude = new ArrayList<>(source.exclude().orElse(List.of()));
        this.maxDocumentBytes = limits.maxDocumentBytes();
        this.maxArchiveEntries = limits.maxArchiveEntries();
        this.maxInflatedBytes = limits.maxInflatedBytes();
        this.maxInflationRatio = limits.maxInflationRatio();
        this.splitBytes = limits.splitBytes();
        this.origin = file.origin();
        this.repository = file.repository();
        this.part = part;
        this.path = file.path().toAbsolutePath().toString();
        this.bytes = bytes;
    }

    String source() {
        return name;
    }

    String origin() {
        return origin;
    }

    long bytes() {
        return bytes;
    }

    /** Byte of the file that the task begins at. */
    long start() {
        return part.start();
    }

    /** A reader for the task's part of the file. The caller closes it. */
    SourceReader open() {
        SourceConfig source = new SourceConfig(
                name,
                kind,
                domain,
                paths,
                licence,
                given(languageOrEmpty),
                Optional.<List<String>>of(fields).filter(list -> !list.isEmpty()),
                ownColumns ? Optional.of(columns()) : Optional.empty(),
                Optional.of(exclude),
                Optional.of(new SourceLimits(
                        maxDocumentBytes, maxArchiveEntries, maxInflatedBytes, maxInflationRatio, splitBytes)));
        return SourceReaders.open(source, new InputFile(name, origin, repository, Path.of(path)), part);
    }

    private RecordColumns columns() {
        return new RecordColumns(
                given(columns.get(0)),
                given(columns.get(1)),
                given(columns.get(2)),
                given(columns.get(3)),
                given(columns.get(4)));
    }

    private static Optional<String> given(String orEmpty) {
        return Optional.of(orEmpty).filter(value -> !value.isEmpty());
    }
}
