package io.peregrine.data.text;

/**
 * What spaCy takes for an address and leaves whole: scheme and user if there are any, a host of labels and a lower-case
 * ending or a public IPv4 address, and a port or path if there are any.
 *
 * <p>A host may begin at the beginning of the word, behind the scheme, or behind any at sign. It ends before the first
 * character that cannot be in one, so that no character is read for more than one host, and time is linear.
 */
final class SpacyUrl {
    private static final int LONGEST_LABEL = 64;
    private static final int LONGEST_ENDING = 63;

    private SpacyUrl() {}

    /** Whether a range is an address. */
    static boolean is(char[] text, int from, int to) {
        if (hostAndRest(text, from, to)) {
            return true;
        }
        int scheme = endOfScheme(text, from, to);
        if (scheme > 0 && hostAndRest(text, scheme, to)) {
            return true;
        }
        for (int at = from + 1; at < to; at++) {
            if (text[at] == '@' && hostAndRest(text, at + 1, to)) {
                return true;
            }
        }
        return false;
    }

    /** The index behind two or more characters of a scheme and their {@code ://}, or 0. */
    private static int endOfScheme(char[] text, int from, int to) {
        int at = from;
        while (at < to) {
            int c = Character.codePointAt(text, at, to);
            if (!CodePoints.is(c, CodePoints.ALPHANUMERIC) && "_+-.".indexOf(c) < 0) {
                break;
            }
            at += Character.charCount(c);
        }
        boolean long2 = Character.codePointCount(text, from, at - from) >= 2;
        boolean mark = to - at >= 3 && text[at] == ':' && text[at + 1] == '/' && text[at + 2] == '/';
        return long2 && mark ? at + 3 : 0;
    }

    private static boolean hostAndRest(char[] text, int from, int to) {
        int end = from;
        boolean dotted = false;
        while (end < to && (isInHost(text[end]) || Character.isSurrogate(text[end]))) {
            dotted |= text[end] == '.';
            end++;
        }
        return dotted && rest(text, end, to) && (isName(text, from, end) || isPublicAddress(text, from, end));
    }

    /** A port, a path, both or none, up to the end of the word. */
    private static boolean rest(char[] text, int from, int to) {
        int at = from;
        if (at < to && text[at] == ':') {
            int digits = 0;
            at++;
            while (at < to && digits < 5 && CodePoints.is(text[at], CodePoints.DIGIT)) {
                at++;
                digits++;
            }
            if (digits < 2) {
                return false;
            }
        }
        return at == to || text[at] == '/' || text[at] == '?' || text[at] == '#';
    }

    // ---- names

    private static boolean isName(char[] text, int from, int to) {
        int label = from;
        for (int at = from; at < to; at++) {
            if (text[at] == '.') {
                if (!isLabel(text, label, at)) {
                    return false;
                }
                label = at + 1;
            }
        }
        return label > from && isEnding(text, label, to);
    }

    private static boolean isLabel(char[] text, int from, int to) {
        if (from == to || to - from > LONGEST_LABEL || !isAlphanumeric(text[from]) || !isAlphanumeric(text[to - 1])) {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (Character.isSurrogate(text[at])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEnding(char[] text, int from, int to) {
        int letters = 0;
        for (int at = from; at < to; letters++) {
            int c = Character.codePointAt(text, at, to);
            if (!SpacyCharacters.is(c, SpacyCharacters.LOWER)) {
                return false;
            }
            at += Character.charCount(c);
        }
        return letters >= 2 && letters <= LONGEST_ENDING;
    }

    private static boolean isInHost(char c) {
        return isAlphanumeric(c) || c == '.' || c == '-' || c == '_';
    }

    private static boolean isAlphanumeric(char c) {
        if (c < 128) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }
        return c >= '\u00a1' && !Character.isSurrogate(c);
    }

    // ---- IPv4 addresses

    private static boolean isPublicAddress(char[] text, int from, int to) {
        int[] parts = new int[4];
        int count = 0;
        int at = from;
        while (at <= to) {
            int end = at;
            int value = 0;
            while (end < to && text[end] >= '0' && text[end] <= '9' && end - at < 4) {
                value = value * 10 + text[end] - '0';
                end++;
            }
            int digits = end - at;
            boolean ends = end == to || text[end] == '.';
            if (!ends || digits == 0 || digits > 3 || count == 4 || !isPart(count, value, digits, text[at] == '0')) {
                return false;
            }
            parts[count++] = value;
            at = end + 1;
        }
        return count == 4 && !isPrivate(parts[0], parts[1]);
    }

    private static boolean isPart(int index, int value, int digits, boolean zeroFirst) {
        if (index == 0) {
            return !zeroFirst && value <= 223;
        }
        if (index == 3) {
            return !zeroFirst && value <= 254;
        }
        return value <= 255 && (digits < 3 || !zeroFirst);
    }

    private static boolean isPrivate(int first, int second) {
        return first == 10
                || first == 127
                || (first == 169 && second == 254)
                || (first == 192 && second == 168)
                || (first == 172 && second >= 16 && second <= 31);
    }
}
