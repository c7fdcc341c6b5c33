package io.peregrine.data.language;

/**
 * Changes a text as OpenNLP's detector did before its model was trained, in place and without regular expressions.
 *
 * <p>In this order: what is beyond U+D83B (emoji, presentation forms), addresses, e-mail addresses, {@code #tags} and {@code
 * @names}, {@code rt}, faces, and digits become one space each; laughter is shortened; white space collapses; a character
 * that stands three times and more is left twice; letters become small. The quirks are part of the model: a hyphen is
 * blanked too, and so is {@code xp} inside a word.
 *
 * <p>Time: linear, every rule in one pass. Thread: one at a time.
 */
final class OpenNlpNormalizer {
    /** First unit of the set that the original calls emoji; U+DFFF and the hyphen are in it as well. */
    private static final char FIRST_BLANKED = '\uD83C';

    private static final int LAST_BLANKED = 0x10FC00;

    private char[] text = new char[0];
    private int length;

    /** Replaces {@code text[0, length)} by its normal form; the new length. */
    int normalize(char[] units, int size) {
        text = units;
        length = size;
        boolean[] found = blankBeyond();
        if (found[0]) {
            blankAddresses();
        }
        if (found[1]) {
            blankMail();
        }
        if (found[1] || found[2]) {
            blankTags();
        }
        blankRetweets();
        blankFaces();
        shortenLaughter();
        shrink();
        return length;
    }

    /** Whether the text has {@code :}, {@code @} and {@code #}, so that the rules which need them can be left out. */
    private boolean[] blankBeyond() {
        boolean[] found = new boolean[3];
        int to = 0;
        for (int at = 0; at < length; ) {
            int next = at;
            while (next < length && blanked(next)) {
                next += unitsAt(next);
            }
            if (next > at) {
                text[to++] = ' ';
                at = next;
            } else {
                char c = text[at];
                found[0] |= c == ':';
                found[1] |= c == '@';
                found[2] |= c == '#';
                for (int units = unitsAt(at); units > 0; units--) {
                    text[to++] = text[at++];
                }
            }
        }
        length = to;
        return found;
    }

    private boolean blanked(int at) {
        char c = text[at];
        if (unitsAt(at) == 2) {
            return Character.toCodePoint(c, text[at + 1]) <= LAST_BLANKED;
        }
        return c == '-' || c >= FIRST_BLANKED;
    }

    private int unitsAt(int at) {
        return Character.isHighSurrogate(text[at]) && at + 1 < length && Character.isLowSurrogate(text[at + 1]) ? 2 : 1;
    }

    private void blankAddresses() {
        int to = 0;
        for (int at = 0; at < length; ) {
            int end = text[at] == 'h' ? addressEnd(at) : at;
            if (end > at) {
                text[to++] = ' ';
                at = end;
            } else {
                text[to++] = text[at++];
            }
        }
        length = to;
    }

    private int addressEnd(int at) {
        if (!startsWith(at, "http")) {
            return at;
        }
        int after = at + 4 + (at + 4 < length && text[at + 4] == 's' ? 1 : 0);
        if (!startsWith(after, "://")) {
            return at;
        }
        int end = after + 3;
        while (end < length && (asciiAlphanumeric(text[end]) || "-_.?&~;+=/#".indexOf(text[end]) >= 0)) {
            end++;
        }
        return end > after + 3 ? end : at;
    }

    private boolean startsWith(int at, String prefix) {
        for (int i = 0; i < prefix.length(); i++) {
            if (at + i >= length || text[at + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The part before the sign begins where a run of its characters begins; a run is looked at once. */
    private void blankMail() {
        int to = 0;
        for (int at = 0; at < length; ) {
            int run = at;
            while (run < length && mailName(text[run])) {
                run++;
            }
            int end = run > at ? mailEnd(run) : run;
            if (end > run) {
                text[to++] = ' ';
                at = end;
                while (at < length && mailName(text[at])) {
                    text[to++] = text[at++];
                }
            } else {
                run = Math.max(run, at + 1);
                while (at < run) {
                    text[to++] = text[at++];
                }
            }
        }
        length = to;
    }

    /** End of what follows an at sign, or {@code sign} itself if that is no address. */
    private int mailEnd(int sign) {
        if (sign + 1 >= length || text[sign] != '@' || !mailHost(text[sign + 1]) || text[sign + 1] == '.') {
            return sign;
        }
        int end = sign + 1;
        while (end < length && mailHost(text[end])) {
            end++;
        }
        return end - sign > 2 ? end : sign;
    }

    private static boolean mailName(char c) {
        return asciiAlphanumeric(c) || c == '+' || c == '_' || c == '.';
    }

    private static boolean mailHost(char c) {
        return asciiAlphanumeric(c) || c == '.';
    }

    private void blankTags() {
        int to = 0;
        for (int at = 0; at < length; ) {
            int end = at + 1;
            boolean sign = text[at] == '#' || text[at] == '@';
            while (sign && end < length && !space(text[end])) {
                end++;
            }
            text[to++] = end > at + 1 ? ' ' : text[at];
            at = end;
        }
        length = to;
    }

    private void blankRetweets() {
        int to = 0;
        for (int at = 0; at < length; ) {
            int end = at;
            if ((text[at] | 0x20) == 'r' && (at == 0 || !wordUnit(text[at - 1]))) {
                while (end + 2 < length
                        && (text[end] | 0x20) == 'r'
                        && (text[end + 1] | 0x20) == 't'
                        && (text[end + 2] == ' ' || text[end + 2] == ':')) {
                    end += 3;
                }
            }
            if (end > at) {
                text[to++] = ' ';
                at = end;
            } else {
                text[to++] = text[at++];
            }
        }
        length = to;
    }

    private static boolean wordUnit(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private void blankFaces() {
        int to = 0;
        for (int at = 0; at < length; ) {
            char c = text[at];
            boolean eyes = c == ':' || c == ';' || c == 'x' || c == 'X';
            if (eyes && at + 1 < length && "()dopDOP".indexOf(text[at + 1]) >= 0) {
                text[to++] = ' ';
                at += 2;
            } else {
                text[to++] = c;
                at++;
            }
        }
        length = to;
    }

    /** {@code hahaha} and the like: a breath, a vowel, and the same two again. */
    private void shortenLaughter() {
        int to = 0;
        for (int at = 0; at < length; ) {
            if (!breath(text[at])) {
                text[to++] = text[at++];
                continue;
            }
            int vowels = at;
            while (vowels < length && breath(text[vowels])) {
                vowels++;
            }
            int end = vowels;
            while (end < length && vowel(text[end])) {
                end++;
            }
            int repeated = end > vowels ? repeatsEnd(end, text[vowels - 1], text[end - 1]) : end;
            if (repeated > end) {
                char h = text[vowels - 1];
                char v = text[end - 1];
                text[to++] = h;
                text[to++] = v;
                text[to++] = h;
                text[to++] = v;
                at = repeated;
            } else {
                while (at < vowels) {
                    text[to++] = text[at++];
                }
            }
        }
        length = to;
    }

    private int repeatsEnd(int from, char breath, char vowel) {
        int end = from;
        while (true) {
            int vowels = end;
            while (vowels < length && sameLetter(text[vowels], breath)) {
                vowels++;
            }
            int next = vowels;
            while (next < length && sameLetter(text[next], vowel)) {
                next++;
            }
            if (vowels == end || next == vowels) {
                return end;
            }
            end = next;
        }
    }

    private static boolean breath(char c) {
        return (c | 0x20) == 'h' || (c | 0x20) == 'j';
    }

    private static boolean vowel(char c) {
        return "aieouAIEOU".indexOf(c) >= 0;
    }

    private static boolean sameLetter(char a, char b) {
        return a == b || ((a ^ b) == 0x20 && asciiLetter(a));
    }

    /** Digits to a space, white space to one, a character to at most two, all in small letters. */
    private void shrink() {
        int blank = 0;
        for (int at = 0; at < length; ) {
            boolean digits = false;
            while (at < length && text[at] >= '0' && text[at] <= '9') {
                digits = true;
                at++;
            }
            text[blank++] = digits ? ' ' : text[at++];
        }
        int to = 0;
        for (int at = 0; at < blank; ) {
            int end = at + 1;
            while (end < blank && space(text[at]) && space(text[end])) {
                end++;
            }
            text[to++] = end > at + 1 ? ' ' : text[at];
            at = end;
        }
        length = to;
        shortenRuns();
        trimAndLower();
    }

    private void shortenRuns() {
        int to = 0;
        for (int at = 0; at < length; ) {
            int end = at + 1;
            while (end < length && sameLetter(text[end], text[at])) {
                end++;
            }
            boolean shortened = end - at > 2 && !lineEnd(text[at]);
            text[to] = text[at];
            for (int i = 1; i < Math.min(end - at, 2); i++) {
                text[to + i] = shortened ? text[at] : text[at + i];
            }
            to += Math.min(end - at, 2);
            for (int i = 2; i < end - at && !shortened; i++) {
                text[to++] = text[at + i];
            }
            at = end;
        }
        length = to;
    }

    private void trimAndLower() {
        int from = 0;
        while (from < length && text[from] <= ' ') {
            from++;
        }
        while (length > from && text[length - 1] <= ' ') {
            length--;
        }
        for (int at = from; at < length; at++) {
            text[at - from] = Character.toLowerCase(text[at]);
        }
        length -= from;
    }

    private static boolean lineEnd(char c) {
        return c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029';
    }

    private static boolean space(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean asciiLetter(char c) {
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    }

    private static boolean asciiAlphanumeric(char c) {
        return asciiLetter(c) || (c >= '0' && c <= '9');
    }
}
