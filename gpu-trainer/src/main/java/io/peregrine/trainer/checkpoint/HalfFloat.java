package io.peregrine.trainer.checkpoint;

/** IEEE 754 half precision, which JDK 17 does not know. */
final class HalfFloat {
    private static final int EXPONENT_BIAS = 15;
    private static final int MANTISSA_BITS = 10;
    private static final int EXPONENT_MASK = 0x1F;
    private static final int MANTISSA_MASK = 0x3FF;

    private HalfFloat() {}

    /** The float with the same value; every half has one. */
    static float toFloat(short half) {
        int exponent = (half >> MANTISSA_BITS) & EXPONENT_MASK;
        int mantissa = half & MANTISSA_MASK;
        float magnitude;
        if (exponent == EXPONENT_MASK) {
            magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((float) mantissa, 1 - EXPONENT_BIAS - MANTISSA_BITS);
        } else {
            int withLeadingOne = mantissa | (1 << MANTISSA_BITS);
            magnitude = Math.scalb((float) withLeadingOne, exponent - EXPONENT_BIAS - MANTISSA_BITS);
        }
        return half < 0 ? -magnitude : magnitude;
    }
}
