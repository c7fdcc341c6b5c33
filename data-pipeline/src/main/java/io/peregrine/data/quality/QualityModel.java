package io.peregrine.data.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.PayloadDigest;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** A trained classifier. Immutable; the package describes its file. */
public final class QualityModel {
    private static final byte[] MAGIC = "PRGQUAL1".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Shape shape;
    private final float[] weights;
    private final double bias;
    private final Calibration calibration;
    private final String trained;

    /**
     * What features a model knows.
     *
     * @param bucketBits 2^bucketBits weights
     * @param ngramWords longest n-gram of words
     * @param charactersMax UTF-16 units of a text that are looked at
     */
    record Shape(int bucketBits, int ngramWords, int charactersMax) {
        static final Shape DEFAULTS = new Shape(20, 2, 20_000);

        Shape {
            if (bucketBits < 8 || bucketBits > 26) {
                throw new DataException("bucketBits = %d: must be 8 to 26".formatted(bucketBits));
            }
            if (ngramWords < 1 || ngramWords > 5) {
                throw new DataException("ngramWords = %d: must be 1 to 5".formatted(ngramWords));
            }
            if (charactersMax < 100) {
                throw new DataException("charactersMax = %d: must be >= 100".formatted(charactersMax));
            }
        }

        HashedNgrams features() {
            return new HashedNgrams(bucketBits, ngramWords, charactersMax);
        }
    }

    /** The weights are not copied: the caller gives the array away. */
    QualityModel(Shape shape, float[] weights, double bias, Calibration calibration, String trained) {
        this.shape = shape;
        this.weights = weights;
        this.bias = bias;
        this.calibration = calibration;
        this.trained = trained;
    }

    /** Says how probable it is that texts are good; one thread at a time. */
    public Scorer scorer() {
        return new Scorer();
    }

    /** What the model learned from, in words. */
    public String trained() {
        return trained;
    }

    /** A model with the buffers that one thread needs. */
    public final class Scorer {
        private final HashedNgrams ngrams = shape.features();

        /** Probability, 0 to 1, that a text is good. */
        public double probability(String text) {
            return calibration.probability(bias + ngrams.of(text).dot(weights));
        }
    }

    /** Writes the model, whole or not at all. */
    public void write(Path file) {
        ObjectNode header = JSON.createObjectNode();
        header.put("bucketBits", shape.bucketBits())
                .put("ngramWords", shape.ngramWords())
                .put("charactersMax", shape.charactersMax())
                .put("bias", bias)
                .put("slope", calibration.slope())
                .put("intercept", calibration.intercept())
                .put("trained", trained);
        try {
            byte[] json = JSON.writeValueAsBytes(header);
            ByteBuffer bytes = ByteBuffer.allocate(
                            MAGIC.length + Integer.BYTES + json.length + Float.BYTES * weights.length + DIGEST_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            bytes.put(MAGIC).putInt(json.length).put(json);
            for (float weight : weights) {
                bytes.putFloat(weight);
            }
            byte[] content = bytes.array();
            bytes.put(digest(content));
            AtomicFiles.write(file, content);
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }

    /**
     * Reads a model.
     *
     * @throws DataException if the file is missing, cut short, changed or none of ours
     */
    public static QualityModel read(Path file) {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new DataException(
                    "%s: no such file; train a model with 'peregrine quality train'".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
        if (content.length < MAGIC.length + DIGEST_BYTES
                || !Arrays.equals(MAGIC, Arrays.copyOf(content, MAGIC.length))) {
            throw new DataException("%s: is no quality model: does not begin with PRGQUAL1".formatted(file));
        }
        int end = content.length - DIGEST_BYTES;
        if (!Arrays.equals(digest(content), Arrays.copyOfRange(content, end, content.length))) {
            throw new DataException(
                    "%s: is damaged or cut short: its SHA-256 is not that of its content; copy or train it again"
                            .formatted(file));
        }
        try {
            return parse(ByteBuffer.wrap(content, 0, end).order(ByteOrder.LITTLE_ENDIAN));
        } catch (JsonProcessingException | BufferUnderflowException | NegativeArraySizeException e) {
            throw new DataException("%s: header or weights are not as the format says: %s".formatted(file, e), e);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory cannot fail to be read", e);
        }
    }

    private static QualityModel parse(ByteBuffer bytes) throws IOException {
        bytes.position(MAGIC.length);
        byte[] json = new byte[bytes.getInt()];
        bytes.get(json);
        JsonNode header = JSON.readTree(json);
        Shape shape = new Shape(
                header.path("bucketBits").asInt(),
                header.path("ngramWords").asInt(),
                header.path("charactersMax").asInt());
        float[] weights = new float[1 << shape.bucketBits()];
        bytes.asFloatBuffer().get(weights);
        return new QualityModel(
                shape,
                weights,
                header.path("bias").asDouble(),
                new Calibration(
                        header.path("slope").asDouble(),
                        header.path("intercept").asDouble()),
                header.path("trained").asText());
    }

    private static byte[] digest(byte[] content) {
        var sha = PayloadDigest.sha256();
        sha.update(content, 0, content.length - DIGEST_BYTES);
        return sha.digest();
    }
}
