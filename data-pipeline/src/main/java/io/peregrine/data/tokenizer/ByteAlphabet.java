package io.peregrine.data.tokenizer;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The visible characters by which byte-level tokenizers write bytes, as in GPT-2's {@code bytes_to_unicode}: a printable
 * Latin-1 byte is its own character, the others are U+0100 and following in ascending order. A space is U+0120.
 */
final class ByteAlphabet {
    static final int BYTES = 256;

    private static final char FIRST_STAND_IN = '\u0100';
    private static final char[] CHARS = chars();
    private static final int[] BYTE_OF = byteOf();

    private ByteAlphabet() {}

    /** The 256 characters in ascending order: the order in which the bytes get their ids. */
    static char[] sorted() {
        char[] sorted = CHARS.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /** The character of each byte of the text in UTF-8. */
    static String write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] written = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            written[i] = CHARS[bytes[i] & 0xFF];
        }
        return new String(written);
    }

    /**
     * The bytes that a token stands for.
     *
     * @throws CharacterCodingException if it has a character that stands for no byte
     */
    static byte[] read(String written) throws CharacterCodingException {
        byte[] bytes = new byte[written.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = written.charAt(i);
            int value = c < BYTE_OF.length ? BYTE_OF[c] : -1;
            if (value < 0) {
                throw new CharacterCodingException();
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static boolean standsForItself(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || (value >= 0xAE && value <= 0xFF);
    }

    private static char[] chars() {
        char[] chars = new char[BYTES];
        char standIn = FIRST_STAND_IN;
        for (int value = 0; value < BYTES; value++) {
            chars[value] = standsForItself(value) ? (char) value : standIn++;
        }
        return chars;
    }

    private static int[] byteOf() {
        int[] byteOf = new int[FIRST_STAND_IN + BYTES];
        Arrays.fill(byteOf, -1);
        for (int value = 0; value < BYTES; value++) {
            byteOf[CHARS[value]] = value;
        }
        return byteOf;
    }
}
