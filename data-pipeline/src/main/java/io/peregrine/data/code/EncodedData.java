package io.peregrine.data.code;

import io.peregrine.data.text.Spans;

/**
 * Data written as text, found as The Stack v2 finds it (arXiv:2402.19173): {@code [a-zA-Z0-9+/\n=]{64,}}, {@code
 * (?:\b(?:0x|\\x)?[0-9a-fA-F]{2}(?:,|\b\s*)){8,}} and <code>(?:&#92;u[0-9a-fA-F]{4}){8,}</code>, each by hand and in
 * linear time. A character that two patterns match counts once.
 */
final class EncodedData {
    private static final int BASE64_MIN = 64;
    private static final int UNITS_MIN = 8;

    private final Spans base64 = new Spans();
    private final Spans hexadecimal = new Spans();
    private final Spans escapes = new Spans();
    private long longest;
    private long covered;

    void measure(String text) {
        longest = 0;
        base64.clear();
        hexadecimal.clear();
        escapes.clear();
        findBase64(text);
        findHexadecimal(text);
        findEscapes(text);
        covered = union();
    }

    /** Length of the longest match. */
    long longest() {
        return longest;
    }

    /** Characters that some pattern matches. */
    long covered() {
        return covered;
    }

    Spans base64() {
        return base64;
    }

    Spans hexadecimal() {
        return hexadecimal;
    }

    Spans escapes() {
        return escapes;
    }

    private void add(Spans spans, int from, int to) {
        spans.add(from, to);
        longest = Math.max(longest, to - from);
    }

    private void findBase64(String text) {
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || !isBase64(text.charAt(i))) {
                if (i - from >= BASE64_MIN) {
                    add(base64, from, i);
                }
                from = i + 1;
            }
        }
    }

    /** A unit that cannot follow the one before ends a match; the units of a short one are never looked at again. */
    private void findHexadecimal(String text) {
        int at = 0;
        while (at < text.length()) {
            int units = 0;
            int from = at;
            int next = unit(text, at);
            while (next > 0) {
                units++;
                at = next;
                next = unit(text, at);
            }
            if (units >= UNITS_MIN) {
                add(hexadecimal, from, at);
            }
            at = units == 0 ? at + 1 : at;
        }
    }

    /** Index after the unit that begins here; -1 without one. */
    private static int unit(String text, int at) {
        if (at >= text.length() || !boundary(text, at)) {
            return -1;
        }
        char c = text.charAt(at);
        int digits = at;
        if (at + 1 < text.length() && text.charAt(at + 1) == 'x' && (c == '0' || c == '\\')) {
            digits = at + 2;
        }
        int end = digits + 2;
        if (end > text.length() || !isHex(text.charAt(digits)) || !isHex(text.charAt(digits + 1))) {
            return -1;
        }
        if (end < text.length() && text.charAt(end) == ',') {
            return end + 1;
        }
        if (!boundary(text, end)) {
            return -1;
        }
        while (end < text.length() && isSpace(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean boundary(String text, int at) {
        boolean before = at > 0 && isWord(text.charAt(at - 1));
        boolean after = at < text.length() && isWord(text.charAt(at));
        return before != after;
    }

    private void findEscapes(String text) {
        int at = 0;
        while (at < text.length()) {
            int from = at;
            while (isEscape(text, at)) {
                at += 6;
            }
            if (at - from >= 6 * UNITS_MIN) {
                add(escapes, from, at);
            }
            at = at == from ? at + 1 : at;
        }
    }

    private static boolean isEscape(String text, int at) {
        return at + 6 <= text.length()
                && text.charAt(at) == '\\'
                && text.charAt(at + 1) == 'u'
                && isHex(text.charAt(at + 2))
                && isHex(text.charAt(at + 3))
                && isHex(text.charAt(at + 4))
                && isHex(text.charAt(at + 5));
    }

    private long union() {
        Spans[] lists = {base64, hexadecimal, escapes};
        int[] heads = new int[lists.length];
        long sum = 0;
        int reached = 0;
        while (true) {
            int first = -1;
            for (int i = 0; i < lists.length; i++) {
                boolean better = heads[i] < lists[i].size()
                        && (first < 0 || lists[i].start(heads[i]) < lists[first].start(heads[first]));
                first = better ? i : first;
            }
            if (first < 0) {
                return sum;
            }
            int start = Math.max(reached, lists[first].start(heads[first]));
            int end = lists[first].end(heads[first]);
            sum += Math.max(0, end - start);
            reached = Math.max(reached, end);
            heads[first]++;
        }
    }

    private static boolean isBase64(char c) {
        return isAlphanumeric(c) || c == '+' || c == '/' || c == '\n' || c == '=';
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static boolean isWord(char c) {
        return isAlphanumeric(c) || c == '_';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
