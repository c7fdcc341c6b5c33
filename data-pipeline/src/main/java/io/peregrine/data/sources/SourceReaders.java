package io.peregrine.data.sources;

import java.io.IOException;
import java.util.Optional;

/** Which reader reads which file. */
public final class SourceReaders {
    private SourceReaders() {}

    /**
     * A reader for one file of a source. Nothing is opened before its first item is asked for.
     *
     * @param source the source that the file belongs to
     */
    public static SourceReader open(SourceConfig source, InputFile file) {
        return open(source, file, FilePart.WHOLE);
    }

    /**
     * A reader for a part of one file.
     *
     * @param part one of {@link FileParts#of}
     */
    public static SourceReader open(SourceConfig source, InputFile file, FilePart part) {
        ReadScope scope = new ReadScope(source, file, part);
        if (isEmpty(file)) {
            return new EmptyReader(scope);
        }
        return switch (source.kind()) {
            case JSONL, HTML_JSONL -> new JsonLinesReader(scope);
            case PARQUET -> new ParquetRowsReader(scope);
            case HTML -> new FileReader(scope, new PageFormat());
            case HTML_ARCHIVE -> new ArchiveReader(ofArchive(scope), new PageFormat());
            case CODE_ARCHIVE ->
                ArchiveNames.isArchive(file.origin())
                        ? new ArchiveReader(ofArchive(scope), new CodeFormat())
                        : new FileReader(scope, new CodeFormat());
            case WARC -> new WarcFileReader(scope);
            case TEXT -> new FileReader(scope, new TextFormat());
            case LANGUAGETOOL_EXAMPLES -> new ArchiveReader(scope, new LanguageToolFormat());
        };
    }

    private static ReadScope ofArchive(ReadScope scope) {
        return scope.ofRecord(Optional.of(ArchiveNames.repository(scope.file().origin())), Optional.empty());
    }

    /** Whether a file has no bytes; one that cannot be looked at will say so when it is opened. */
    private static boolean isEmpty(InputFile file) {
        try {
            return file.bytes() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static final class EmptyReader extends SourceReader {
        private boolean told;

        EmptyReader(ReadScope scope) {
            super(scope);
        }

        @Override
        Optional<SourceItem> advance() {
            if (told) {
                return Optional.empty();
            }
            told = true;
            return Optional.of(scope.rejected(position(), RejectReason.EMPTY_FILE, "the file has 0 bytes"));
        }

        @Override
        String position() {
            return "byte 0";
        }

        @Override
        void release() {}
    }
}
