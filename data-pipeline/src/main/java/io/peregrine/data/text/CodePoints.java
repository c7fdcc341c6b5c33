package io.peregrine.data.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.lang.UCharacterDirection;
import com.ibm.icu.lang.UProperty;

/**
 * Properties of code points as bit flags, looked up in one table.
 *
 * <p>Whitespace, line ends, letters and alphanumerics follow Python's {@code str.isspace}, {@code splitlines}, {@code
 * isalpha} and {@code isalnum}, which the published filters are written in; Java's own methods differ from them (U+0085,
 * U+00A0, U+001C and others). An unpaired surrogate is a code point without any property.
 */
public final class CodePoints {
    /** Whitespace: bidirectional class WS, B or S, or category Zs. */
    public static final int SPACE = 1;
    /** Ends a line for {@code splitlines}; always {@link #SPACE} too. */
    public static final int LINE_END = 1 << 1;
    /** A letter: category L. */
    public static final int LETTER = 1 << 2;
    /** A letter, or anything with a numeric value. */
    public static final int ALPHANUMERIC = 1 << 3;
    /** Part of a word that goes on: letter, number or connector punctuation. */
    public static final int WORD = 1 << 4;
    /** A word by itself: ideographs, kana and the scripts that are written without spaces. */
    public static final int SOLO = 1 << 5;
    /** Stays with the character before it: combining marks and format characters. */
    public static final int ATTACHED = 1 << 6;
    /** Decimal digit: category Nd. */
    public static final int DIGIT = 1 << 7;
    /** {@link #BLANKED} or {@link #TERMINAL}: a token of nothing else is a symbol. */
    public static final int PUNCTUATION = 1 << 8;
    /** Punctuation and control characters that near-duplicate detection turns into spaces. */
    public static final int BLANKED = 1 << 9;
    /** Non-spacing mark: category Mn. */
    public static final int NONSPACING_MARK = 1 << 10;
    /** Ends a line of prose: a mark that datatrove's filters take for the end of a sentence. */
    public static final int TERMINAL = 1 << 11;

    private static final String LINE_ENDS = "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029";

    /**
     * The set that datatrove's text normalisation blanks; controls are added below. Full-width one is in it, tab and
     * line feed are not.
     */
    private static final String BLANKED_SYMBOLS = "!/\u2014\u201d:\uff05\uff11\u3008&(\u3001\u2501\\\u3010#%\u300c"
            + "\u300d\uff0c\u3011\uff1b+^]~\u201c\u300a\u201e';\u2019{|\u2236\u00b4[=-`*\uff0e\uff08\u2013\uff1f\uff01"
            + "\uff1a$\uff5e\u00ab\u3009,><\u300b)?\uff09\u3002\u2026@_.\"}\u25ba\u00bb";

    /**
     * The 159 marks that datatrove 0.10 lists, as ranges: nearly those with the property Sentence_Terminal in Unicode 15.
     * Three Khmer signs are more than that; a dot leader, three Coptic marks and three vertical forms are less.
     */
    private static final String TERMINALS =
            "21 2e 3f 589 61d-61f 6d4 700-702 7f9 837 839 83d-83e 964-965 104a-104b 1362"
                    + " 1367-1368 166e 1735-1736 17d4-17d6 17d9-17da 1803 1809 1944-1945 1aa8-1aab 1b5a-1b5b 1b5e-1b5f 1b7d-1b7e"
                    + " 1c3b-1c3c 1c7e-1c7f 203c-203d 2047-2049 2e2e 2e3c 2e53-2e54 3002 a4ff a60e-a60f a6f3 a6f7 a876-a877"
                    + " a8ce-a8cf a92f a9c8-a9c9 aa5d-aa5f aaf0-aaf1 abeb fe52 fe56-fe57 ff01 ff0e ff1f ff61 10a56-10a57"
                    + " 10f55-10f59 10f86-10f89 11047-11048 110be-110c1 11141-11143 111c5-111c6 111cd 111de-111df 11238-11239"
                    + " 1123b-1123c 112a9 1144b-1144c 115c2-115c3 115c9-115d7 11641-11642 1173c-1173e 11944 11946 11a42-11a43"
                    + " 11a9b-11a9c 11c41-11c42 11ef7-11ef8 11f43-11f44 16a6e-16a6f 16af5 16b37-16b38 16b44 16e98 1bc9f 1da88";

    private static final short[] FLAGS = table();

    private CodePoints() {}

    /** The flags of a code point, 0 to 0x10FFFF. */
    public static int flags(int codePoint) {
        return FLAGS[codePoint];
    }

    /** Whether a code point has one of these flags. */
    public static boolean is(int codePoint, int flags) {
        return (FLAGS[codePoint] & flags) != 0;
    }

    /** Number of code points of a text; an unpaired surrogate counts as one. */
    public static int count(CharSequence text) {
        return Character.codePointCount(text, 0, text.length());
    }

    private static short[] table() {
        short[] table = new short[Character.MAX_CODE_POINT + 1];
        for (int c = 0; c < table.length; c++) {
            int category = UCharacter.getType(c);
            if (category != UCharacterCategory.UNASSIGNED && category != UCharacterCategory.SURROGATE) {
                table[c] = (short) compute(c, category);
            }
        }
        for (int c = 0; c < 32; c++) {
            if (c != '\t' && c != '\n') {
                table[c] |= BLANKED | PUNCTUATION;
            }
        }
        for (int c = 127; c < 160; c++) {
            table[c] |= BLANKED | PUNCTUATION;
        }
        BLANKED_SYMBOLS.chars().forEach(c -> table[c] |= BLANKED | PUNCTUATION);
        for (String range : TERMINALS.split(" ")) {
            String[] ends = range.split("-");
            for (int c = Integer.parseInt(ends[0], 16); c <= Integer.parseInt(ends[ends.length - 1], 16); c++) {
                table[c] |= TERMINAL | PUNCTUATION;
            }
        }
        LINE_ENDS.chars().forEach(c -> table[c] |= LINE_END);
        return table;
    }

    private static int compute(int c, int category) {
        int direction = UCharacter.getDirection(c);
        boolean space = category == UCharacterCategory.SPACE_SEPARATOR
                || direction == UCharacterDirection.WHITE_SPACE_NEUTRAL
                || direction == UCharacterDirection.BLOCK_SEPARATOR
                || direction == UCharacterDirection.SEGMENT_SEPARATOR;
        boolean letter = UCharacter.isLetter(c);
        boolean numeric = UCharacter.getIntPropertyValue(c, UProperty.NUMERIC_TYPE) != UCharacter.NumericType.NONE;
        int flags = 0;
        flags |= space ? SPACE : 0;
        flags |= letter ? LETTER : 0;
        flags |= letter || numeric ? ALPHANUMERIC : 0;
        switch (category) {
            case UCharacterCategory.NON_SPACING_MARK -> flags |= ATTACHED | NONSPACING_MARK;
            case UCharacterCategory.ENCLOSING_MARK, UCharacterCategory.COMBINING_SPACING_MARK -> flags |= ATTACHED;
            case UCharacterCategory.FORMAT -> flags |= space ? 0 : ATTACHED;
            case UCharacterCategory.DECIMAL_DIGIT_NUMBER -> flags |= WORD | DIGIT;
            case UCharacterCategory.LETTER_NUMBER, UCharacterCategory.OTHER_NUMBER -> flags |= WORD;
            case UCharacterCategory.CONNECTOR_PUNCTUATION -> flags |= WORD;
            default -> flags |= letter ? (writtenWithoutSpaces(c) ? SOLO : WORD) : 0;
        }
        return flags;
    }

    private static boolean writtenWithoutSpaces(int c) {
        int lineBreak = UCharacter.getIntPropertyValue(c, UProperty.LINE_BREAK);
        int script = UCharacter.getIntPropertyValue(c, UProperty.SCRIPT);
        return UCharacter.hasBinaryProperty(c, UProperty.IDEOGRAPHIC)
                || lineBreak == UCharacter.LineBreak.COMPLEX_CONTEXT
                || script == com.ibm.icu.lang.UScript.HIRAGANA
                || script == com.ibm.icu.lang.UScript.KATAKANA;
    }
}
