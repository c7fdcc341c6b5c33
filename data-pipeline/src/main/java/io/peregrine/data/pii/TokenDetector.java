package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Tokens of formats that their issuers have published, so that they can be found: a prefix, an alphabet, a length. */
final class TokenDetector implements Detector {
    /** Shortest header: {"alg":"none"} in base64. */
    private static final int JWT_HEADER_MIN = 18;

    private static final int JWT_HEADER_MAX = 2048;

    private static final List<Format> FORMATS = List.of(
            new Format("AKIA", Alphabet.UPPER, 16, 16),
            new Format("ASIA", Alphabet.UPPER, 16, 16),
            new Format("ghp_", Alphabet.ALPHANUMERIC, 36, 251),
            new Format("gho_", Alphabet.ALPHANUMERIC, 36, 251),
            new Format("ghu_", Alphabet.ALPHANUMERIC, 36, 251),
            new Format("ghs_", Alphabet.ALPHANUMERIC, 36, 251),
            new Format("ghr_", Alphabet.ALPHANUMERIC, 36, 251),
            new Format("github_pat_", Alphabet.WORD, 60, 244),
            new Format("glpat-", Alphabet.URL, 20, 64),
            new Format("xoxb-", Alphabet.URL, 20, 255),
            new Format("xoxp-", Alphabet.URL, 20, 255),
            new Format("xoxa-", Alphabet.URL, 20, 255),
            new Format("xoxr-", Alphabet.URL, 20, 255),
            new Format("xoxs-", Alphabet.URL, 20, 255),
            new Format("xapp-", Alphabet.URL, 20, 255),
            new Format("AIza", Alphabet.URL, 35, 35),
            new Format("sk_live_", Alphabet.ALPHANUMERIC, 16, 255),
            new Format("rk_live_", Alphabet.ALPHANUMERIC, 16, 255),
            new Format("hf_", Alphabet.ALPHANUMERIC, 34, 40),
            new Format("npm_", Alphabet.ALPHANUMERIC, 36, 36),
            new Format("pypi-AgEI", Alphabet.URL, 50, 1000));

    private enum Alphabet {
        UPPER,
        ALPHANUMERIC,
        WORD,
        URL;

        boolean has(char c) {
            return switch (this) {
                case UPPER -> Ascii.isUpper(c) || Ascii.isDigit(c);
                case ALPHANUMERIC -> Ascii.isAlphanumeric(c);
                case WORD -> Ascii.isAlphanumeric(c) || c == '_';
                case URL -> Ascii.isAlphanumeric(c) || c == '_' || c == '-';
            };
        }
    }

    private record Format(String prefix, Alphabet alphabet, int min, int max) {
        /** Index after a token that stands here, or -1. Placeholders of one repeated character are none. */
        int end(String text, int from) {
            if (!text.startsWith(prefix, from)) {
                return -1;
            }
            int start = from + prefix.length();
            int at = start;
            while (at - start <= max && alphabet.has(Ascii.at(text, at))) {
                at++;
            }
            int length = at - start;
            boolean fits = length >= min && length <= max && !Ascii.isWord(Ascii.at(text, at));
            return fits && Entropy.distinct(text, start, at) >= 6 ? at : -1;
        }
    }

    @Override
    public void find(String text, Spans found) {
        int at = 0;
        while (at < text.length()) {
            boolean begins = Ascii.isLetter(text.charAt(at)) && !isToken(Ascii.at(text, at - 1));
            int end = begins ? end(text, at) : -1;
            if (end > 0) {
                found.add(at, end);
                at = end;
            } else {
                at++;
            }
        }
    }

    private static boolean isToken(char c) {
        return Ascii.isWord(c) || c == '-';
    }

    private static int end(String text, int from) {
        char first = text.charAt(from);
        if (first == 'e') {
            return endOfJwt(text, from);
        }
        if ("Aghxsrnp".indexOf(first) < 0) {
            return -1;
        }
        for (Format format : FORMATS) {
            int end = format.end(text, from);
            if (end > 0) {
                return end;
            }
        }
        return -1;
    }

    /** A JSON Web Token (RFC 7519): three parts in URL-safe base64, the first of them a JSON object with {@code alg}. */
    private static int endOfJwt(String text, int from) {
        if (!text.startsWith("eyJ", from)) {
            return -1;
        }
        int header = endOfPart(text, from);
        if (header - from < JWT_HEADER_MIN || header - from > JWT_HEADER_MAX || Ascii.at(text, header) != '.') {
            return -1;
        }
        int payload = endOfPart(text, header + 1);
        if (payload == header + 1 || Ascii.at(text, payload) != '.') {
            return -1;
        }
        int end = endOfPart(text, payload + 1);
        return isHeader(text.substring(from, header)) ? end : -1;
    }

    private static int endOfPart(String text, int from) {
        int at = from;
        while (at < text.length() && Alphabet.URL.has(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isHeader(String part) {
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
            return decoded.endsWith("}") && decoded.contains("\"alg\"");
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
