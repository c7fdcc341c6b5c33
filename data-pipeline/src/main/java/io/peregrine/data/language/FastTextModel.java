package io.peregrine.data.language;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A supervised fastText model, read and evaluated in Java: {@code .bin} as trained, {@code .ftz} quantised. The format is
 * in the package's description.
 *
 * <p>Arithmetic is in single precision and in the original's order, so that scores agree with the original to rounding of
 * {@code exp}. Immutable, shared by all threads; matrices of {@code .bin} files are mapped, not copied.
 *
 * @see <a href="https://fasttext.cc">fastText</a> (arXiv:1607.01759)
 */
public final class FastTextModel {
    private static final Map<Path, FastTextModel> SHARED = new ConcurrentHashMap<>();

    private final FastTextArgs args;
    private final FastTextDictionary dictionary;
    private final FastTextMatrix input;
    private final FastTextOutput output;

    private FastTextModel(FastTextFile file) throws IOException {
        this.args = FastTextArgs.read(file);
        this.dictionary = new FastTextDictionary(file, args);
        boolean quantized = file.readFlag("quantised input");
        if (dictionary.prunes() && !quantized) {
            throw file.broken("a pruned dictionary must come with a quantised matrix");
        }
        this.input = FastTextMatrix.read(file, quantized);
        long rows = (long) dictionary.words() + dictionary.groupRows();
        if (input.columns() != args.dimension() || input.rows() != rows || !dictionary.prunedRowsExist()) {
            throw file.broken("an input matrix of %d rows and %d columns must have %d and %d"
                    .formatted(input.rows(), input.columns(), rows, args.dimension()));
        }
        boolean quantizedOutput = file.readFlag("quantised output");
        FastTextMatrix weights = FastTextMatrix.read(file, quantized && quantizedOutput);
        if (weights.columns() != args.dimension() || weights.rows() != dictionary.labels()) {
            throw file.broken("an output matrix of %d rows and %d columns must have %d and %d"
                    .formatted(weights.rows(), weights.columns(), dictionary.labels(), args.dimension()));
        }
        this.output = FastTextOutput.of(args.loss(), weights, dictionary);
    }

    /**
     * Reads a model.
     *
     * @throws DataException if it cannot be read, is no supervised fastText model of version 11 or 12, or is truncated
     */
    public static FastTextModel read(Path path) {
        try (FastTextFile file = new FastTextFile(path)) {
            return new FastTextModel(file);
        } catch (IOException e) {
            throw new DataException("%s: fastText model cannot be read: %s".formatted(path, e), e);
        }
    }

    /** The model of a file, read once per JVM. */
    public static FastTextModel shared(Path path) {
        return SHARED.computeIfAbsent(path.toAbsolutePath().normalize(), FastTextModel::read);
    }

    /** A label, with {@code __label__}, and its probability as fastText prints it, which can be 1.00001. */
    public record Prediction(String label, float probability) {}

    /**
     * The likeliest labels of a text, best first.
     *
     * <p>Line feeds count as spaces, and the end of the text as the end of the only line, as in the original's {@code
     * predict}.
     *
     * @param most how many labels to give
     */
    public List<Prediction> predict(String text, int most) {
        FastTextRows rows = dictionary.rows(text.getBytes(StandardCharsets.UTF_8));
        if (rows.size() == 0) {
            return List.of();
        }
        float[] hidden = new float[args.dimension()];
        for (int i = 0; i < rows.size(); i++) {
            input.addTo(hidden, rows.get(i));
        }
        float scale = (float) (1.0 / rows.size());
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] *= scale;
        }
        return output.best(hidden, most).stream()
                .map(scored -> new Prediction(
                        dictionary.label(scored.label()), (float) StrictMath.exp(scored.logProbability())))
                .toList();
    }

    /** Number of labels. */
    public int labels() {
        return dictionary.labels();
    }
}
