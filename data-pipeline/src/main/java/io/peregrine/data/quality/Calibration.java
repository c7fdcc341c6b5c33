package io.peregrine.data.quality;

import java.util.List;

/**
 * From scores to probabilities: a logistic curve through scores of documents that were not trained on (Platt, 1999).
 *
 * @param slope of the curve, greater than 0 where higher scores are better
 * @param intercept of the curve at score 0
 */
record Calibration(double slope, double intercept) {
    private static final int STEPS_MAX = 100;

    /** A score and whether the document is good. */
    record Scored(double score, boolean good) {}

    double probability(double score) {
        return 1 / (1 + Math.exp(-(slope * score + intercept)));
    }

    /**
     * Fits the curve by Newton's method on the likelihood, with targets a little inside 0 and 1 so that separable scores
     * have a finite answer (Platt's own choice; the damping is that of Lin, Lin and Weng, Machine Learning 68, 2007).
     */
    static Calibration fit(List<Scored> scored) {
        long good = scored.stream().filter(Scored::good).count();
        double high = (good + 1.0) / (good + 2.0);
        double low = 1.0 / (scored.size() - good + 2.0);
        double slope = 0;
        double intercept = Math.log((good + 1.0) / (scored.size() - good + 1.0));
        double loss = loss(scored, slope, intercept, high, low);
        for (int step = 0; step < STEPS_MAX; step++) {
            double ga = 0;
            double gb = 0;
            double haa = 1e-12;
            double hab = 0;
            double hbb = 1e-12;
            for (Scored s : scored) {
                double p = 1 / (1 + Math.exp(-(slope * s.score() + intercept)));
                double error = p - (s.good() ? high : low);
                double curve = p * (1 - p);
                ga += error * s.score();
                gb += error;
                haa += curve * s.score() * s.score();
                hab += curve * s.score();
                hbb += curve;
            }
            double determinant = haa * hbb - hab * hab;
            double da = (hbb * ga - hab * gb) / determinant;
            double db = (haa * gb - hab * ga) / determinant;
            double size = 1;
            double next = loss(scored, slope - da, intercept - db, high, low);
            while (next > loss && size > 1e-10) {
                size /= 2;
                next = loss(scored, slope - size * da, intercept - size * db, high, low);
            }
            if (!(next < loss)) {
                break;
            }
            slope -= size * da;
            intercept -= size * db;
            loss = next;
        }
        return new Calibration(slope, intercept);
    }

    private static double loss(List<Scored> scored, double slope, double intercept, double high, double low) {
        double loss = 0;
        for (Scored s : scored) {
            double z = slope * s.score() + intercept;
            double target = s.good() ? high : low;
            // log(1 + e^z) - t z, without overflow.
            loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
        }
        return loss;
    }
}
