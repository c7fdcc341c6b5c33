package io.peregrine.data.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.code.licence.LicenceFinder;
import io.peregrine.data.code.licence.RepositoryLicences;
import io.peregrine.data.code.repo.RepositoryConfig;
import io.peregrine.data.code.repo.RepositoryFile;
import io.peregrine.data.code.repo.RepositoryPacker;
import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.CodeLanguages;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of files, sorted by repository, to rows of documents. One repository is in memory at a time.
 *
 * <p>The first row of a repository has the counts of what was left out; one whose files are all empty has a row without an
 * id for them.
 */
final class RepositoryRows implements Iterator<Row> {
    static final StructType SCHEMA = new StructType(DocumentRows.SCHEMA.fields())
            .add("first", DataTypes.BooleanType, false)
            .add("files", DataTypes.LongType, false)
            .add("empty", DataTypes.LongType, false)
            .add("over_files", DataTypes.LongType, false)
            .add("over_characters", DataTypes.LongType, false)
            .add("same_path", DataTypes.LongType, false);

    private final Iterator<Row> rows;
    private final RepositoryConfig config;
    private final RepositoryPacker packer;
    private final LicenceFinder finder = new LicenceFinder();
    private final Deque<Row> ready = new ArrayDeque<>();
    private Optional<Document> ahead = Optional.empty();

    RepositoryRows(Iterator<Row> rows, RepositoryConfig config) {
        this.rows = rows;
        this.config = config;
        this.packer = new RepositoryPacker(config);
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && (ahead.isPresent() || rows.hasNext())) {
            pack();
        }
        return !ready.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all repositories are read");
        }
        return ready.remove();
    }

    /** Collects the files of the next repository and makes its documents. */
    private void pack() {
        Document first = ahead.orElseGet(() -> DocumentRows.fromRow(rows.next()));
        ahead = Optional.of(first);
        TreeMap<String, Document> files = new TreeMap<>();
        long characters = 0;
        long empty = 0;
        long overCharacters = 0;
        long samePath = 0;
        while (ahead.isPresent() && sameRepository(first, ahead.get())) {
            Document file = ahead.get();
            ahead = rows.hasNext() ? Optional.of(DocumentRows.fromRow(rows.next())) : Optional.empty();
            if (file.text().isBlank()) {
                empty++;
            } else if (files.containsKey(file.location())) {
                samePath++;
            } else if (characters + file.text().length() > config.repositoryCharactersMax()) {
                overCharacters++;
            } else {
                characters += file.text().length();
                files.put(file.location(), file);
            }
        }
        List<RepositoryFile> list = files(files);
        List<RepositoryPacker.Packed> packed = packer.pack(list);
        long overFiles = packer.leftOut(list);
        for (RepositoryPacker.Packed document : packed) {
            boolean head = document.part() == 1;
            ready.add(
                    head
                            ? row(
                                    document(first, document),
                                    true,
                                    document.files(),
                                    empty,
                                    overFiles,
                                    overCharacters,
                                    samePath)
                            : row(document(first, document), false, document.files(), 0, 0, 0, 0));
        }
        if (packed.isEmpty()) {
            ready.add(RowFactory.create(
                    "",
                    first.source(),
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    true,
                    0L,
                    empty,
                    overFiles,
                    overCharacters,
                    samePath));
        }
    }

    private static boolean sameRepository(Document a, Document b) {
        return a.source().equals(b.source()) && a.repository().equals(b.repository());
    }

    private List<RepositoryFile> files(Map<String, Document> documents) {
        Map<String, String> licenceFiles = new TreeMap<>();
        documents.forEach((path, document) -> {
            if (config.findLicences() && LicenceFinder.isLicenceFile(path)) {
                licenceFiles.put(path, document.text());
            }
        });
        RepositoryLicences licences = new RepositoryLicences(licenceFiles, "", finder);
        List<RepositoryFile> files = new ArrayList<>();
        documents.forEach((path, document) -> {
            Optional<CodeLanguage> language =
                    CodeLanguages.of(path, document.text()).or(() -> CodeLanguages.named(document.language()));
            String name = language.map(CodeLanguage::name).orElse(document.language());
            files.add(new RepositoryFile(path, name, licence(document, language, licences), document.text()));
        });
        return files;
    }

    private String licence(Document document, Optional<CodeLanguage> language, RepositoryLicences licences) {
        if (!config.findLicences()) {
            return document.licence();
        }
        String found = licences.of(document.location(), finder.ofHeader(document.text(), language));
        return found.isEmpty() ? document.licence() : found;
    }

    private static Document document(Document first, RepositoryPacker.Packed packed) {
        String location = first.repository() + "#" + packed.part();
        return Document.of(
                        first.source(),
                        RepositoryJob.DOMAIN,
                        first.origin(),
                        location,
                        packed.language(),
                        packed.text())
                .withRepository(first.repository())
                .withLicence(packed.licence());
    }

    private static Row row(
            Document document,
            boolean first,
            long files,
            long empty,
            long overFiles,
            long overCharacters,
            long samePath) {
        return RowFactory.create(
                document.id(),
                document.source(),
                document.domain(),
                document.origin(),
                document.location(),
                document.repository(),
                document.licence(),
                document.language(),
                document.text(),
                first,
                files,
                empty,
                overFiles,
                overCharacters,
                samePath);
    }
}
