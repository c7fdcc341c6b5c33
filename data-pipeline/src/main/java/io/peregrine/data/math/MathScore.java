package io.peregrine.data.math;

/**
 * How much a text is about mathematics, 0 to 1: a logistic curve over five measures.
 *
 * <p>The weights were fitted by logistic regression, both classes counting alike, to 4,800 pieces of 3,000 characters:
 * PlanetMath, the Open Logic Text, the Napkin and the Stacks project against news, Wikipedia, a C4 sample, speeches, books and a
 * software manual. On every fifth piece, held out, the area under the ROC curve is 0.993; of 584 mathematical ones 563
 * score 0.15 and more, of 608 others 5 do and none scores 0.5. That of symbols is set by hand: LaTeX sources, which the
 * fit saw, have none. Word problems in plain English (GSM8K) score near 0: nothing in them is counted here; a trained
 * {@code data.quality} model finds those.
 */
final class MathScore {
    static final int FEATURES = 5;

    private static final double[] WEIGHTS = {5.96, 2.12, 2.0, 3.99, 0.20};
    private static final double BIAS = -2.58;

    private MathScore() {}

    static double of(MathMeasures measures) {
        double[] features = features(measures);
        double sum = BIAS;
        for (int i = 0; i < FEATURES; i++) {
            sum += WEIGHTS[i] * features[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** Commands, share of formulas, symbols, vocabulary, relations; rates per hundred words by their logarithm. */
    static double[] features(MathMeasures m) {
        return new double[] {
            Math.log1p(m.perHundredWords(m.commands())),
            m.characters() == 0 ? 0 : Math.min(1, (double) m.formulaCharacters() / m.characters()),
            Math.log1p(m.perHundredWords(m.symbols())),
            Math.log1p(m.perHundredWords(m.vocabulary())),
            Math.log1p(m.perHundredWords(m.relations()))
        };
    }
}
