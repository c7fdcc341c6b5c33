package io.peregrine.data.quality;

/** The features of one text, sparse: {@code values[i]} is the value of feature {@code buckets[i]}. Not to be changed. */
final class Features {
    private final int[] buckets;
    private final float[] values;

    Features(int[] buckets, float[] values) {
        this.buckets = buckets;
        this.values = values;
    }

    int size() {
        return buckets.length;
    }

    int bucket(int i) {
        return buckets[i];
    }

    float value(int i) {
        return values[i];
    }

    /** The sum of the features' values, each times its weight. */
    double dot(float[] weights) {
        double sum = 0;
        for (int i = 0; i < buckets.length; i++) {
            sum += (double) weights[buckets[i]] * values[i];
        }
        return sum;
    }
}
