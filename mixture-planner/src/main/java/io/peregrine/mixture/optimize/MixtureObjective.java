package io.peregrine.mixture.optimize;

import java.util.List;

/**
 * What a mixture is to make small: {@code sum_i v_i L_i(w) + kl KL(w || prior)}. Convex if the laws are.
 *
 * @param laws by target
 * @param targetWeights the {@code v_i}, {@code >= 0}
 * @param kl strength of the pull towards the prior, {@code >= 0}
 * @param prior {@code > 0}, summing to 1
 */
record MixtureObjective(List<? extends MixingLaw> laws, List<Double> targetWeights, double kl, List<Double> prior) {
    MixtureObjective {
        laws = List.copyOf(laws);
        targetWeights = List.copyOf(targetWeights);
        prior = List.copyOf(prior);
    }

    double value(double[] weights) {
        return loss(weights) + (kl == 0 ? 0 : kl * divergence(weights));
    }

    /** The first part: the weighted losses. */
    double loss(double[] weights) {
        double sum = 0;
        for (int i = 0; i < laws.size(); i++) {
            sum += targetWeights.get(i) * laws.get(i).loss(weights);
        }
        return sum;
    }

    /** How far a mixture is from the prior. */
    double divergence(double[] weights) {
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            sum += weights[j] == 0 ? 0 : weights[j] * Math.log(weights[j] / prior.get(j));
        }
        return sum;
    }

    /** The derivatives by the weights. One of a weight of 0, where the divergence has none, is that of the losses. */
    double[] gradient(double[] weights) {
        double[] gradient = new double[weights.length];
        for (int i = 0; i < laws.size(); i++) {
            laws.get(i).addGradient(weights, targetWeights.get(i), gradient);
        }
        for (int j = 0; j < weights.length; j++) {
            if (kl > 0 && weights[j] > 0) {
                gradient[j] += kl * (1 + Math.log(weights[j] / prior.get(j)));
            }
        }
        return gradient;
    }
}
