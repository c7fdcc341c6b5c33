package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;
import java.util.List;

/**
 * Telephone numbers that say that they are ones:
 *
 * <ul>
 *   <li>international: {@code +} and 8 to 15 digits that begin with an assigned country code (ITU-T E.164), with spaces,
 *       hyphens, dots or parentheses between them;
 *   <li>North American: three, three and four digits with separators, {@code (212) 555-0123} or {@code 212-555-0123} or
 *       {@code 212.555.0123}, area and exchange codes beginning with 2 to 9;
 *   <li>French: five pairs with one separator, the first 01 to 09; Japanese: {@code 03-1234-5678}, {@code 090-1234-5678};
 *   <li>any 7 to 15 digits with separators right after a word such as tel, phone, fax or mobile.
 * </ul>
 *
 * <p>Everything else, such as plain runs of digits, dates and ISBNs, stays.
 */
final class PhoneDetector implements Detector {
    private static final int LENGTH_MAX = 32;
    private static final int DIGITS_MAX = 15;
    private static final int CONTEXT = 14;
    private static final List<String> WORDS = List.of(
            "tel",
            "tel.",
            "telephone",
            "phone",
            "telefon",
            "fon",
            "fax",
            "mobile",
            "mobil",
            "mob",
            "cell",
            "handy",
            "call",
            "whatsapp",
            "t\u00e9l",
            "t\u00e9l\u00e9phone",
            "tel\u00e9fono",
            "telefono",
            "telefone",
            "m\u00f3vil",
            "\u0442\u0435\u043b",
            "\u0442\u0435\u043b\u0435\u0444\u043e\u043d",
            "\u7535\u8bdd",
            "\u96fb\u8a71",
            "\uc804\ud654",
            "\u0641\u0648\u0646",
            "\u092b\u093c\u094b\u0928");

    /** Two-digit country codes; 1 and 7 are codes by themselves, all others have three digits. */
    private static final String TWO_DIGIT_CODES =
            " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56"
                    + " 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";

    private static final String THREE_DIGIT_STARTS =
            " 21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 85 87 88 96 97 99 ";

    private final StringBuilder shape = new StringBuilder();
    /** Where each run of digits ends, in the text and in its shape. */
    private final Spans ends = new Spans();

    @Override
    public void find(String text, Spans found) {
        int free = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean candidate = c == '+' || c == '(' || Ascii.isDigit(c);
            int end = candidate && begins(text, at, free) ? end(text, at) : -1;
            if (end > 0) {
                found.add(at, end);
                free = end;
                at = end;
            } else {
                at = Ascii.isDigit(c) ? Ascii.endOfDigits(text, at) : at + 1;
            }
        }
    }

    private static boolean begins(String text, int at, int free) {
        char before = Ascii.at(text, at - 1);
        boolean inNumber = (before == ' ' || before == '-') && at - 1 > free && Ascii.isDigit(Ascii.at(text, at - 2));
        return (!Ascii.isWord(before) && "+.-,/$#=*)".indexOf(before) < 0 && !inNumber)
                || (before == '=' && text.charAt(at) == '+');
    }

    /** Index after the longest telephone number that begins here, or -1. A shorter one must end at a space. */
    private int end(String text, int from) {
        read(text, from);
        for (int i = ends.size() - 1; i >= 0; i--) {
            int end = ends.start(i);
            boolean whole = i == ends.size() - 1 ? !goesOn(text, end) : text.charAt(end) == ' ';
            if (whole && isNumber(text, from, shape.substring(0, ends.end(i)))) {
                return end;
            }
        }
        return -1;
    }

    private static boolean isNumber(String text, int from, String shape) {
        String digits = digitsOf(shape);
        if (text.charAt(from) == '+') {
            return isInternational(digits);
        }
        return isNorthAmerican(shape, digits)
                || isFrench(shape)
                || isJapanese(shape)
                || isAnnounced(text, from, digits);
    }

    /** Reads digits and the separators between them, as they stand, up to a length that no number has. */
    private void read(String text, int from) {
        shape.setLength(0);
        ends.clear();
        int at = from;
        while (at < text.length() && at - from < LENGTH_MAX) {
            char c = text.charAt(at);
            boolean opens = at == from && (c == '+' || c == '(');
            if (!Ascii.isDigit(c) && !opens && !separates(c, Ascii.at(text, at + 1))) {
                return;
            }
            shape.append(c == '\u00a0' ? ' ' : c);
            at++;
            if (Ascii.isDigit(c) && !Ascii.isDigit(Ascii.at(text, at))) {
                ends.add(at, shape.length());
            }
        }
    }

    private static boolean separates(char c, char next) {
        return switch (c) {
            case ' ', '\u00a0' -> Ascii.isDigit(next) || next == '(' || next == '-' || next == '/';
            case '-', '/' -> Ascii.isDigit(next) || next == ' ';
            case '.', '(' -> Ascii.isDigit(next);
            case ')' -> Ascii.isDigit(next) || next == ' ' || next == '-';
            default -> false;
        };
    }

    /** Whether something follows that makes it no telephone number. */
    private static boolean goesOn(String text, int end) {
        char after = Ascii.at(text, end);
        boolean joins = ",:-/.".indexOf(after) >= 0;
        return Ascii.isWord(after) || (joins && Ascii.isDigit(Ascii.at(text, end + 1)));
    }

    private static String digitsOf(CharSequence shape) {
        StringBuilder digits = new StringBuilder();
        shape.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
        return digits.toString();
    }

    private static boolean isInternational(String digits) {
        if (digits.length() < 8 || digits.length() > DIGITS_MAX) {
            return false;
        }
        String two = " " + digits.substring(0, 2) + " ";
        return digits.charAt(0) == '1'
                || digits.charAt(0) == '7'
                || TWO_DIGIT_CODES.contains(two)
                || THREE_DIGIT_STARTS.contains(two);
    }

    private static boolean isNorthAmerican(CharSequence shape, String digits) {
        String plain = shape.toString();
        if (digits.length() == 11 && (plain.startsWith("1-") || plain.startsWith("1 ") || plain.startsWith("1."))) {
            plain = plain.substring(2);
        }
        String form = form(plain);
        boolean written = form.equals("(3) 3-4")
                || form.equals("(3)3-4")
                || form.equals("(3) 3 4")
                || form.equals("3-3-4")
                || form.equals("3.3.4");
        if (!written) {
            return false;
        }
        String national = digits.substring(digits.length() - 10);
        return national.charAt(0) >= '2' && national.charAt(3) >= '2' && !national.startsWith("11", 1);
    }

    private static boolean isFrench(CharSequence shape) {
        String form = form(shape);
        boolean pairs = form.equals("2 2 2 2 2") || form.equals("2.2.2.2.2") || form.equals("2-2-2-2-2");
        return pairs && shape.charAt(0) == '0' && shape.charAt(1) != '0';
    }

    private static boolean isJapanese(CharSequence shape) {
        String form = form(shape);
        boolean grouped = form.equals("2-4-4") || form.equals("3-3-4") || form.equals("3-4-4") || form.equals("4-2-4");
        return grouped && shape.charAt(0) == '0' && shape.charAt(1) != '0';
    }

    /** Runs of digits as their lengths. */
    private static String form(CharSequence shape) {
        StringBuilder form = new StringBuilder();
        int run = 0;
        for (int i = 0; i <= shape.length(); i++) {
            char c = i < shape.length() ? shape.charAt(i) : '\0';
            if (Ascii.isDigit(c)) {
                run++;
                continue;
            }
            if (run > 0) {
                form.append(run);
                run = 0;
            }
            if (c != '\0') {
                form.append(c);
            }
        }
        return form.toString();
    }

    /** Whether a word right before the number says what it is. */
    private static boolean isAnnounced(String text, int from, String digits) {
        if (digits.length() < 7 || digits.length() > DIGITS_MAX) {
            return false;
        }
        int end = from;
        while (end > 0 && from - end < CONTEXT && " .:#\u00a0\uff1a".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        for (String word : WORDS) {
            int start = end - word.length();
            if (start >= 0
                    && text.regionMatches(true, start, word, 0, word.length())
                    && !Ascii.isWord(Ascii.at(text, start - 1))) {
                return true;
            }
        }
        return false;
    }
}
