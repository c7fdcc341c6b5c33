package io.peregrine.data.pii;

import io.peregrine.data.text.Spans;
import java.util.HashMap;
import java.util.Map;

/**
 * Bank account numbers after ISO 13616: the country's length and the remainder modulo 97, with a space after every fourth
 * character or without spaces, in capitals.
 */
final class IbanDetector implements Detector {
    /** Lengths by country, from the registry that SWIFT keeps. */
    private static final String LENGTHS =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24"
                    + " DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22"
                    + " IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31"
                    + " MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23"
                    + " ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

    private static final Map<String, Integer> LENGTH_BY_COUNTRY = new HashMap<>();

    static {
        for (String entry : LENGTHS.split(" ", -1)) {
            LENGTH_BY_COUNTRY.put(entry.substring(0, 2), Integer.valueOf(entry.substring(2)));
        }
    }

    @Override
    public void find(String text, Spans found) {
        int at = 0;
        while (at + 4 <= text.length()) {
            if (begins(text, at)) {
                int end = end(text, at, LENGTH_BY_COUNTRY.getOrDefault(text.substring(at, at + 2), 0));
                if (end > 0) {
                    found.add(at, end);
                    at = end;
                    continue;
                }
            }
            at++;
        }
    }

    private static boolean begins(String text, int at) {
        return Ascii.isUpper(text.charAt(at))
                && Ascii.isUpper(text.charAt(at + 1))
                && Ascii.isDigit(text.charAt(at + 2))
                && Ascii.isDigit(text.charAt(at + 3))
                && !Ascii.isWord(Ascii.at(text, at - 1));
    }

    /** Index after an account number of this length that checks, or -1. */
    private static int end(String text, int from, int length) {
        if (length == 0) {
            return -1;
        }
        boolean spaced = Ascii.at(text, from + 4) == ' ' || Ascii.at(text, from + 4) == '\u00a0';
        char[] characters = new char[length];
        int at = from;
        for (int i = 0; i < length; i++) {
            if (spaced && i > 0 && i % 4 == 0) {
                if (Ascii.at(text, at) != text.charAt(from + 4)) {
                    return -1;
                }
                at++;
            }
            char c = Ascii.at(text, at);
            if (!Ascii.isDigit(c) && !Ascii.isUpper(c)) {
                return -1;
            }
            characters[i] = c;
            at++;
        }
        return !Ascii.isWord(Ascii.at(text, at)) && remainder(characters) == 1 ? at : -1;
    }

    /** The number with its first four characters moved to the end and letters as 10 to 35, modulo 97. */
    private static int remainder(char[] characters) {
        int remainder = 0;
        for (int i = 0; i < characters.length; i++) {
            char c = characters[(i + 4) % characters.length];
            remainder = Ascii.isDigit(c) ? (remainder * 10 + c - '0') % 97 : (remainder * 100 + c - 'A' + 10) % 97;
        }
        return remainder;
    }
}
