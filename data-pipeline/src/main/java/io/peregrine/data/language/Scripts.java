package io.peregrine.data.language;

import com.ibm.icu.lang.UScript;
import io.peregrine.data.text.CodePoints;

/**
 * The script of a letter, as one of ICU's numbers ({@link UScript}).
 *
 * <p>Only letters have a script here: digits, punctuation, marks and what several scripts share say nothing.
 */
final class Scripts {
    /** No letter, or a letter that several scripts share. */
    static final int NONE = UScript.COMMON;

    private static final short[] BMP = bmp();

    private Scripts() {}

    /** The script of a letter; {@link #NONE} for everything else. */
    static int of(int codePoint) {
        return codePoint < BMP.length ? BMP[codePoint] : compute(codePoint);
    }

    private static short[] bmp() {
        short[] scripts = new short[Character.MAX_VALUE + 1];
        for (int c = 0; c < scripts.length; c++) {
            scripts[c] = (short) compute(c);
        }
        return scripts;
    }

    private static int compute(int codePoint) {
        int script = CodePoints.is(codePoint, CodePoints.LETTER) ? UScript.getScript(codePoint) : NONE;
        return script == UScript.INHERITED || script == UScript.UNKNOWN ? NONE : script;
    }
}
