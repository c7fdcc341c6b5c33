package io.peregrine.data.language;

import java.io.IOException;
import java.util.Optional;

/** Rows as codes of product quantisation (arXiv:1612.03651), with or without quantised norms. */
final class FastTextQuantizedMatrix implements FastTextMatrix {
    private static final int COLUMNS_MOST = 1 << 14;

    private final int rows;
    private final int columns;
    private final byte[] codes;
    private final Codebook codebook;
    private final Optional<Norms> norms;

    private FastTextQuantizedMatrix(int rows, int columns, byte[] codes, Codebook codebook, Optional<Norms> norms) {
        this.rows = rows;
        this.columns = columns;
        this.codes = codes;
        this.codebook = codebook;
        this.norms = norms;
    }

    static FastTextQuantizedMatrix read(FastTextFile file) throws IOException {
        boolean withNorms = file.readFlag("qnorm");
        int rows = file.readLongCount("matrix rows", Integer.MAX_VALUE);
        int columns = file.readLongCount("matrix columns", COLUMNS_MOST);
        byte[] codes = file.readBytes(file.readCount("codesize", Integer.MAX_VALUE));
        Codebook codebook = Codebook.read(file);
        if (codebook.dimension != columns || codes.length != (long) rows * codebook.parts) {
            throw file.broken("%d codes for %d parts of %d columns must fit %d rows of %d columns"
                    .formatted(codes.length, codebook.parts, codebook.dimension, rows, columns));
        }
        Optional<Norms> norms = Optional.empty();
        if (withNorms) {
            byte[] normCodes = file.readBytes(rows);
            Codebook normBook = Codebook.read(file);
            if (normBook.dimension != 1) {
                throw file.broken("norms of dimension %d must have dimension 1".formatted(normBook.dimension));
            }
            norms = Optional.of(new Norms(normCodes, normBook));
        }
        return new FastTextQuantizedMatrix(rows, columns, codes, codebook, norms);
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
        float norm = norm(row);
        for (int part = 0; part < codebook.parts; part++) {
            int from = codebook.centroid(part, codes[row * codebook.parts + part] & 0xFF);
            for (int i = 0; i < codebook.width(part); i++) {
                vector[part * codebook.partWidth + i] += norm * codebook.centroids[from + i];
            }
        }
    }

    @Override
    public float dot(float[] vector, int row) {
        float sum = 0;
        for (int part = 0; part < codebook.parts; part++) {
            int from = codebook.centroid(part, codes[row * codebook.parts + part] & 0xFF);
            for (int i = 0; i < codebook.width(part); i++) {
                sum += vector[part * codebook.partWidth + i] * codebook.centroids[from + i];
            }
        }
        return sum * norm(row);
    }

    private float norm(int row) {
        return norms.isEmpty() ? 1 : norms.get().of(row);
    }

    private static final class Norms {
        private final byte[] codes;
        private final Codebook codebook;

        Norms(byte[] codes, Codebook codebook) {
            this.codes = codes;
            this.codebook = codebook;
        }

        float of(int row) {
            return codebook.centroids[codebook.centroid(0, codes[row] & 0xFF)];
        }
    }

    /** 256 centroids for each part of a row; the last part may be narrower. */
    private static final class Codebook {
        private static final int CENTROIDS = 256;

        final int dimension;
        final int parts;
        final int partWidth;
        final int lastWidth;
        final float[] centroids;

        private Codebook(int dimension, int parts, int partWidth, int lastWidth, float[] centroids) {
            this.dimension = dimension;
            this.parts = parts;
            this.partWidth = partWidth;
            this.lastWidth = lastWidth;
            this.centroids = centroids;
        }

        static Codebook read(FastTextFile file) throws IOException {
            int dimension = file.readCount("quantiser dimension", COLUMNS_MOST);
            int parts = file.readCount("quantiser parts", COLUMNS_MOST);
            int partWidth = file.readCount("quantiser part width", COLUMNS_MOST);
            int lastWidth = file.readCount("quantiser last part width", COLUMNS_MOST);
            if (parts == 0 || lastWidth == 0 || (long) (parts - 1) * partWidth + lastWidth != dimension) {
                throw file.broken("%d parts of %d and a last one of %d must add up to dimension %d"
                        .formatted(parts, partWidth, lastWidth, dimension));
            }
            return new Codebook(dimension, parts, partWidth, lastWidth, file.readFloats(dimension * CENTROIDS));
        }

        int width(int part) {
            return part == parts - 1 ? lastWidth : partWidth;
        }

        int centroid(int part, int code) {
            return part == parts - 1
                    ? part * CENTROIDS * partWidth + code * lastWidth
                    : (part * CENTROIDS + code) * partWidth;
        }
    }
}
