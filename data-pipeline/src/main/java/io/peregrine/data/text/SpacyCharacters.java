package io.peregrine.data.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.lang.UProperty;

/**
 * The character classes in which spaCy's punctuation rules are written, as bit flags.
 *
 * <p>They are older than the Unicode version in use: symbols are those of Unicode 11, marks that end sentences those of
 * Unicode 10, and a letter is one of the scripts that were thought of, in ranges that hold other characters too. Letters
 * of scripts without case count as lower and upper ones.
 */
final class SpacyCharacters {
    static final int LOWER = 1;
    static final int UPPER = 1 << 1;
    static final int LETTER = 1 << 2;
    /** A quotation mark; the comma is one of them. */
    static final int QUOTE = 1 << 3;
    /** A punctuation mark other than a full stop, a quotation mark or a dash. */
    static final int MARK = 1 << 4;
    /**
     * A quotation mark of East Asia, which is one by itself only: in the classes that quotation marks are part of it is a
     * letter already.
     */
    static final int EAST_ASIAN_QUOTE = 1 << 5;
    /** A symbol, category So. */
    static final int ICON = 1 << 6;

    static final int CURRENCY = 1 << 7;
    /** A letter and nothing else of all this, in the basic plane: in a word of these no language cuts anything. */
    static final int PLAIN = 1 << 8;
    /** A token of nothing else ends a sentence. */
    static final int SENTENCE_END = 1 << 9;
    /** Category P. */
    static final int PUNCTUATION = 1 << 10;
    /** 0 to 9 and no others. */
    static final int DIGIT = 1 << 11;
    /** A combining accent, as in stressed Cyrillic. */
    static final int ACCENT = 1 << 12;
    /** {@code \\w} of Python's regular expressions: {@code isalnum}, or an underscore. */
    static final int WORD = 1 << 13;
    /** No character's flag: what {@link CharacterSet} means by every character. */
    static final int ANY = 1 << 16;

    private static final String LETTERS =
            "41-5A 61-7A C0-D6 D8-F6 F8-1BF 1C4-2AF 386 388-38A 38C 38E-38F 391-3A1 3A3-3A9"
                    + " 3AC-3AF 3B1-3C9 3CC-3CE 400-401 403-40A 40C-40D 410-451 453-45A 45C-45D 490-491 496-497 4A2-4A3 4AE-4AF"
                    + " 4BA-4BB 4D8-4D9 4E8-4E9 591-5F4 620-64A 66E-6D5 6E5-6FF 750-77F 8A0-8BD 900-9FF B80-CFF D80-DFF 1100-137F"
                    + " 1D00-1D25 1D6B-1D77 1D79-1D9A 1E00-1EFF 2C60-2C7B 2C7E-2C7F 2E80-2FDF 2FF0-2FFF 3001-30FF 31C0-31EF"
                    + " 3200-4DBF 4E00-9FFF A722-A76F A771-A787 A78B-A78E A790-A7B9 A7FA AB30-AB5A AB60-AB64 AC00-D7AF F900-FAFF"
                    + " FB1D-FBB1 FBD3-FD3D FD50-FDC7 FDF0-FDFB FE30-FE4F FE70-FEFC FF21-FF3A FF41-FF5A 1EE00-1EEBB 1F200-1F2FF"
                    + " 20000-2A6DF 2A700-2EBEF 2F800-2FA1F";

    private static final String PUNCTUATION_MARKS = "!#&()*,:;<>?[]_{}\u00a1\u00b7\u00bf\u060c\u061b\u061f\u066a\u06d4"
            + "\u0964\u2026\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f\uff5e";

    private static final String QUOTES =
            "\"'`\u00ab\u00b4\u00bb\u2018\u2019\u201a\u201c\u201d\u201e\u2329\u232a\u27e6\u27e7" + "\uff08\uff09";

    private static final String EAST_ASIAN_QUOTES =
            "\u3008\u3009\u300a\u300b\u300c\u300d\u300e\u300f\u3010\u3011\u3014\u3015";

    private static final String CURRENCIES = "$\u00a3\u00a5\u0e3f\ufdfc";

    /** Marks that end sentences by Unicode and not for spaCy. */
    private static final String NO_SENTENCE_ENDS =
            "\u061e\u0837\u0839\u083d\u083e\u17d4\u17d5\u2024\u2cf9\u2cfa\u2cfb\ufe12\ufe15\ufe16";

    private static final int SYMBOLS_UNICODE = 11;
    private static final int SENTENCE_ENDS_UNICODE = 10;
    /** Category So once, Po since Unicode 12. */
    private static final int CANADIAN_CHI_SIGN = 0x166d;

    /** Letters without case among those with. */
    private static final int LATIN_TWO_WITH_STROKE = 0x1bb;

    private static final int LATIN_GLOTTAL_STOP = 0x294;
    private static final int LATIN_PHARYNGEAL = 0x295;

    private static final short[] FLAGS = table();

    private SpacyCharacters() {}

    /** The flags of a code point. */
    static int flags(int codePoint) {
        return FLAGS[codePoint];
    }

    /** Whether a code point has one of these flags. */
    static boolean is(int codePoint, int flags) {
        return (FLAGS[codePoint] & flags) != 0;
    }

    private static short[] table() {
        short[] table = new short[Character.MAX_CODE_POINT + 1];
        for (String range : LETTERS.split(" ")) {
            String[] ends = range.split("-");
            for (int c = Integer.parseInt(ends[0], 16); c <= Integer.parseInt(ends[ends.length - 1], 16); c++) {
                table[c] |= (short) (LETTER | caseOf(c));
            }
        }
        for (int c = 0; c < table.length; c++) {
            if (UCharacter.getType(c) == UCharacterCategory.OTHER_SYMBOL
                    && UCharacter.getAge(c).getMajor() <= SYMBOLS_UNICODE
                    && c != CANADIAN_CHI_SIGN) {
                table[c] |= ICON;
            }
            if (UCharacter.hasBinaryProperty(c, UProperty.S_TERM)
                    && UCharacter.getAge(c).getMajor() <= SENTENCE_ENDS_UNICODE
                    && NO_SENTENCE_ENDS.indexOf(c) < 0) {
                table[c] |= SENTENCE_END;
            }
            table[c] |= (short) (isPunctuation(c) ? PUNCTUATION : 0);
        }
        for (int c = 0x20a0; c <= 0x20bf; c++) {
            table[c] |= CURRENCY;
        }
        for (int c = 0x300; c <= 0x36f; c++) {
            table[c] |= ACCENT;
        }
        add(table, CURRENCIES, CURRENCY);
        add(table, PUNCTUATION_MARKS, MARK);
        add(table, QUOTES, QUOTE);
        add(table, EAST_ASIAN_QUOTES, EAST_ASIAN_QUOTE);
        add(table, ",", QUOTE);
        add(table, "0123456789", DIGIT);
        for (int c = 0; c < table.length; c++) {
            int word = c == '_' || CodePoints.is(c, CodePoints.ALPHANUMERIC) ? WORD : 0;
            table[c] |= (short) (word | (isPlain(c, table[c]) ? PLAIN : 0));
        }
        return table;
    }

    private static boolean isPlain(int c, int flags) {
        return c <= Character.MAX_VALUE
                && (flags & LETTER) != 0
                && (flags & (QUOTE | MARK | EAST_ASIAN_QUOTE | ICON | CURRENCY | DIGIT)) == 0;
    }

    private static int caseOf(int c) {
        return switch (UCharacter.getType(c)) {
            case UCharacterCategory.LOWERCASE_LETTER -> LOWER;
            case UCharacterCategory.UPPERCASE_LETTER -> UPPER;
            case UCharacterCategory.TITLECASE_LETTER -> 0;
            default -> {
                if (c == LATIN_TWO_WITH_STROKE) {
                    yield 0;
                }
                yield c == LATIN_GLOTTAL_STOP || c == LATIN_PHARYNGEAL ? LOWER : LOWER | UPPER;
            }
        };
    }

    private static boolean isPunctuation(int c) {
        return switch (UCharacter.getType(c)) {
            case UCharacterCategory.CONNECTOR_PUNCTUATION,
                    UCharacterCategory.DASH_PUNCTUATION,
                    UCharacterCategory.START_PUNCTUATION,
                    UCharacterCategory.END_PUNCTUATION,
                    UCharacterCategory.INITIAL_PUNCTUATION,
                    UCharacterCategory.FINAL_PUNCTUATION,
                    UCharacterCategory.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static void add(short[] table, String characters, int flags) {
        characters.chars().forEach(c -> table[c] |= (short) flags);
    }
}
