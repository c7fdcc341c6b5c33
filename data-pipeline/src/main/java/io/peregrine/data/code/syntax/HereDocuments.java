package io.peregrine.data.code.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * Literals that begin on the line after {@code <<WORD} and end with a line of that word. One whose last line is missing is
 * taken for a shift; after a few of those none is looked for any more, so that a text is not searched again and again.
 */
final class HereDocuments {
    private static final int WORD_MAX = 64;
    private static final int PENDING_MAX = 8;
    private static final int FAILURES_MAX = 8;

    private final List<String> pending = new ArrayList<>();
    private char[] text = {};
    private int length;
    private boolean php;
    private int failures;

    void begin(char[] source, int end, boolean threeArrows) {
        text = source;
        length = end;
        php = threeArrows;
        failures = 0;
        pending.clear();
    }

    /** Notes the word of a here-document; index after the word, or {@code at} if there is none. */
    int note(int at) {
        if (!startsWith(at, "<<") || failures >= FAILURES_MAX || pending.size() >= PENDING_MAX) {
            return at;
        }
        int next = at + 2;
        next += next < length && text[next] == '<' && php ? 1 : 0;
        next += next < length && (text[next] == '-' || text[next] == '~') ? 1 : 0;
        while (php && next < length && text[next] == ' ') {
            next++;
        }
        boolean quoted = next < length && (text[next] == '"' || text[next] == '\'');
        int from = quoted ? next + 1 : next;
        int end = from;
        while (end < length && end - from < WORD_MAX && Character.isJavaIdentifierPart(text[end])) {
            end++;
        }
        if (end == from || Character.isDigit(text[from]) || text[from] == '$') {
            return at;
        }
        pending.add(new String(text, from, end - from));
        return quoted && end < length ? end + 1 : end;
    }

    /** At the beginning of a line: index after the last word of the here-documents that begin there. */
    int skip(int at, SourceScanner scanner) {
        int next = at;
        for (String word : pending) {
            int end = endOf(next, word);
            if (end < 0) {
                failures++;
                break;
            }
            scanner.mark(next, end, SourceScanner.STRING);
            next = end;
        }
        pending.clear();
        return next;
    }

    private int endOf(int at, String word) {
        int line = at;
        while (line < length) {
            int first = line;
            while (first < length && (text[first] == ' ' || text[first] == '\t')) {
                first++;
            }
            int end = first + word.length();
            if (startsWith(first, word) && (end == length || !Character.isJavaIdentifierPart(text[end]))) {
                return end;
            }
            line = first;
            while (line < length && text[line] != '\n') {
                line++;
            }
            line++;
        }
        return -1;
    }

    private boolean startsWith(int at, String prefix) {
        if (at + prefix.length() > length) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (text[at + i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
