package io.peregrine.data.dedup;

import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.Words;
import java.util.Arrays;

/**
 * Reads a text into the hashes of its shingles, with buffers that are used again and again.
 *
 * <p>The words are those of {@link Words} in the {@link SimplifiedText}; a test holds the two against each other. Here each
 * character goes through one table, and words that are nothing but letters and numbers between spaces, nearly all, are
 * found without the general rules. Words become UTF-8 as they are found, so that a shingle is one range of bytes.
 *
 * <p>Linear in the text; beside a copy of it in memory 8 bytes a word. For one thread.
 */
final class Shingler {
    private static final int KEPT_CHARS = 1 << 20;
    private static final int FLUSH_BYTES = 1 << 16;

    private final int shingleWords;
    private final ShingleHash.Hasher hasher;
    private char[] given = new char[1 << 14];
    private char[] simple = new char[1 << 14];
    private byte[] bytes = new byte[2 * FLUSH_BYTES];
    private int bytesEnd;
    /** Where in the bytes each word begins that is not in a finished shingle; the one after the last begins at the end. */
    private int[] starts = new int[1024];

    private int words;
    private long[] hashes = new long[1 << 12];
    private int count;

    Shingler(int shingleWords, ShingleHash hash) {
        this.shingleWords = shingleWords;
        this.hasher = hash.hasher();
    }

    /** Hashes of the last text's shingles, in order; only the first {@link #count} count. */
    long[] hashes() {
        return hashes;
    }

    /** How many shingles the last text has. */
    int count() {
        return count;
    }

    /** Replaces the hashes by those of a text. */
    void read(String text) {
        begin(text.length());
        text.getChars(0, text.length(), given, 0);
        int length = simplify(text.length());
        if (length >= 0) {
            split(length);
        } else {
            String simplified = SimplifiedText.of(text);
            simple = room(simple, simplified.length());
            simplified.getChars(0, simplified.length(), simple, 0);
            split(simplified.length());
        }
        finishShingles();
    }

    private void begin(int length) {
        if (given.length > KEPT_CHARS && length <= KEPT_CHARS) {
            given = new char[1 << 14];
            simple = new char[1 << 14];
            bytes = new byte[2 * FLUSH_BYTES];
            hashes = new long[1 << 12];
        }
        given = room(given, length);
        words = 0;
        bytesEnd = 0;
        count = 0;
        starts[0] = 0;
    }

    private static char[] room(char[] buffer, int length) {
        return buffer.length >= length ? buffer : new char[(int) Math.min(Integer.MAX_VALUE - 8L, length * 5L / 4)];
    }

    /** Writes the simplified text, spaces at its ends aside, and returns its length, or -1 if a character is hard. */
    private int simplify(int length) {
        char[] in = given;
        // A character expands to three at most (Hangul); numbers and surrogates never do.
        simple = room(simple, (int) Math.min(Integer.MAX_VALUE - 8L, length + 16L));
        char[] out = simple;
        int to = 0;
        boolean pending = false;
        int at = 0;
        while (at < length) {
            char c = in[at];
            int action = SimpleChars.action(c);
            if (action == SimpleChars.SPACE) {
                pending = true;
                at++;
                continue;
            }
            if (to + 8 > out.length) {
                out = Arrays.copyOf(out, (int) Math.min(Integer.MAX_VALUE - 8L, out.length * 2L));
                simple = out;
            }
            if (pending && action != SimpleChars.NOTHING) {
                out[to++] = ' ';
                pending = false;
            }
            if (action >= SimpleChars.PLAIN) {
                out[to++] = (char) action;
                at++;
            } else if (action == SimpleChars.DIGIT) {
                out[to++] = '0';
                at = endOfNumber(at, length);
            } else if (action == SimpleChars.EXPANDS) {
                String expansion = SimpleChars.expansion(c);
                expansion.getChars(0, expansion.length(), out, to);
                to += expansion.length();
                at++;
            } else if (action == SimpleChars.NOTHING) {
                at++;
            } else if (action == SimpleChars.SURROGATE) {
                int codePoint = Character.codePointAt(in, at, length);
                int kind = SimpleChars.ofCodePoint(codePoint);
                if (kind == SimpleChars.HARD) {
                    return -1;
                }
                if (kind == SimpleChars.DIGIT) {
                    out[to++] = '0';
                    at = endOfNumber(at, length);
                    continue;
                }
                at += Character.charCount(codePoint);
                if (kind == SimpleChars.SPACE) {
                    pending = true;
                } else if (kind == SimpleChars.EXPANDS) {
                    String one = SimpleChars.simple(codePoint);
                    one.getChars(0, one.length(), out, to);
                    to += one.length();
                }
            } else {
                return -1;
            }
        }
        return to;
    }

    /** The index after digits and, if digits follow one, a separator and those digits. */
    private int endOfNumber(int from, int length) {
        int end = endOfDigits(from, length);
        if (end < length && SimplifiedText.isDecimalSeparator(given[end])) {
            int fractionEnd = endOfDigits(end + 1, length);
            return fractionEnd > end + 1 ? fractionEnd : end;
        }
        return end;
    }

    private int endOfDigits(int from, int length) {
        int at = from;
        while (at < length) {
            int c = Character.codePointAt(given, at, length);
            if (!CodePoints.is(c, CodePoints.DIGIT)) {
                return at;
            }
            at += Character.charCount(c);
        }
        return at;
    }

    /** Adds the words of the simplified text. */
    private void split(int length) {
        int at = 0;
        while (at < length) {
            if (simple[at] == ' ') {
                at++;
                continue;
            }
            int end = at;
            boolean oneWord = true;
            while (end < length && simple[end] != ' ') {
                int flags = CodePoints.flags(simple[end]);
                oneWord &= (flags & CodePoints.WORD) != 0 || (end > at && (flags & CodePoints.ATTACHED) != 0);
                end++;
            }
            if (oneWord) {
                addWord(at, end);
            } else {
                splitHard(at, end);
            }
            at = end;
        }
    }

    /** Whitespace ends every word, so what is between two spaces can be split by itself. */
    private void splitHard(int from, int to) {
        Words rules = new Words(new String(simple, from, to - from));
        while (rules.next()) {
            addWord(from + rules.start(), from + rules.end());
        }
    }

    private void addWord(int from, int to) {
        long room = bytesEnd + (to - from) * 3L + 1;
        if (room > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(room, bytes.length * 2L)));
        }
        if (words + 2 > starts.length) {
            starts = Arrays.copyOf(starts, starts.length * 2);
        }
        int end = encode(from, to, bytesEnd);
        bytes[end++] = ' ';
        bytesEnd = end;
        starts[++words] = end;
        if (end > FLUSH_BYTES) {
            finishShingles();
        }
    }

    /** Writes UTF-8; half a surrogate pair becomes a question mark, as Java's encoders have it. */
    private int encode(int from, int to, int target) {
        byte[] out = bytes;
        int end = target;
        for (int i = from; i < to; i++) {
            char c = simple[i];
            if (c < 0x80) {
                out[end++] = (byte) c;
            } else if (c < 0x800) {
                out[end++] = (byte) (0xC0 | (c >> 6));
                out[end++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                out[end++] = (byte) (0xE0 | (c >> 12));
                out[end++] = (byte) (0x80 | (c >> 6 & 0x3F));
                out[end++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(simple[i + 1])) {
                int codePoint = Character.toCodePoint(c, simple[++i]);
                out[end++] = (byte) (0xF0 | (codePoint >> 18));
                out[end++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
                out[end++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
                out[end++] = (byte) (0x80 | (codePoint & 0x3F));
            } else {
                out[end++] = '?';
            }
        }
        return end;
    }

    /** Hashes the shingles that are complete and keeps the words that the next ones begin with. */
    private void finishShingles() {
        int complete = words - shingleWords + 1;
        if (complete <= 0) {
            return;
        }
        if (count + complete > hashes.length) {
            hashes = Arrays.copyOf(hashes, Math.max(count + complete, 2 * hashes.length));
        }
        for (int i = 0; i < complete; i++) {
            // A word begins one space after the last one's end.
            hashes[count++] = hasher.hash(bytes, starts[i], starts[i + shingleWords] - 1);
        }
        int kept = starts[complete];
        System.arraycopy(bytes, kept, bytes, 0, bytesEnd - kept);
        bytesEnd -= kept;
        words -= complete;
        for (int i = 0; i <= words; i++) {
            starts[i] = starts[i + complete] - kept;
        }
    }
}
