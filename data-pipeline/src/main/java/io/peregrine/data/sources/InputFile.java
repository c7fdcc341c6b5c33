package io.peregrine.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file of a source.
 *
 * @param source name of the source
 * @param origin name of the file in tables: its path as the run file would write it, with forward slashes
 * @param repository name of the repository whose tree the file is part of; empty if of none
 * @param path where it is
 */
public record InputFile(String source, String origin, String repository, Path path) {
    /** Size in bytes. */
    public long bytes() throws IOException {
        return Files.size(path);
    }

    InputStream open() throws IOException {
        return Files.newInputStream(path);
    }
}
