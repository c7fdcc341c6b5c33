package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;

/**
 * IP addresses that are public by the IANA registries of special addresses (RFC 6890); private, local, reserved and
 * documentation addresses stay.
 *
 * <p>Four numbers with dots are an IPv4 address only where they cannot be the number of a version or a section: not inside
 * a longer dotted number or word, not after the word version or a letter v, not if all four have one digit. An IPv6 address
 * must be of the global unicast range 2000::/3 and have three groups, which no time of day, slice or name in a program has.
 */
final class IpDetector implements Detector {
    private static final int IPV6_MAX = 39;
    private static final int CONTEXT = 16;
    private static final String[] VERSIONED = {"version", "ver.", "release", "build", "section", "chapter", "rev."};

    @Override
    public void find(String text, Spans found) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean begins = Ascii.isHex(c) && !Ascii.isWord(Ascii.at(text, at - 1));
            boolean inGroups = Ascii.at(text, at - 1) == ':'
                    && (Ascii.isHex(Ascii.at(text, at - 2)) || Ascii.at(text, at - 2) == ':');
            if (!begins) {
                at++;
                continue;
            }
            int end = Ascii.isDigit(c) ? ipv4(text, at) : -1;
            if (end < 0 && !inGroups && (c == '2' || c == '3')) {
                end = ipv6(text, at);
            }
            if (end > 0) {
                found.add(at, end);
                at = end;
            } else {
                at = endOfWord(text, at);
            }
        }
    }

    private static int endOfWord(String text, int from) {
        int end = from;
        while (end < text.length() && Ascii.isWord(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static int ipv4(String text, int from) {
        int end = endOfQuad(text, from);
        if (end < 0) {
            return -1;
        }
        char before = Ascii.at(text, from - 1);
        char after = Ascii.at(text, end);
        boolean longer = Ascii.isWord(after)
                || (after == '.' && Ascii.isWord(Ascii.at(text, end + 1)))
                || (after == '-' && Ascii.isLetter(Ascii.at(text, end + 1)))
                || before == '.'
                || (before == '-' && Ascii.isWord(Ascii.at(text, from - 2)))
                || (before == '@' && Ascii.isWord(Ascii.at(text, from - 2)));
        return longer || end - from == 7 || isVersioned(text, from) || !isPublic(text, from) ? -1 : end;
    }

    /** Index after four numbers of 0 to 255 with dots between, or -1. */
    static int endOfQuad(String text, int from) {
        int at = from;
        for (int i = 0; i < 4; i++) {
            int value = 0;
            int digits = 0;
            while (digits < 4 && Ascii.isDigit(Ascii.at(text, at))) {
                value = value * 10 + text.charAt(at) - '0';
                at++;
                digits++;
            }
            boolean padded = digits > 1 && text.charAt(at - digits) == '0';
            if (digits == 0 || digits > 3 || value > 255 || padded) {
                return -1;
            }
            if (i < 3) {
                if (Ascii.at(text, at) != '.') {
                    return -1;
                }
                at++;
            }
        }
        return at;
    }

    /** Whether the words before say that a version or a section is numbered. */
    private static boolean isVersioned(String text, int from) {
        int start = Math.max(0, from - CONTEXT);
        for (String word : VERSIONED) {
            for (int at = start; at + word.length() <= from; at++) {
                if (text.regionMatches(true, at, word, 0, word.length())) {
                    return true;
                }
            }
        }
        int at = from;
        while (at > start && " =:\"'".indexOf(text.charAt(at - 1)) >= 0) {
            at--;
        }
        char last = Ascii.at(text, at - 1);
        return (last == 'v' || last == 'V') && !Ascii.isWord(Ascii.at(text, at - 2));
    }

    private static boolean isPublic(String text, int from) {
        int[] octets = new int[4];
        int octet = 0;
        for (int at = from; octet < 4; at++) {
            char c = Ascii.at(text, at);
            if (Ascii.isDigit(c)) {
                octets[octet] = octets[octet] * 10 + c - '0';
            } else {
                octet++;
            }
        }
        int a = octets[0];
        int b = octets[1];
        int c = octets[2];
        boolean special = a == 0
                || a == 10
                || a == 127
                || a >= 224
                || (a == 100 && b >= 64 && b < 128)
                || (a == 169 && b == 254)
                || (a == 172 && b >= 16 && b < 32)
                || (a == 192 && b == 168)
                || (a == 192 && b == 0 && (c == 0 || c == 2))
                || (a == 198 && (b == 18 || b == 19))
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113);
        return !special;
    }

    /** Index after an IPv6 address, or -1. */
    private static int ipv6(String text, int from) {
        int end = from;
        while (end - from <= IPV6_MAX && (Ascii.isHex(Ascii.at(text, end)) || Ascii.at(text, end) == ':')) {
            end++;
        }
        if (end - from > IPV6_MAX || Ascii.isWord(Ascii.at(text, end))) {
            return -1;
        }
        while (end > from && text.charAt(end - 1) == ':' && !text.startsWith("::", end - 2)) {
            end--;
        }
        int groups = 0;
        boolean gap = false;
        int at = from;
        while (at < end) {
            int start = at;
            while (at < end && text.charAt(at) != ':') {
                at++;
            }
            groups++;
            if (at == start || at - start > 4) {
                return -1;
            }
            if (text.startsWith("::", at) && at < end) {
                if (gap || Ascii.at(text, at + 2) == ':') {
                    return -1;
                }
                gap = true;
                at++;
            }
            at++;
        }
        boolean whole = gap ? groups >= 3 && groups <= 7 : groups == 8;
        boolean global = whole && text.indexOf(':', from) == from + 4 && !isDocumentation(text, from);
        return global ? end : -1;
    }

    private static boolean isDocumentation(String text, int from) {
        return text.regionMatches(true, from, "2001:db8:", 0, 9)
                || text.regionMatches(true, from, "2001:0db8:", 0, 10)
                || text.regionMatches(true, from, "3fff:", 0, 5);
    }
}
