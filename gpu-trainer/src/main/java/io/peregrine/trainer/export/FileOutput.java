package io.peregrine.trainer.export;

import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is there whole or not at all: written under a temporary name, forced to disk and moved. */
final class FileOutput extends DigestedOutput {
    private final Path file;
    private final Path temporary;
    private final FileChannel channel;

    FileOutput(Path folder, String name) throws IOException {
        super(name);
        this.file = folder.resolve(name);
        this.temporary = folder.resolve("." + name + ".tmp");
        this.channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    @Override
    void write(ByteBuffer full) throws IOException {
        while (full.hasRemaining()) {
            channel.write(full);
        }
    }

    /** Makes the file real. */
    OutputFile finish() throws IOException {
        OutputFile written = digested();
        channel.force(true);
        channel.close();
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        AtomicFiles.forceFolder(file.toAbsolutePath().getParent());
        return written;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
