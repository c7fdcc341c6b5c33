package io.peregrine.trainer.export;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A file of an export, as it was written.
 *
 * @param name its name in the export's folder
 * @param bytes its size
 * @param sha256 its SHA-256, 64 hexadecimal digits
 */
record OutputFile(String name, long bytes, String sha256) {
    private static final int READ_BYTES = 1 << 18;

    OutputFile {
        if (!name.matches("[a-z0-9][a-z0-9.-]*") || bytes < 0 || !sha256.matches("[0-9a-f]{64}")) {
            throw new DataException(
                    "'%s' with %d bytes and the digest '%s': not a file of an export".formatted(name, bytes, sha256));
        }
    }

    /** Whether the folder has the file, byte for byte. Reads it whole if it has the right size. */
    boolean isIntact(Path folder) throws IOException {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file)
                && Files.size(file) == bytes
                && sha256(file).equals(sha256);
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = PayloadDigest.sha256();
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
