package io.peregrine.data.language;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Writes small models in fastText's format, as the description of {@code data.language} states it. */
final class FastTextWriter {
    int magic = 793712314;
    int version = 12;
    int dimension = 3;
    int wordGroups = 1;
    int loss = 3;
    int model = 3;
    int bucket = 7;
    int shortest = 2;
    int longest = 3;
    List<String> words = List.of("</s>", "hello");
    List<String> labels = List.of("__label__en", "__label__fra_Latn", "__label__zho_Hans");
    long[] labelCounts = {5, 3, 1};
    int[][] pruned = null;
    /** Rows are written as codes of one centroid for each value of a part: exact, if there are at most 256. */
    boolean quantized;

    float[][] input;
    float[][] output;

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

    /** Rows that differ from one another and are no round numbers. */
    static float[][] rows(int rows, int columns, double scale) {
        float[][] values = new float[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[i][j] = (float) (scale * Math.sin(1 + 3.7 * i + 1.3 * j));
            }
        }
        return values;
    }

    byte[] toBytes() {
        if (input == null) {
            input = rows(words.size() + (pruned == null ? bucket : pruned.length), dimension, 1);
        }
        if (output == null) {
            output = rows(labels.size(), dimension, 2);
        }
        bytes.clear();
        bytes.putInt(magic).putInt(version);
        for (int arg : new int[] {dimension, 5, 5, 1, 5, wordGroups, loss, model, bucket, shortest, longest, 100}) {
            bytes.putInt(arg);
        }
        bytes.putDouble(1e-4);
        bytes.putInt(words.size() + labels.size()).putInt(words.size()).putInt(labels.size());
        bytes.putLong(99).putLong(pruned == null ? -1 : pruned.length);
        for (String word : words) {
            entry(word, 10, 0);
        }
        for (int i = 0; i < labels.size(); i++) {
            entry(labels.get(i), labelCounts[i], 1);
        }
        for (int[] pair : pruned == null ? new int[0][] : pruned) {
            bytes.putInt(pair[0]).putInt(pair[1]);
        }
        bytes.put((byte) (quantized ? 1 : 0));
        matrix(input, quantized);
        bytes.put((byte) 0);
        matrix(output, false);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("model.bin"), toBytes());
    }

    private void entry(String text, long count, int type) {
        bytes.put(text.getBytes(StandardCharsets.UTF_8))
                .put((byte) 0)
                .putLong(count)
                .put((byte) type);
    }

    private void matrix(float[][] rows, boolean asCodes) {
        if (asCodes) {
            codes(rows);
            return;
        }
        bytes.putLong(rows.length).putLong(rows[0].length);
        for (float[] row : rows) {
            for (float value : row) {
                bytes.putFloat(value);
            }
        }
    }

    /** Parts of two columns, the last of what is left; row i has code i, and norm code 255 - i for a norm of i + 1. */
    private void codes(float[][] rows) {
        int columns = rows[0].length;
        int parts = (columns + 1) / 2;
        bytes.put((byte) 1).putLong(rows.length).putLong(columns).putInt(rows.length * parts);
        for (int i = 0; i < rows.length * parts; i++) {
            bytes.put((byte) (i / parts));
        }
        int lastWidth = columns - 2 * (parts - 1);
        bytes.putInt(columns).putInt(parts).putInt(2).putInt(lastWidth);
        for (int part = 0; part < parts; part++) {
            for (int code = 0; code < 256; code++) {
                for (int i = 0; i < (part == parts - 1 ? lastWidth : 2); i++) {
                    bytes.putFloat(code < rows.length ? rows[code][2 * part + i] / (code + 1) : 0);
                }
            }
        }
        for (int i = 0; i < rows.length; i++) {
            bytes.put((byte) (255 - i));
        }
        bytes.putInt(1).putInt(1).putInt(1).putInt(1);
        for (int code = 0; code < 256; code++) {
            bytes.putFloat(256 - code);
        }
    }
}
