package io.peregrine.data.text;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.util.ULocale;
import java.util.Arrays;
import java.util.Locale;

/**
 * Mappings of whole texts by the Unicode of ICU4J, in time linear in any text.
 *
 * <p>The usual ways are not: {@link String#toLowerCase} asks a break iterator over the whole text about every capital
 * sigma and copies the whole text for every capital I with a dot, and normalizers put every combining mark in its place by
 * insertion (34 microseconds a character in 131,072 marks).
 */
public final class UnicodeText {
    private static final Normalizer2 NFD = Normalizer2.getNFDInstance();

    /** Insertion beats sorting below this; no language stacks so many. */
    private static final int SHORT_RUN = 64;

    private UnicodeText() {}

    /** The text in lower case by the root locale's full mapping, as Python's {@code str.lower} has it. */
    public static String lower(String text) {
        return isAscii(text) ? text.toLowerCase(Locale.ROOT) : UCharacter.toLowerCase(ULocale.ROOT, text);
    }

    /** The text in Normalization Form D. */
    public static String decomposed(CharSequence text) {
        return longestRun(text) <= SHORT_RUN ? NFD.normalize(text) : sorted(text);
    }

    /** Whether a text is ASCII. */
    public static boolean isAscii(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    /** Most characters in a row that are, or when decomposed begin with, marks that have an order among themselves. */
    private static int longestRun(CharSequence text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); ) {
            int c = Character.codePointAt(text, i);
            // No character before U+0300 is such a mark.
            run = c >= 0x300 && !NFD.hasBoundaryBefore(c) ? run + 1 : 0;
            longest = Math.max(longest, run);
            i += Character.charCount(c);
        }
        return longest;
    }

    /** Decomposes one character after the other and sorts each run of marks by class, equal ones as they came. */
    private static String sorted(CharSequence text) {
        StringBuilder out = new StringBuilder(text.length() + text.length() / 8);
        long[] run = new long[2 * SHORT_RUN];
        int marks = 0;
        for (int i = 0; i < text.length(); ) {
            int c = Character.codePointAt(text, i);
            i += Character.charCount(c);
            String parts = NFD.getDecomposition(c);
            parts = parts == null ? Character.toString(c) : parts;
            for (int j = 0; j < parts.length(); ) {
                int part = parts.codePointAt(j);
                j += Character.charCount(part);
                int order = NFD.getCombiningClass(part);
                if (order == 0) {
                    flush(run, marks, out);
                    marks = 0;
                    out.appendCodePoint(part);
                } else {
                    run = marks == run.length ? Arrays.copyOf(run, 2 * marks) : run;
                    // The position decides between equal classes: no text has 2^32 marks.
                    run[marks] = (long) order << 53 | (long) marks << 21 | part;
                    marks++;
                }
            }
        }
        flush(run, marks, out);
        return out.toString();
    }

    private static void flush(long[] run, int marks, StringBuilder out) {
        Arrays.sort(run, 0, marks);
        for (int i = 0; i < marks; i++) {
            out.appendCodePoint((int) run[i] & 0x1FFFFF);
        }
    }
}
