package io.peregrine.data.quality;

import io.peregrine.data.DataException;
import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Trains a model and says how good it is. Of every ten documents eight are trained on, one calibrates the probabilities and
 * one is kept for the evaluation; which one is which is drawn from its id, so a text is on one side only however often
 * it comes.
 */
public final class QualityTraining {
    private enum Part {
        TRAIN,
        CALIBRATE,
        HOLD_OUT
    }

    private static final int PARTS = 10;
    private static final int LEAST = 20;

    private final QualityModel.Shape shape;
    private final LogisticTrainer.Settings settings;
    private final SeedStream seed;
    private final HashedNgrams ngrams;
    private final Set<String> seen = new HashSet<>();
    private final List<Example> training = new ArrayList<>();
    private final List<Example> calibrating = new ArrayList<>();
    private final List<Example> heldOut = new ArrayList<>();
    private long repeated;

    /** A trained model and its evaluation. */
    public record Result(QualityModel model, Evaluation evaluation, long documents, long repeated) {}

    public QualityTraining(long seed) {
        this(QualityModel.Shape.DEFAULTS, LogisticTrainer.Settings.DEFAULTS, SeedStream.of(seed));
    }

    QualityTraining(QualityModel.Shape shape, LogisticTrainer.Settings settings, SeedStream seed) {
        this.shape = shape;
        this.settings = settings;
        this.seed = seed;
        this.ngrams = shape.features();
    }

    /**
     * Adds a document; one that was added before is passed over and counted.
     *
     * @param id of the text, see {@link io.peregrine.data.Document#idOf}
     */
    public void add(String id, String text, boolean good) {
        if (!seen.add(id)) {
            repeated++;
            return;
        }
        Example example = new Example(ngrams.of(text), good);
        switch (part(id)) {
            case TRAIN -> training.add(example);
            case CALIBRATE -> calibrating.add(example);
            case HOLD_OUT -> heldOut.add(example);
        }
    }

    private static Part part(String id) {
        long slot = Long.remainderUnsigned(Long.parseUnsignedLong(id, 0, 16, 16), PARTS);
        return slot == 0 ? Part.HOLD_OUT : slot == 1 ? Part.CALIBRATE : Part.TRAIN;
    }

    /**
     * Trains on what was added.
     *
     * @param about what the examples are, kept in the model for people
     * @throws DataException if a part has too few documents of a kind
     */
    public Result train(String about) {
        require(training, "train on");
        require(calibrating, "calibrate with");
        require(heldOut, "hold out");
        LogisticTrainer trainer = new LogisticTrainer(shape.bucketBits(), settings);
        trainer.train(training, seed);
        float[] weights = trainer.weights();
        double bias = trainer.bias();
        Calibration calibration = Calibration.fit(scored(calibrating, weights, bias));
        QualityModel model = new QualityModel(shape, weights, bias, calibration, about);
        List<Calibration.Scored> judged = scored(heldOut, weights, bias).stream()
                .map(s -> new Calibration.Scored(calibration.probability(s.score()), s.good()))
                .toList();
        return new Result(model, Evaluation.of(judged), seen.size(), repeated);
    }

    private static List<Calibration.Scored> scored(List<Example> examples, float[] weights, double bias) {
        return examples.stream()
                .map(example -> new Calibration.Scored(bias + example.features().dot(weights), example.good()))
                .toList();
    }

    private static void require(List<Example> examples, String what) {
        long good = examples.stream().filter(Example::good).count();
        if (good < LEAST || examples.size() - good < LEAST) {
            throw new DataException(
                    "%d good and %d bad documents to %s: must be at least %d of each; give more examples"
                            .formatted(good, examples.size() - good, what, LEAST));
        }
    }
}
