package io.peregrine.data.language;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Rows of floats, stored as they are or quantised. Immutable, shared by all threads. */
sealed interface FastTextMatrix permits FastTextMatrix.Dense, FastTextQuantizedMatrix {
    int rows();

    int columns();

    /** Adds a row to a vector. */
    void addTo(float[] vector, int row);

    /** Product of a row and a vector, summed from left to right in single precision as the original does. */
    float dot(float[] vector, int row);

    /** Reads either kind. */
    static FastTextMatrix read(FastTextFile file, boolean quantized) throws IOException {
        return quantized ? FastTextQuantizedMatrix.read(file) : Dense.read(file);
    }

    /** Floats in the file itself: mapped, so that a model of gigabytes costs only the pages that texts touch. */
    final class Dense implements FastTextMatrix {
        private static final long PART_BYTES = 1 << 30;
        private static final int COLUMNS_MOST = 1 << 14;

        private final List<FloatBuffer> parts;
        private final int rowsPerPart;
        private final int rows;
        private final int columns;

        private Dense(List<FloatBuffer> parts, int rowsPerPart, int rows, int columns) {
            this.parts = List.copyOf(parts);
            this.rowsPerPart = rowsPerPart;
            this.rows = rows;
            this.columns = columns;
        }

        static Dense read(FastTextFile file) throws IOException {
            int rows = file.readLongCount("matrix rows", Integer.MAX_VALUE);
            int columns = file.readLongCount("matrix columns", COLUMNS_MOST);
            file.promise((long) Float.BYTES * rows * columns);
            int rowBytes = Math.max(1, Float.BYTES * columns);
            int rowsPerPart = (int) (PART_BYTES / rowBytes);
            List<FloatBuffer> parts = new ArrayList<>();
            for (long row = 0; row < rows; row += rowsPerPart) {
                parts.add(file.map(Math.min(rowsPerPart, rows - row) * rowBytes).asFloatBuffer());
            }
            return new Dense(parts, rowsPerPart, rows, columns);
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public int columns() {
            return columns;
        }

        @Override
        public void addTo(float[] vector, int row) {
            FloatBuffer part = parts.get(row / rowsPerPart);
            int from = row % rowsPerPart * columns;
            for (int i = 0; i < columns; i++) {
                vector[i] += part.get(from + i);
            }
        }

        @Override
        public float dot(float[] vector, int row) {
            FloatBuffer part = parts.get(row / rowsPerPart);
            int from = row % rowsPerPart * columns;
            float sum = 0;
            for (int i = 0; i < columns; i++) {
                sum += part.get(from + i) * vector[i];
            }
            return sum;
        }
    }
}
