package io.peregrine.data.lists;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A list in a file: one entry a line, UTF-8, plain or gzip.
 *
 * <p>Surrounding whitespace, empty lines and comments do not count; a comment begins with {@code #} at the start of a line
 * or after whitespace. Nothing is passed over in silence: a file that is missing, empty, too large or not UTF-8 is an error.
 */
public final class ListFile {
    private ListFile() {}

    /**
     * The entries, in the order of the file.
     *
     * @param bytesMax most bytes that the file may hold, after inflation
     * @throws DataException if there is no such list
     */
    public static List<String> read(Path file, long bytesMax) {
        List<String> entries = new ArrayList<>();
        content(file, bytesMax)
                .lines()
                .map(ListFile::withoutComment)
                .filter(line -> !line.isEmpty())
                .forEach(entries::add);
        if (entries.isEmpty()) {
            throw new DataException("%s: a list must have an entry; take it out of the settings".formatted(file));
        }
        return entries;
    }

    /**
     * The names of a list of hosts. A line that begins with an IP address and goes on is one of a hosts file, and its
     * entries are the names after the address; any other line is one entry.
     */
    public static List<String> readHosts(Path file, long bytesMax) {
        List<String> hosts = new ArrayList<>();
        for (String line : read(file, bytesMax)) {
            String[] fields = line.split("\\s+", -1);
            boolean addressed = fields.length > 1 && looksLikeAddress(fields[0]);
            if (addressed) {
                hosts.addAll(List.of(fields).subList(1, fields.length));
            } else {
                hosts.add(line);
            }
        }
        return hosts;
    }

    /** SHA-256 of the files, in order: changes exactly if a list does. */
    public static String digest(List<String> files) {
        PayloadDigest digest = new PayloadDigest().list(files.size());
        for (String file : files) {
            digest.add(file).add(bytes(Path.of(file), Long.MAX_VALUE));
        }
        return digest.hex();
    }

    private static boolean looksLikeAddress(String field) {
        return field.indexOf(':') >= 0 || field.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static String withoutComment(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) == '#' && (i == 0 || Character.isWhitespace(line.charAt(i - 1)))) {
                return line.substring(0, i).strip();
            }
        }
        return line.strip();
    }

    private static String content(Path file, long bytesMax) {
        byte[] bytes = bytes(file, bytesMax);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new DataException("%s: must be UTF-8 (%s); convert the list".formatted(file, e.getMessage()), e);
        }
    }

    private static byte[] bytes(Path file, long bytesMax) {
        try (InputStream in = inflated(new BufferedInputStream(Files.newInputStream(file)))) {
            return upTo(in, bytesMax)
                    .orElseThrow(() ->
                            new DataException("%s: holds more than %d bytes; raise list-bytes-max or split the list"
                                    .formatted(file, bytesMax)));
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no such list; correct its path in the settings".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }

    private static InputStream inflated(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new GZIPInputStream(in) : in;
    }

    private static Optional<byte[]> upTo(InputStream in, long bytesMax) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (bytes.size() + (long) n > bytesMax) {
                return Optional.empty();
            }
            bytes.write(buffer, 0, n);
        }
        return Optional.of(bytes.toByteArray());
    }
}
