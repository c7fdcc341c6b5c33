package io.peregrine.data.sources;

/** The one form that text has from here on: well-formed UTF-16, line feeds, no byte order mark. */
final class WellFormedText {
    private static final char REPLACEMENT = '\uFFFD';
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private WellFormedText() {}

    /** The text with unpaired surrogates replaced by U+FFFD, CR LF and CR by LF, and without a leading U+FEFF. */
    static String of(String text) {
        int start = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        if (start == 0 && isClean(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean hasNext = i + 1 < text.length();
            if (Character.isHighSurrogate(c) && hasNext && Character.isLowSurrogate(text.charAt(i + 1))) {
                clean.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                clean.append(REPLACEMENT);
            } else if (c != '\r') {
                clean.append(c);
            } else if (!hasNext || text.charAt(i + 1) != '\n') {
                clean.append('\n');
            }
        }
        return clean.toString();
    }

    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
