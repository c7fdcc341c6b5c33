package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;

/**
 * Private keys in PEM blocks (RFC 7468 and the older formats of OpenSSL, OpenSSH and PGP), from the first hyphen to the
 * last, also as one string with escaped line ends. A block that is cut off is masked as far as it goes. Certificates and
 * public keys stay.
 */
final class PrivateKeyDetector implements Detector {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int LABEL_MAX = 40;
    private static final int BODY_MAX = 1 << 16;
    private static final int BODY_MIN = 32;

    @Override
    public void find(String text, Spans found) {
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int body = endOfLabel(text, at + BEGIN.length());
            int next = at + BEGIN.length();
            if (body > 0 && text.substring(at, body).contains("PRIVATE KEY")) {
                int end = endOfBody(text, body);
                int closed = text.startsWith(END, end) ? endOfLabel(text, end + END.length()) : -1;
                if (closed > 0 || end - body >= BODY_MIN) {
                    next = Math.max(closed, end);
                    found.add(at, next);
                }
            }
            at = text.indexOf(BEGIN, next);
        }
    }

    /** Index after the hyphens behind a label of capitals, or -1. */
    private static int endOfLabel(String text, int from) {
        int at = from;
        while (at - from <= LABEL_MAX && (Ascii.isUpper(Ascii.at(text, at)) || Ascii.at(text, at) == ' ')) {
            at++;
        }
        return text.startsWith(DASHES, at) ? at + DASHES.length() : -1;
    }

    /** Index of the first character that a key block does not hold; trailing whitespace is left out. */
    private static int endOfBody(String text, int from) {
        int at = from;
        while (at < text.length() && at - from < BODY_MAX && isBody(text, at)) {
            at++;
        }
        if (text.startsWith(END, at)) {
            return at;
        }
        while (at > from && Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean isBody(String text, int at) {
        char c = text.charAt(at);
        return Ascii.isAlphanumeric(c)
                || "+/=\n\r\t \\:,\"'".indexOf(c) >= 0
                || (c == '-' && !text.startsWith(DASHES, at));
    }
}
