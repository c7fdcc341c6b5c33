package io.peregrine.data.tokenizer;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The merges learned so far, in a file that outlives a crash: a line that says of which counts and settings, then a line
 * of three ids for each merge. Every {@value #EVERY} merges are forced to disk. A line that a crash cut short does not count.
 */
public final class MergeJournal {
    /** Merges between two writes. */
    static final int EVERY = 1_000;

    /** Keeps nothing. */
    static final MergeJournal NONE = new MergeJournal(null, List.of());

    private final Path file;
    private final List<TokenizerModel.Merge> merges;
    private int written;

    private MergeJournal(Path file, List<TokenizerModel.Merge> merges) {
        this.file = file;
        this.merges = List.copyOf(merges);
        this.written = merges.size();
    }

    /**
     * Opens a journal.
     *
     * @param file of an earlier attempt, or of none yet
     * @param digest of all that the merges depend on; merges of another digest are forgotten
     */
    static MergeJournal open(Path file, String digest) {
        try {
            List<TokenizerModel.Merge> merges = read(file, digest);
            StringBuilder content = new StringBuilder(digest).append('\n');
            merges.forEach(merge -> append(content, merge));
            Files.createDirectories(file.toAbsolutePath().getParent());
            AtomicFiles.write(file, content.toString().getBytes(StandardCharsets.US_ASCII));
            return new MergeJournal(file, merges);
        } catch (IOException e) {
            throw new DataException("%s: cannot keep the merges: %s".formatted(file, e), e);
        }
    }

    private static List<TokenizerModel.Merge> read(Path file, String digest) throws IOException {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        String[] lines = content.substring(0, content.lastIndexOf('\n') + 1).split("\n");
        if (!lines[0].equals(digest)) {
            return List.of();
        }
        List<TokenizerModel.Merge> merges = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            String[] ids = lines[i].split(" ");
            try {
                merges.add(new TokenizerModel.Merge(
                        Integer.parseInt(ids[0]), Integer.parseInt(ids[1]), Integer.parseInt(ids[2])));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new DataException(
                        "%s, line %d: '%s' is no merge; delete the file and start again"
                                .formatted(file, i + 1, lines[i]),
                        e);
            }
        }
        return merges;
    }

    /** The merges that were learned before. */
    List<TokenizerModel.Merge> merges() {
        return merges;
    }

    /** Told of all merges after each new one. */
    void note(List<TokenizerModel.Merge> all) {
        if (all.size() - written >= EVERY) {
            write(all);
        }
    }

    /** Writes what is not written yet. */
    void finish(List<TokenizerModel.Merge> all) {
        write(all);
    }

    private void write(List<TokenizerModel.Merge> all) {
        if (file == null || written == all.size()) {
            return;
        }
        StringBuilder content = new StringBuilder();
        all.subList(written, all.size()).forEach(merge -> append(content, merge));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
            ByteBuffer buffer = ByteBuffer.wrap(content.toString().getBytes(StandardCharsets.US_ASCII));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        written = all.size();
    }

    private static void append(StringBuilder content, TokenizerModel.Merge merge) {
        content.append(merge.left())
                .append(' ')
                .append(merge.right())
                .append(' ')
                .append(merge.merged())
                .append('\n');
    }
}
