package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;

/**
 * Payment card numbers (ISO/IEC 7812): a prefix and length that an issuer uses, the check digit of Luhn, not all
 * digits equal, and written without separators or in the groups that cards show, with one kind of separator.
 */
final class CardDetector implements Detector {
    private static final int DIGITS_MIN = 13;
    private static final int DIGITS_MAX = 19;

    private final int[] digits = new int[DIGITS_MAX];
    private final int[] groups = new int[DIGITS_MAX];

    @Override
    public void find(String text, Spans found) {
        int free = 0;
        int at = 0;
        while (at < text.length()) {
            if (!Ascii.isDigit(text.charAt(at))) {
                at++;
                continue;
            }
            int end = begins(text, at, free) ? end(text, at) : -1;
            if (end > 0) {
                found.add(at, end);
                free = end;
                at = end;
            } else {
                at = Ascii.endOfDigits(text, at);
            }
        }
    }

    private static boolean begins(String text, int at, int free) {
        char first = text.charAt(at);
        char before = Ascii.at(text, at - 1);
        boolean inside = Ascii.isWord(before)
                || ".,+#$-/".indexOf(before) >= 0
                || (before == ' ' && at - 1 > free && Ascii.isDigit(Ascii.at(text, at - 2)));
        return first >= '2' && first <= '6' && !inside;
    }

    private int end(String text, int from) {
        int count = 0;
        int groupCount = 0;
        char separator = '\0';
        int at = from;
        while (true) {
            int groupStart = at;
            while (Ascii.isDigit(Ascii.at(text, at))) {
                if (count == DIGITS_MAX) {
                    return -1;
                }
                digits[count++] = text.charAt(at++) - '0';
            }
            groups[groupCount++] = at - groupStart;
            char c = Ascii.at(text, at);
            boolean separates = (c == ' ' || c == '-') && Ascii.isDigit(Ascii.at(text, at + 1));
            boolean another = groups[0] >= DIGITS_MIN || (separator != '\0' && c != separator);
            if (!separates || another) {
                break;
            }
            separator = c;
            at++;
        }
        char after = Ascii.at(text, at);
        boolean longer = Ascii.isWord(after)
                || ((after == '.' || after == ',') && Ascii.isDigit(Ascii.at(text, at + 1)))
                || ((after == '-' || after == '/') && Ascii.isWord(Ascii.at(text, at + 1)));
        return !longer && isGrouped(groupCount, count) && isIssued(count) && isVaried(count) && checks(count) ? at : -1;
    }

    private boolean isGrouped(int groupCount, int count) {
        if (groupCount == 1) {
            return true;
        }
        if (groupCount == 3 && groups[0] == 4 && groups[1] == 6) {
            return count == 14 || count == 15;
        }
        for (int i = 0; i + 1 < groupCount; i++) {
            if (groups[i] != 4) {
                return false;
            }
        }
        return groupCount >= 4 && groups[groupCount - 1] <= 4;
    }

    /** Prefixes and lengths of the large issuers. */
    private boolean isIssued(int count) {
        if (count < DIGITS_MIN) {
            return false;
        }
        int two = digits[0] * 10 + digits[1];
        int three = two * 10 + digits[2];
        int four = three * 10 + digits[3];
        boolean sixteenOrMore = count >= 16;
        return (digits[0] == 4 && (count == 13 || count == 16 || count == 19))
                || (((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) && count == 16)
                || ((two == 34 || two == 37) && count == 15)
                || (((three >= 300 && three <= 305) || two == 36 || two == 38 || two == 39) && count == 14)
                || ((four == 6011 || (three >= 644 && three <= 649) || two == 65) && sixteenOrMore)
                || (four >= 3528 && four <= 3589 && sixteenOrMore)
                || (two == 62 && sixteenOrMore);
    }

    private boolean isVaried(int count) {
        int seen = 0;
        for (int i = 0; i < count; i++) {
            seen |= 1 << digits[i];
        }
        return Integer.bitCount(seen) >= 2;
    }

    private boolean checks(int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            int digit = digits[count - 1 - i];
            int doubled = i % 2 == 0 ? digit : 2 * digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
