package io.peregrine.data.text;

import static io.peregrine.data.text.SpacyCharacters.BEFORE_STOP;
import static io.peregrine.data.text.SpacyCharacters.CURRENCY;
import static io.peregrine.data.text.SpacyCharacters.DIGIT;
import static io.peregrine.data.text.SpacyCharacters.ICON;
import static io.peregrine.data.text.SpacyCharacters.LETTER;
import static io.peregrine.data.text.SpacyCharacters.LOWER;
import static io.peregrine.data.text.SpacyCharacters.PREFIX;
import static io.peregrine.data.text.SpacyCharacters.QUOTE;
import static io.peregrine.data.text.SpacyCharacters.SUFFIX;
import static io.peregrine.data.text.SpacyCharacters.UPPER;

import java.util.Set;

/**
 * What spaCy cuts off at the beginning and the end of a word and inside of it, for English.
 *
 * <p>All take a range of a text and see nothing outside of it. A cut looks at few characters, or at a run of full stops
 * that it takes whole, so that cutting a word up takes time linear in its length.
 */
final class SpacyAffixes {
    private static final char ELLIPSIS = '\u2026';
    private static final char EM_DASH = '\u2014';
    private static final char DEGREE = '\u00b0';

    /** Cut off behind a digit. Two of them have grown together. */
    private static final Set<String> UNITS =
            Set.of(("km km\u00b2 km\u00b3 m m\u00b2 m\u00b3 dm dm\u00b2 dm\u00b3 cm cm\u00b2 cm\u00b3 mm"
                            + " mm\u00b2 mm\u00b3 ha \u00b5m nm yd in ft kg g mg \u00b5g t lb oz m/s km/h kmh mph hPa Pa mbar mb MB kb KB gb"
                            + " GB tb TB T G M K % \u043a\u043c \u043a\u043c\u00b2 \u043a\u043c\u00b3 \u043c \u043c\u00b2 \u043c\u00b3 \u0434\u043c"
                            + " \u0434\u043c\u00b2 \u0434\u043c\u00b3 \u0441\u043c \u0441\u043c\u00b2 \u0441\u043c\u00b3 \u043c\u043c"
                            + " \u043c\u043c\u00b2 \u043c\u043c\u00b3 \u043d\u043c \u043a\u0433 \u0433 \u043c\u0433 \u043c/\u0441 \u043a\u043c/\u0447"
                            + " \u043a\u041f\u0430 \u041f\u0430 \u043c\u0431\u0430\u0440 \u041a\u0431 \u041a\u0411 \u043a\u0431 \u041c\u0431"
                            + " \u041c\u0411 \u043c\u0431 \u0413\u0431 \u0413\u0411 \u0433\u0431 \u0422\u0431 \u0422\u0411"
                            + " \u0442\u0431\u0643\u0645 \u0643\u0645 \u0643\u0645\u00b2 \u0643\u0645\u00b3 \u0645 \u0645\u00b2 \u0645\u00b3 \u0633\u0645"
                            + " \u0633\u0645\u00b2 \u0633\u0645\u00b3 \u0645\u0645 \u0645\u0645\u00b2 \u0645\u0645\u00b3 \u063a\u0631\u0627\u0645"
                            + " \u062c\u0631\u0627\u0645 \u062c\u0645 \u0643\u063a \u0645\u0644\u063a \u0643\u0648\u0628"
                            + " \u0627\u0643\u0648\u0627\u0628")
                    .split(" "));

    private static final int LONGEST_UNIT =
            UNITS.stream().mapToInt(String::length).max().orElse(0);

    private SpacyAffixes() {}

    // ---- at the beginning

    /** Length of what is cut off at the beginning of a range, or 0. */
    static int prefix(char[] text, int from, int to) {
        char c = text[from];
        switch (c) {
            case '.' -> {
                int stops = stops(text, from, to);
                return stops > 1 ? stops : 0;
            }
            case '+' -> {
                return from + 1 < to && isDigit(text[from + 1]) ? 0 : 1;
            }
            case 'U' -> {
                return to - from > 2 && text[from + 1] == 'S' && text[from + 2] == '$' ? 3 : 0;
            }
            case 'A', 'C' -> {
                return to - from > 1 && text[from + 1] == '$' ? 2 : 0;
            }
            default -> {
                int point = Character.codePointAt(text, from, to);
                return SpacyCharacters.is(point, PREFIX) ? Character.charCount(point) : 0;
            }
        }
    }

    // ---- at the end

    /** Length of what is cut off at the end of a range, or 0. */
    static int suffix(char[] text, int from, int to) {
        if (from == to) {
            return 0;
        }
        char c = text[to - 1];
        char before = to - from > 1 ? text[to - 2] : 0;
        switch (c) {
            case '.' -> {
                return stopSuffix(text, from, to);
            }
            case '+' -> {
                return isDigit(before) ? 1 : 0;
            }
            case ELLIPSIS -> {
                return before == ELLIPSIS ? 2 : 1;
            }
            case 's', 'S' -> {
                return before == '\'' || before == '\u2019' ? 2 : unit(text, from, to);
            }
            case '$' -> {
                return dollars(text, from, to);
            }
            default -> {
                int point = Character.codePointBefore(text, to, from);
                int flags = SpacyCharacters.flags(point);
                if ((flags & SUFFIX) != 0) {
                    return Character.charCount(point);
                }
                if ((flags & CURRENCY) != 0) {
                    return isDigit(before) ? 1 : 0;
                }
                return unit(text, from, to);
            }
        }
    }

    private static int stopSuffix(char[] text, int from, int to) {
        int start = to - 1;
        while (start > from && text[start - 1] == '.') {
            start--;
        }
        if (start < to - 1) {
            return to - start;
        }
        if (start == from) {
            return 0;
        }
        int point = Character.codePointBefore(text, start, from);
        if (SpacyCharacters.is(point, BEFORE_STOP)) {
            return 1;
        }
        int earlier = start - Character.charCount(point);
        if (earlier == from) {
            return 0;
        }
        int second = Character.codePointBefore(text, earlier, from);
        boolean capitals = SpacyCharacters.is(point, UPPER) && SpacyCharacters.is(second, UPPER);
        return capitals || (second == DEGREE && "FCK".indexOf(point) >= 0) ? 1 : 0;
    }

    /** A dollar sign behind a digit, perhaps with the country before it. */
    private static int dollars(char[] text, int from, int to) {
        int at = to - 2;
        if (at > from && text[at] == 'S' && text[at - 1] == 'U') {
            at -= 2;
        } else if (at >= from && (text[at] == 'C' || text[at] == 'A')) {
            at--;
        }
        return at >= from && isDigit(text[at]) ? to - at - 1 : 0;
    }

    private static int unit(char[] text, int from, int to) {
        int least = Math.max(from, to - LONGEST_UNIT - 1);
        for (int at = to - 1; at >= least; at--) {
            if (isDigit(text[at])) {
                int length = to - at - 1;
                return length > 0 && UNITS.contains(new String(text, at + 1, length)) ? length : 0;
            }
        }
        return 0;
    }

    // ---- inside

    /** Length of what cuts a range in two at an index that is not its beginning, or 0. */
    static int infix(char[] text, int from, int at, int to) {
        char c = text[at];
        switch (c) {
            case '.' -> {
                int stops = stops(text, at, to);
                if (stops > 1) {
                    return stops;
                }
                return before(text, from, at, LOWER | QUOTE) && after(text, at + 1, to, UPPER | QUOTE) ? 1 : 0;
            }
            case ',' -> {
                return before(text, from, at, LETTER) && after(text, at + 1, to, LETTER) ? 1 : 0;
            }
            case '+', '*', '^' -> {
                return betweenDigits(text, from, at, to) ? 1 : 0;
            }
            case '-' -> {
                return betweenDigits(text, from, at, to) ? 1 : hyphens(text, from, at, to, 3);
            }
            case EM_DASH -> {
                return hyphens(text, from, at, to, 2);
            }
            case '\u2013', '~', ':', '<', '>', '=', '/' -> {
                return hyphens(text, from, at, to, 1);
            }
            case ELLIPSIS -> {
                return 1;
            }
            default -> {
                if (c < 128) {
                    return 0;
                }
                int point = Character.codePointAt(text, at, to);
                return SpacyCharacters.is(point, ICON) ? Character.charCount(point) : 0;
            }
        }
    }

    private static boolean betweenDigits(char[] text, int from, int at, int to) {
        return at > from && isDigit(text[at - 1]) && at + 1 < to && (isDigit(text[at + 1]) || text[at + 1] == '-');
    }

    /** One to {@code most} equal characters between a letter or digit and a letter. */
    private static int hyphens(char[] text, int from, int at, int to, int most) {
        if (!before(text, from, at, LETTER | DIGIT)) {
            return 0;
        }
        int end = at + 1;
        while (end < to && end - at < most && text[end] == text[at]) {
            end++;
        }
        return after(text, end, to, LETTER) ? end - at : 0;
    }

    private static boolean before(char[] text, int from, int at, int flags) {
        return at > from && SpacyCharacters.is(Character.codePointBefore(text, at, from), flags);
    }

    private static boolean after(char[] text, int at, int to, int flags) {
        return at < to && SpacyCharacters.is(Character.codePointAt(text, at, to), flags);
    }

    private static int stops(char[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] == '.') {
            at++;
        }
        return at - from;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
