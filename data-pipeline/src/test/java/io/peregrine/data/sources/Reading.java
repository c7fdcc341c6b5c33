package io.peregrine.data.sources;

import com.github.luben.zstd.Zstd;
import io.peregrine.data.Document;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What a reader gave for one file, sorted out for assertions; and the files that tests need. */
record Reading(List<Document> documents, List<SourceItem.Rejected> rejected, Map<SkipReason, Integer> skipped) {
    /** Reads one file of a source of this kind. */
    static Reading of(SourceKind kind, Path file) {
        return of(source(kind), file);
    }

    static Reading of(SourceConfig source, Path file) {
        return of(source, file, List.of(FilePart.WHOLE));
    }

    /** Reads a file in the parts that a step of so many bytes cuts it into. */
    static Reading inParts(SourceKind kind, long splitBytes, Path file) {
        SourceLimits d = SourceLimits.DEFAULTS;
        SourceConfig source = source(
                kind,
                new SourceLimits(
                        d.maxDocumentBytes(),
                        d.maxArchiveEntries(),
                        d.maxInflatedBytes(),
                        d.maxInflationRatio(),
                        splitBytes));
        return of(source, file, FileParts.of(source, input(source, file)));
    }

    private static InputFile input(SourceConfig source, Path file) {
        return new InputFile(source.name(), file.getFileName().toString(), "", file);
    }

    private static Reading of(SourceConfig source, Path file, List<FilePart> parts) {
        Reading reading = new Reading(new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
        for (FilePart part : parts) {
            try (SourceReader reader = SourceReaders.open(source, input(source, file), part)) {
                while (reader.hasNext()) {
                    reading.add(reader.next());
                }
            }
        }
        return reading;
    }

    private void add(SourceItem item) {
        if (item instanceof SourceItem.Accepted accepted) {
            documents.add(accepted.document());
        } else if (item instanceof SourceItem.Rejected fault) {
            rejected.add(fault);
        } else {
            skipped.merge(((SourceItem.Skipped) item).reason(), 1, Integer::sum);
        }
    }

    List<String> texts() {
        return documents.stream().map(Document::text).toList();
    }

    List<String> locations() {
        return documents.stream().map(Document::location).toList();
    }

    List<RejectReason> reasons() {
        return rejected.stream().map(SourceItem.Rejected::reason).toList();
    }

    static SourceConfig source(SourceKind kind) {
        return source(kind, SourceLimits.DEFAULTS);
    }

    static SourceConfig source(SourceKind kind, SourceLimits limits) {
        return new SourceConfig(
                "test",
                kind,
                "web",
                List.of("in"),
                "CC0-1.0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(limits));
    }

    static SourceConfig withFields(SourceKind kind, String... fields) {
        return new SourceConfig(
                "test",
                kind,
                "web",
                List.of("in"),
                "CC0-1.0",
                Optional.empty(),
                Optional.of(List.of(fields)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static SourceConfig excluding(SourceKind kind, String... globs) {
        return new SourceConfig(
                "test",
                kind,
                "web",
                List.of("in"),
                "CC0-1.0",
                Optional.of("en"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(List.of(globs)),
                Optional.empty());
    }

    /** The default limits with another largest document. */
    static SourceLimits maxDocumentBytes(int bytes) {
        SourceLimits defaults = SourceLimits.DEFAULTS;
        return new SourceLimits(
                bytes,
                defaults.maxArchiveEntries(),
                defaults.maxInflatedBytes(),
                defaults.maxInflationRatio(),
                defaults.splitBytes());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] zstd(byte[] content) {
        return Zstd.compress(content);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Entries by name, in the map's order. */
    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Path write(Path file, byte[] content) {
        try {
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
