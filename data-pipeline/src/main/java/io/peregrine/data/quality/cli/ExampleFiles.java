package io.peregrine.data.quality.cli;

import io.peregrine.data.Document;
import io.peregrine.data.sources.InputFile;
import io.peregrine.data.sources.InputFiles;
import io.peregrine.data.sources.SourceConfig;
import io.peregrine.data.sources.SourceItem;
import io.peregrine.data.sources.SourceKind;
import io.peregrine.data.sources.SourceReader;
import io.peregrine.data.sources.SourceReaders;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Documents of JSON-lines files, read as a run reads them; faults are counted. */
final class ExampleFiles {
    private ExampleFiles() {}

    /** What reading came to. */
    record Read(long documents, long rejected) {}

    /**
     * Gives every document of the files to a consumer, file by file in the order of their names.
     *
     * @param paths files, folders and globs
     * @param fields JSON fields that make the text
     * @throws io.peregrine.data.DataException if a path names no file
     */
    static Read forEach(List<String> paths, List<String> fields, Consumer<Document> consumer) {
        SourceConfig source = new SourceConfig(
                "examples",
                SourceKind.JSONL,
                "examples",
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
