package io.peregrine.trainer.ops.cpu;

/**
 * Elementary functions over arrays, in float arithmetic that Java defines to the bit: the same results interpreted,
 * compiled, and on every processor. Not-a-number in gives not-a-number out.
 */
final class FloatMath {
    /** Adding and subtracting it rounds to the nearest integer; the integer is in the low bits of the sum. */
    private static final float ROUND = 0x1.8p23f;

    private static final float LOG2_E = 0x1.715476p0f;
    /** The first bits of ln 2, few enough that a product with an exponent is exact, and what is left of it. */
    private static final float LN2_HIGH = 0x1.63p-1f;

    private static final float LN2_LOW = -0x1.bd0106p-13f;
    private static final int EXPONENT_BIAS = 127;
    private static final int MANTISSA_BITS = 23;
    /** Beyond these the result would leave the normal numbers. */
    private static final float EXP_MIN = -87f;

    private static final float EXP_MAX = 88f;
    /** Beyond this, half the argument's hyperbolic tangent is 1 in float. */
    private static final float TANH_MAX = 9f;

    private FloatMath() {}

    /**
     * {@code y[i] = exp(x[i])} for {@code i < count}, arguments limited to [-87, 88]; relative error below 1e-7. The
     * polynomial is that of Cephes' {@code expf}. {@code y} may be {@code x}.
     *
     * @param powers overwritten, at least {@code count} long
     */
    static void exp(float[] x, float[] y, int count, float[] powers) {
        for (int i = 0; i < count; i++) {
            float limited = Math.min(Math.max(x[i], EXP_MIN), EXP_MAX);
            float shifted = limited * LOG2_E + ROUND;
            float power = shifted - ROUND;
            float r = limited - power * LN2_HIGH - power * LN2_LOW;
            float p = 1.9875691e-4f;
            p = p * r + 1.3981999e-3f;
            p = p * r + 8.333452e-3f;
            p = p * r + 4.1665796e-2f;
            p = p * r + 1.6666666e-1f;
            p = p * r + 0.5f;
            powers[i] = shifted;
            y[i] = p * r * r + r + 1;
        }
        // A loop of its own: the one above becomes vector instructions, this one cannot.
        for (int i = 0; i < count; i++) {
            y[i] *= Float.intBitsToFloat((Float.floatToRawIntBits(powers[i]) + EXPONENT_BIAS) << MANTISSA_BITS);
        }
    }

    /**
     * {@code y[i] = 1 / (1 + exp(-scale * x[i]))} for {@code i < count}; absolute error below 2e-7. As
     * {@code 0.5 + 0.5 tanh(x / 2)} with the rational approximation of tanh that Eigen uses, which has no integer steps
     * and so becomes vector instructions. {@code y} may be {@code x}.
     */
    static void sigmoid(float[] x, float scale, float[] y, int count) {
        float half = 0.5f * scale;
        for (int i = 0; i < count; i++) {
            float t = Math.min(Math.max(half * x[i], -TANH_MAX), TANH_MAX);
            float t2 = t * t;
            float p = t2 * -2.7607684e-16f + 2.000188e-13f;
            p = t2 * p - 8.604672e-11f;
            p = t2 * p + 5.1222973e-8f;
            p = t2 * p + 1.4857224e-5f;
            p = t2 * p + 6.372619e-4f;
            p = t2 * p + 4.8935246e-3f;
            float q = t2 * 1.1982584e-6f + 1.1853471e-4f;
            q = t2 * q + 2.2684347e-3f;
            q = t2 * q + 4.893525e-3f;
            y[i] = 0.5f + 0.5f * (t * p / q);
        }
    }

    /** {@code sum of x[i] y[i]}, in four running sums. */
    static float dot(float[] x, int fromX, float[] y, int fromY, int count) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            s0 += x[fromX + i] * y[fromY + i];
            s1 += x[fromX + i + 1] * y[fromY + i + 1];
            s2 += x[fromX + i + 2] * y[fromY + i + 2];
            s3 += x[fromX + i + 3] * y[fromY + i + 3];
        }
        for (; i < count; i++) {
            s0 += x[fromX + i] * y[fromY + i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** {@code sum of x[i]}, in four running sums. */
    static float sum(float[] x, int from, int count) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            s0 += x[from + i];
            s1 += x[from + i + 1];
            s2 += x[from + i + 2];
            s3 += x[from + i + 3];
        }
        for (; i < count; i++) {
            s0 += x[from + i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** The largest number. */
    static float max(float[] x, int from, int count) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, x[from + i]);
        }
        return max;
    }
}
