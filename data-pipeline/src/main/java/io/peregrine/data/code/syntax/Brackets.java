package io.peregrine.data.code.syntax;

import java.util.Arrays;

/**
 * Open brackets. A persistent stack in two arrays, so that the state before a preprocessor's alternatives can be gone
 * back to without a copy.
 */
final class Brackets {
    /** What is open is no literal. */
    static final int NO_STYLE = -1;

    private static final int EMPTY = -1;

    private int[] below = new int[256];
    private int[] depths = new int[256];
    private char[] closers = new char[256];
    private byte[] styles = new byte[256];
    private int size;
    private int top;
    private int[] remembered = new int[16];
    private int rememberedSize;

    void clear() {
        size = 0;
        top = EMPTY;
        rememberedSize = 0;
    }

    int depth() {
        return top == EMPTY ? 0 : depths[top];
    }

    /** The style of the literal in which the innermost bracket opened code; {@link #NO_STYLE} without one. */
    int style() {
        return top == EMPTY ? NO_STYLE : styles[top];
    }

    void push(char closer, int style) {
        if (size == below.length) {
            below = Arrays.copyOf(below, 2 * size);
            depths = Arrays.copyOf(depths, 2 * size);
            closers = Arrays.copyOf(closers, 2 * size);
            styles = Arrays.copyOf(styles, 2 * size);
        }
        below[size] = top;
        depths[size] = depth() + 1;
        closers[size] = closer;
        styles[size] = (byte) style;
        top = size;
        size++;
    }

    /** Closes the innermost bracket; false if there is none or it is of another kind. */
    boolean pop(char closer) {
        if (top == EMPTY) {
            return false;
        }
        boolean fits = closers[top] == closer || styles[top] != NO_STYLE;
        int closed = top;
        top = below[top];
        if (rememberedSize == 0) {
            size = closed;
        }
        return fits;
    }

    /** Remembers what is open, at the beginning of alternatives. */
    void remember() {
        if (rememberedSize == remembered.length) {
            remembered = Arrays.copyOf(remembered, 2 * rememberedSize);
        }
        remembered[rememberedSize] = top;
        rememberedSize++;
    }

    /** At the next alternative: opens what was open before the first. */
    void goBack() {
        if (rememberedSize > 0) {
            top = remembered[rememberedSize - 1];
        }
    }

    /** The end of the alternatives; the last of them goes on. */
    void forget() {
        if (rememberedSize > 0) {
            rememberedSize--;
        }
    }
}
