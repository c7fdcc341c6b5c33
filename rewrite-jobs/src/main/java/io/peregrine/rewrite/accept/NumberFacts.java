package io.peregrine.rewrite.accept;

import java.util.Set;
import java.util.function.Consumer;

/** Finds numbers and quantities. Digits of all scripts count, and are reported as those of ASCII. */
final class NumberFacts {
    private static final String JOINERS = ".,:/";
    private static final String CURRENCIES = "$\u00a2\u00a3\u00a5\u20a9\u20aa\u20ac\u20b9\u20bd";
    private static final String SIGNS = "%\u2030\u00b0";
    private static final int UNIT_CHARACTERS_MAX = 8;

    /** Symbols, not words: a rewrite may spell a word in another way, but not a symbol. */
    private static final Set<String> UNITS = Set.of(
            "nm",
            "\u00b5m",
            "\u03bcm",
            "mm",
            "cm",
            "dm",
            "m",
            "km",
            "mi",
            "ft",
            "yd",
            "in",
            "m2",
            "km2",
            "m3",
            "m\u00b2",
            "km\u00b2",
            "m\u00b3",
            "ha",
            "mg",
            "g",
            "kg",
            "t",
            "lb",
            "oz",
            "ml",
            "mL",
            "cl",
            "dl",
            "l",
            "L",
            "ns",
            "\u00b5s",
            "ms",
            "s",
            "min",
            "h",
            "hr",
            "d",
            "Hz",
            "kHz",
            "MHz",
            "GHz",
            "THz",
            "W",
            "kW",
            "MW",
            "GW",
            "kWh",
            "MWh",
            "J",
            "kJ",
            "MJ",
            "eV",
            "keV",
            "MeV",
            "GeV",
            "cal",
            "kcal",
            "N",
            "kN",
            "Pa",
            "hPa",
            "kPa",
            "MPa",
            "bar",
            "V",
            "mV",
            "kV",
            "A",
            "mA",
            "K",
            "\u00b0C",
            "\u00b0F",
            "mol",
            "mM",
            "dB",
            "B",
            "KB",
            "kB",
            "MB",
            "GB",
            "TB",
            "KiB",
            "MiB",
            "GiB",
            "TiB",
            "bit",
            "Mbit",
            "bps",
            "kbps",
            "Mbps",
            "Gbps",
            "km/h",
            "mph",
            "m/s",
            "USD",
            "EUR",
            "GBP",
            "JPY",
            "CNY",
            "pt",
            "px",
            "rpm",
            "ppm");

    private NumberFacts() {}

    /** Maximal runs of digits, with a joiner between two of them inside. */
    static void numbers(String text, Consumer<String> found) {
        for (int at = 0; at < text.length(); ) {
            int end = numberEnd(text, at);
            if (end > at) {
                found.accept(ascii(text, at, end));
                at = end;
            } else {
                at += Character.charCount(text.codePointAt(at));
            }
        }
    }

    /** Numbers with a currency before or a unit behind, as {@code number unit}. */
    static void quantities(String text, Consumer<String> found) {
        for (int at = 0; at < text.length(); ) {
            int end = numberEnd(text, at);
            if (end == at) {
                at += Character.charCount(text.codePointAt(at));
                continue;
            }
            String number = ascii(text, at, end);
            int before = at > 0 && text.charAt(at - 1) == ' ' ? at - 2 : at - 1;
            String unit = unitAt(text, end);
            if (!unit.isEmpty()) {
                found.accept(number + " " + unit);
            } else if (before >= 0 && CURRENCIES.indexOf(text.charAt(before)) >= 0) {
                found.accept(number + " " + text.charAt(before));
            }
            at = end;
        }
    }

    /** The unit behind a number, with at most one blank between, or an empty text. */
    private static String unitAt(String text, int end) {
        int at = end < text.length() && isBlank(text.charAt(end)) ? end + 1 : end;
        int stop = at;
        while (stop < text.length() && stop - at <= UNIT_CHARACTERS_MAX && isOfUnit(text.charAt(stop))) {
            stop++;
        }
        String word = text.substring(at, stop);
        if (UNITS.contains(word)) {
            return word;
        }
        boolean sign = at < text.length() && (SIGNS + CURRENCIES).indexOf(text.charAt(at)) >= 0;
        // A currency after a blank would be that of the next amount.
        boolean own = sign && (at == end || CURRENCIES.indexOf(text.charAt(at)) < 0 || !amountFollows(text, at + 1));
        return own ? text.substring(at, at + 1) : "";
    }

    private static boolean amountFollows(String text, int at) {
        return at < text.length() && Character.isDigit(text.codePointAt(at));
    }

    /** Lines may be broken anywhere. */
    private static boolean isBlank(char c) {
        return c == ' ' || c == '\n' || c == '\u00a0' || c == '\u202f';
    }

    private static boolean isOfUnit(char c) {
        return Character.isLetterOrDigit(c) || c == '/' || c == '\u00b0' || c == '\u00b2' || c == '\u00b3';
    }

    /** End of the number that begins here; the place itself if none does. */
    static int numberEnd(String text, int from) {
        int at = digitsEnd(text, from);
        if (at == from) {
            return from;
        }
        while (at < text.length() && JOINERS.indexOf(text.charAt(at)) >= 0) {
            int next = digitsEnd(text, at + 1);
            if (next == at + 1) {
                break;
            }
            at = next;
        }
        return at;
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!Character.isDigit(c)) {
                break;
            }
            at += Character.charCount(c);
        }
        return at;
    }

    private static String ascii(String text, int from, int to) {
        StringBuilder ascii = new StringBuilder(to - from);
        text.substring(from, to)
                .codePoints()
                .forEach(c -> ascii.append(Character.isDigit(c) ? (char) ('0' + Character.digit(c, 10)) : (char) c));
        return ascii.toString();
    }
}
