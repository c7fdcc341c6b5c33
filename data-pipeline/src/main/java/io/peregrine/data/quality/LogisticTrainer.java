package io.peregrine.data.quality;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.Key;
import io.peregrine.data.seed.SeedStream;
import java.io.Serializable;
import java.util.List;

/**
 * Logistic regression by stochastic gradient descent with a step size for each weight (AdaGrad: Duchi et al., JMLR 12,
 * 2011). One thread and an order drawn from the seed, so the same examples give the same bits.
 */
final class LogisticTrainer {
    /** How to learn. */
    record Settings(
            @Key(unit = "passes", doc = "how often every example is seen")
            int epochs,

            @Key(doc = "step size before AdaGrad divides it")
            double learningRate,

            @Key(doc = "strength of the pull of weights that are used towards zero")
            double l2)
            implements Serializable {
        static final Settings DEFAULTS = new Settings(10, 0.5, 1e-6);

        Settings {
            if (epochs < 1) {
                throw new ConfigException("epochs", epochs, "must be >= 1");
            }
            if (!(learningRate > 0)) {
                throw new ConfigException("learning-rate", learningRate, "must be > 0");
            }
            if (!(l2 >= 0)) {
                throw new ConfigException("l2", l2, "must be >= 0");
            }
        }
    }

    private final float[] weights;
    private final float[] squares;
    private final Settings settings;
    private double bias;
    private double biasSquares;

    LogisticTrainer(int bits, Settings settings) {
        this.weights = new float[1 << bits];
        this.squares = new float[1 << bits];
        this.settings = settings;
    }

    /** Learns from the examples. Both classes count alike, however many examples each has. */
    void train(List<Example> examples, SeedStream seed) {
        long good = examples.stream().filter(Example::good).count();
        double goodWeight = examples.size() / (2.0 * good);
        double badWeight = examples.size() / (2.0 * (examples.size() - good));
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            for (int index : shuffled(examples.size(), seed.child("epoch " + epoch))) {
                Example example = examples.get(index);
                step(example, example.good() ? goodWeight : badWeight);
            }
        }
    }

    private void step(Example example, double weight) {
        Features features = example.features();
        double probability = 1 / (1 + Math.exp(-(bias + features.dot(weights))));
        double error = weight * (probability - (example.good() ? 1 : 0));
        for (int i = 0; i < features.size(); i++) {
            int bucket = features.bucket(i);
            double gradient = error * features.value(i) + settings.l2() * weights[bucket];
            squares[bucket] += (float) (gradient * gradient);
            weights[bucket] -= (float) (settings.learningRate() * gradient / (1e-4 + Math.sqrt(squares[bucket])));
        }
        biasSquares += error * error;
        bias -= settings.learningRate() * error / (1e-4 + Math.sqrt(biasSquares));
    }

    private static int[] shuffled(int size, SeedStream seed) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int other = seed.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** The weights, one for each bucket; not copied. */
    float[] weights() {
        return weights;
    }

    double bias() {
        return bias;
    }
}
