package io.peregrine.data.filters.words;

import com.huaban.analysis.jieba.JiebaSegmenter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** jieba's dictionary and model, which the jieba-analysis jar holds at its root. Its code is not used: it cuts otherwise. */
final class JiebaFiles {
    private JiebaFiles() {}

    /**
     * The lines of a file.
     *
     * @param digest SHA-256 of the file that is meant; the names are such that another jar may have one
     */
    static List<String> lines(String name, String digest) {
        try (InputStream in = JiebaSegmenter.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " of jieba-analysis is not on the class path");
            }
            byte[] bytes = in.readAllBytes();
            String found = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            if (!found.equals(digest)) {
                throw new IllegalStateException(
                        name + " on the class path is not that of jieba-analysis 1.0.2: SHA-256 " + found);
            }
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " of jieba-analysis cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
