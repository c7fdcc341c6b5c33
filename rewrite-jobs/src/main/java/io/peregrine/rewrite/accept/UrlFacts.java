package io.peregrine.rewrite.accept;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Finds addresses of the web, without the punctuation of the sentence they stand in. */
final class UrlFacts {
    private static final List<String> SCHEMES = List.of("https", "http", "ftp");
    private static final String MARK = "://";
    private static final String ENDS = "<>\"`";
    private static final String SENTENCE = ".,;:!?'*_";

    private UrlFacts() {}

    static void urls(String text, Consumer<String> found) {
        int from = 0;
        for (int mark = text.indexOf(MARK); mark >= 0; mark = text.indexOf(MARK, from)) {
            from = mark + MARK.length();
            String scheme = schemeBefore(text, mark);
            int end = from;
            int open = 0;
            while (end < text.length() && !isEnd(text.charAt(end)) && (text.charAt(end) != ')' || open > 0)) {
                open += text.charAt(end) == '(' ? 1 : text.charAt(end) == ')' ? -1 : 0;
                end++;
            }
            while (end > from && SENTENCE.indexOf(text.charAt(end - 1)) >= 0) {
                end--;
            }
            if (!scheme.isEmpty() && end > from) {
                found.accept(scheme + text.substring(mark, end));
                from = end;
            }
        }
    }

    private static String schemeBefore(String text, int mark) {
        for (String scheme : SCHEMES) {
            int at = mark - scheme.length();
            boolean word = at == 0 || (at > 0 && !Character.isLetterOrDigit(text.charAt(at - 1)));
            if (word && text.substring(at, mark).toLowerCase(Locale.ROOT).equals(scheme)) {
                return scheme;
            }
        }
        return "";
    }

    private static boolean isEnd(char c) {
        return Character.isWhitespace(c) || c == '\u00a0' || ENDS.indexOf(c) >= 0;
    }
}
