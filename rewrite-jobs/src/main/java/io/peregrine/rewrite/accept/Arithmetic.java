package io.peregrine.rewrite.accept;

import java.math.BigInteger;
import java.util.Optional;

/**
 * Evaluates arithmetic with exact fractions: whole numbers and decimals, {@code + - * / ^}, brackets, percent, and the
 * LaTeX for them ({@code \frac}, {@code \cdot}, {@code \times}, {@code \div}). Whatever else stands in a text makes it
 * nothing that can be evaluated. Length and depth are bounded.
 */
final class Arithmetic {
    private static final int LENGTH_MAX = 400;
    private static final int DEPTH_MAX = 40;

    private final String text;
    private int at;
    private int depth;

    private Arithmetic(String text) {
        this.text = text;
    }

    /** The value of a text, or nothing if it is not arithmetic. */
    static Optional<Rational> value(String text) {
        if (text.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        Arithmetic reader = new Arithmetic(plain(text));
        Optional<Rational> value = reader.sum();
        return reader.at == reader.text.length() ? value : Optional.empty();
    }

    /** One spelling for what LaTeX and people have several of; without blanks and currency. */
    static String plain(String text) {
        String plain = text.replace("\\left", "").replace("\\right", "").replace("\\dfrac", "\\frac");
        plain = plain.replace("\\tfrac", "\\frac")
                .replace("\\cdot", "*")
                .replace("\\times", "*")
                .replace("\\div", "/");
        plain = plain.replace("\\$", "")
                .replace("\\%", "%")
                .replace("\\,", "")
                .replace("\\!", "")
                .replace("{,}", ",");
        plain = plain.replace('\u00d7', '*')
                .replace('\u00b7', '*')
                .replace('\u00f7', '/')
                .replace('\u2212', '-');
        StringBuilder visible = new StringBuilder(plain.length());
        plain.codePoints()
                .filter(c -> !Character.isWhitespace(c) && c != '\u00a0' && "$\u20ac\u00a3".indexOf(c) < 0)
                .forEach(visible::appendCodePoint);
        return visible.toString();
    }

    private Optional<Rational> sum() {
        if (++depth > DEPTH_MAX) {
            return Optional.empty();
        }
        Optional<Rational> value = product();
        while (value.isPresent() && (looksAt('+') || looksAt('-'))) {
            boolean minus = text.charAt(at++) == '-';
            Optional<Rational> right = product();
            Rational left = value.get();
            value = right.flatMap(r -> left.plus(minus ? r.negated() : r));
        }
        depth--;
        return value;
    }

    private Optional<Rational> product() {
        Optional<Rational> value = signed();
        while (value.isPresent() && (looksAt('*') || looksAt('/'))) {
            boolean over = text.charAt(at++) == '/';
            Optional<Rational> right = signed();
            Rational left = value.get();
            value = right.flatMap(r -> over ? left.dividedBy(r) : left.times(r));
        }
        return value;
    }

    private Optional<Rational> signed() {
        boolean minus = false;
        while (looksAt('-') || looksAt('+')) {
            minus ^= text.charAt(at++) == '-';
        }
        boolean negative = minus;
        return power().map(value -> negative ? value.negated() : value);
    }

    private Optional<Rational> power() {
        Optional<Rational> base = atom();
        if (base.isEmpty() || !looksAt('^')) {
            return base;
        }
        at++;
        boolean minus = looksAt('-');
        at += minus ? 1 : 0;
        Rational value = base.get();
        return atom().flatMap(exponent -> value.power(minus ? exponent.negated() : exponent));
    }

    private Optional<Rational> atom() {
        Optional<Rational> value;
        if (looksAt('(')) {
            value = bracketed(')');
        } else if (looksAt('{')) {
            value = bracketed('}');
        } else if (text.startsWith("\\frac", at)) {
            at += "\\frac".length();
            Optional<Rational> above = argument();
            Optional<Rational> below = argument();
            value = above.flatMap(a -> below.flatMap(a::dividedBy));
        } else {
            value = number();
        }
        if (value.isPresent() && looksAt('%')) {
            at++;
            return value.flatMap(whole -> whole.dividedBy(Rational.of(100)));
        }
        return value;
    }

    /** What {@code \frac} takes: a group, or one digit. */
    private Optional<Rational> argument() {
        if (looksAt('{')) {
            return bracketed('}');
        }
        return at < text.length() && isDigit(text.charAt(at))
                ? Optional.of(Rational.of(text.charAt(at++) - '0'))
                : Optional.empty();
    }

    private Optional<Rational> bracketed(char close) {
        at++;
        Optional<Rational> value = sum();
        if (value.isEmpty() || !looksAt(close)) {
            return Optional.empty();
        }
        at++;
        return value;
    }

    /** Digits, with commas between groups of three and one decimal point. */
    private Optional<Rational> number() {
        StringBuilder digits = new StringBuilder();
        int decimals = -1;
        int group = 0;
        boolean grouped = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isDigit(c)) {
                digits.append(c);
                decimals += decimals >= 0 ? 1 : 0;
                group++;
            } else if (c == ',' && decimals < 0 && (grouped ? group == 3 : group >= 1 && group <= 3)) {
                grouped = true;
                group = 0;
            } else if (c == '.' && decimals < 0 && (!grouped || group == 3)) {
                decimals = 0;
            } else {
                break;
            }
            at++;
        }
        if (digits.isEmpty() || (grouped && decimals < 0 && group != 3)) {
            return Optional.empty();
        }
        return Rational.of(new BigInteger(digits.toString()), BigInteger.TEN.pow(Math.max(0, decimals)));
    }

    private boolean looksAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
