package io.peregrine.data.sources;

import io.peregrine.data.Document;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Documents of JSON-lines files, read as a run reads them; faults are counted. */
public final class DocumentFiles {
    private DocumentFiles() {}

    /** What reading came to. */
    public record Read(long documents, long rejected) {}

    /**
     * Gives every document of the files to a consumer, file by file in the order of their names.
     *
     * @param paths files, folders and globs
     * @param fields JSON fields that make the text
     * @throws io.peregrine.data.DataException if a path names no file
     */
    public static Read forEach(List<String> paths, List<String> fields, Consumer<Document> consumer) {
        SourceConfig source = new SourceConfig(
                "documents",
                SourceKind.JSONL,
                "documents",
                paths,
                "not stated",
                Optional.empty(),
                Optional.of(fields),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        long documents = 0;
        long rejected = 0;
        for (InputFile file : InputFiles.of(source, Path.of(""))) {
            try (SourceReader reader = SourceReaders.open(source, file)) {
                while (reader.hasNext()) {
                    SourceItem item = reader.next();
                    if (item instanceof SourceItem.Accepted accepted) {
                        documents++;
                        consumer.accept(accepted.document());
                    } else if (item instanceof SourceItem.Rejected) {
                        rejected++;
                    }
                }
            }
        }
        return new Read(documents, rejected);
    }
}
