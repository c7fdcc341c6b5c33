package io.peregrine.rewrite.accept;

import java.math.BigInteger;
import java.util.Optional;

/** An exact fraction in lowest terms, the denominator above 0. Sizes are bounded: no text can make one that costs much. */
record Rational(BigInteger numerator, BigInteger denominator) {
    private static final int BITS_MAX = 8_192;

    Rational {
        if (denominator.signum() <= 0 || !numerator.gcd(denominator).equals(BigInteger.ONE)) {
            throw new IllegalArgumentException("%s/%s is not in lowest terms".formatted(numerator, denominator));
        }
    }

    static Rational of(long whole) {
        return new Rational(BigInteger.valueOf(whole), BigInteger.ONE);
    }

    /** The fraction, or nothing for a division by zero and for numbers too large. */
    static Optional<Rational> of(BigInteger numerator, BigInteger denominator) {
        if (denominator.signum() == 0 || numerator.bitLength() > BITS_MAX || denominator.bitLength() > BITS_MAX) {
            return Optional.empty();
        }
        BigInteger divisor = numerator.gcd(denominator);
        BigInteger signed = denominator.signum() < 0 ? divisor.negate() : divisor;
        return Optional.of(new Rational(numerator.divide(signed), denominator.divide(signed)));
    }

    Optional<Rational> plus(Rational other) {
        return of(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Rational negated() {
        return new Rational(numerator.negate(), denominator);
    }

    Optional<Rational> times(Rational other) {
        return of(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    Optional<Rational> dividedBy(Rational other) {
        return of(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    /** A power with a whole exponent; nothing for others. */
    Optional<Rational> power(Rational exponent) {
        if (!exponent.denominator.equals(BigInteger.ONE) || exponent.numerator.bitLength() > 13) {
            return Optional.empty();
        }
        int times = exponent.numerator.intValue();
        long bits = (long) Math.max(numerator.bitLength(), denominator.bitLength()) * Math.abs(times);
        if (bits > BITS_MAX) {
            return Optional.empty();
        }
        BigInteger above = numerator.pow(Math.abs(times));
        BigInteger below = denominator.pow(Math.abs(times));
        return times < 0 ? of(below, above) : of(above, below);
    }
}
