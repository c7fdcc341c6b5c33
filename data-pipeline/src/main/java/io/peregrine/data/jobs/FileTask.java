package io.peregrine.data.jobs;

import io.peregrine.data.sources.InputFile;
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

/** One file to read, with all of its source's settings, in the plain fields that Java serialization takes to a task. */
final class FileTask implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final SourceKind kind;
    private final String domain;
    private final ArrayList<String> paths;
    private final String licence;
    private final String languageOrEmpty;
    private final ArrayList<String> fields;
    private final ArrayList<String> exclude;
    private final int maxDocumentBytes;
    private final int maxArchiveEntries;
    private final long maxInflatedBytes;
    private final int maxInflationRatio;
    private final String origin;
    private final String path;
    private final long bytes;

    /** @param bytes size of the file, for spreading the work */
    FileTask(SourceConfig source, InputFile file, long bytes) {
        SourceLimits limits = source.limits().orElse(SourceLimits.DEFAULTS);
        this.name = source.name();
        this.kind = source.kind();
        this.domain = source.domain();
        this.paths = new ArrayList<>(source.paths());
        this.licence = source.licence();
        this.languageOrEmpty = source.language().orElse("");
        this.fields = new ArrayList<>(source.fields().orElse(List.of()));
        this.exclude = new ArrayList<>(source.exclude().orElse(List.of()));
        this.maxDocumentBytes = limits.maxDocumentBytes();
        this.maxArchiveEntries = limits.maxArchiveEntries();
        this.maxInflatedBytes = limits.maxInflatedBytes();
        this.maxInflationRatio = limits.maxInflationRatio();
        this.origin = file.origin();
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

    /** A reader for the file. The caller closes it. */
    SourceReader open() {
        SourceConfig source = new SourceConfig(
                name,
                kind,
                domain,
                paths,
                licence,
                Optional.of(languageOrEmpty).filter(language -> !language.isEmpty()),
                Optional.<List<String>>of(fields).filter(list -> !list.isEmpty()),
                Optional.of(exclude),
                Optional.of(
                        new SourceLimits(maxDocumentBytes, maxArchiveEntries, maxInflatedBytes, maxInflationRatio)));
        return SourceReaders.open(source, new InputFile(name, origin, Path.of(path)));
    }
}
