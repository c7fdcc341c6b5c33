package io.peregrine.data.code;

import io.peregrine.data.code.syntax.SourceScanner;
import java.util.Arrays;
import java.util.Locale;

/**
 * Counts over the lines of scanned source.
 *
 * <p>OpenCoder finds {@code pass}, {@code import} and {@code print} anywhere in a line of Python and so counts {@code
 * password}; here they are statements.
 */
final class CodeLines {
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int LONG_STRING_WORDS = 20;
    private static final int LONG_WORD = 20;
    private static final int WORD_HEAD = 200;
    private static final String[] PROMPTS = {"todo", "fixme", "your code here"};

    private final SourceScanner scanner;
    private String text = "";
    private long[] lineHashes = new long[256];
    private int hashedLines;
    private long codeLines;
    private long commentUnits;
    private long stringUnits;
    private long promptLines;
    private long assertLines;
    private long longStrings;
    private long longWordUnits;
    private long hexUnits;
    private long functions;
    private long simpleFunctions;
    private long passes;
    private long imports;
    private long prints;
    private boolean afterFunction;
    private int functionIndent;
    private boolean oneReturn;

    CodeLines(SourceScanner scanner) {
        this.scanner = scanner;
    }

    /** Reads a text that the scanner has just scanned. */
    void read(String source) {
        text = source;
        hashedLines = 0;
        codeLines = 0;
        commentUnits = 0;
        stringUnits = 0;
        promptLines = 0;
        assertLines = 0;
        longStrings = 0;
        longWordUnits = 0;
        hexUnits = 0;
        functions = 0;
        simpleFunctions = 0;
        passes = 0;
        imports = 0;
        prints = 0;
        afterFunction = false;
        oneReturn = false;
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            line(from, end);
            from = end + 1;
        }
        simpleFunctions += oneReturn ? 1 : 0;
        words();
        Arrays.sort(lineHashes, 0, hashedLines);
    }

    private void line(int from, int end) {
        int first = -1;
        boolean comment = false;
        long hash = 0;
        int visible = 0;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            byte kind = scanner.kind(i);
            commentUnits += kind == SourceScanner.COMMENT ? 1 : 0;
            stringUnits += kind == SourceScanner.STRING ? 1 : 0;
            if (c > ' ') {
                comment |= kind == SourceScanner.COMMENT;
                if (kind != SourceScanner.COMMENT) {
                    first = first < 0 ? i : first;
                    hash = (hash + c) * MIX;
                    hash ^= hash >>> 29;
                    visible++;
                }
            }
        }
        if (end < text.length()) {
            commentUnits += scanner.kind(end) == SourceScanner.COMMENT ? 1 : 0;
            stringUnits += scanner.kind(end) == SourceScanner.STRING ? 1 : 0;
        }
        if (comment && prompts(from, end)) {
            promptLines++;
        }
        if (first >= 0) {
            codeLine(from, first, end, hash, visible);
        }
    }

    private void codeLine(int from, int first, int end, long hash, int visible) {
        codeLines++;
        assertLines += has("assert", first, end, SourceScanner.CODE) ? 1 : 0;
        boolean trivial = visible == 1 || (visible == 2 && text.startsWith("},", first));
        if (!trivial) {
            if (hashedLines == lineHashes.length) {
                lineHashes = Arrays.copyOf(lineHashes, 2 * hashedLines);
            }
            lineHashes[hashedLines] = hash;
            hashedLines++;
        }
        if (scanner.kind(first) == SourceScanner.CODE) {
            statement(first - from, first);
        }
    }

    /** What a line begins with, as Python's statements. */
    private void statement(int indent, int at) {
        if (oneReturn) {
            simpleFunctions += indent <= functionIndent ? 1 : 0;
            oneReturn = false;
        }
        boolean function = word("def", at) || (word("async", at) && text.startsWith("def", at + 6));
        if (function) {
            functions++;
            afterFunction = true;
            functionIndent = indent;
            return;
        }
        oneReturn = afterFunction && indent > functionIndent && word("return", at);
        afterFunction = false;
        passes += word("pass", at) ? 1 : 0;
        imports += word("import", at) || word("from", at) ? 1 : 0;
        prints += word("print", at) ? 1 : 0;
    }

    private boolean word(String word, int at) {
        int end = at + word.length();
        return text.startsWith(word, at) && (end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end)));
    }

    private boolean prompts(int from, int end) {
        for (String prompt : PROMPTS) {
            if (has(prompt, from, end, SourceScanner.COMMENT)) {
                return true;
            }
        }
        return false;
    }

    private boolean has(String word, int from, int end, byte kind) {
        char lower = word.charAt(0);
        char upper = Character.toUpperCase(lower);
        for (int i = from; i + word.length() <= end; i++) {
            char c = text.charAt(i);
            if ((c == lower || c == upper)
                    && scanner.kind(i) == kind
                    && text.regionMatches(true, i, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    /** Words between white space: long ones in literals, many of them in a row of a literal, hexadecimal numbers. */
    private void words() {
        int stringWords = 0;
        int from = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean end = i == text.length();
            char c = end ? '\n' : text.charAt(i);
            byte kind = end ? SourceScanner.CODE : scanner.kind(i);
            boolean inside = c > ' ' && kind == SourceScanner.STRING;
            if (!inside && from >= 0) {
                stringWords++;
                longWord(from, i);
                from = -1;
            } else if (inside && from < 0) {
                from = i;
            }
            if (c == '\n' || kind != SourceScanner.STRING) {
                longStrings += stringWords > LONG_STRING_WORDS ? 1 : 0;
                stringWords = 0;
            }
            if (c == '0' && kind != SourceScanner.COMMENT) {
                hexUnits += hexadecimal(i);
            }
        }
    }

    private void longWord(int from, int to) {
        if (to - from > LONG_WORD) {
            String head = text.substring(from, Math.min(to, from + WORD_HEAD)).toLowerCase(Locale.ROOT);
            longWordUnits += head.contains("http://") || head.contains("https://") ? 0 : to - from;
        }
    }

    /** Length of the number 0x... that begins here; 0 without one. */
    private int hexadecimal(int at) {
        boolean begins = at == 0 || !Character.isJavaIdentifierPart(text.charAt(at - 1));
        if (!begins || at + 2 >= text.length() || (text.charAt(at + 1) | 0x20) != 'x') {
            return 0;
        }
        int end = at + 2;
        while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
            end++;
        }
        boolean ends = end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end));
        return ends && end > at + 2 ? end - at : 0;
    }

    double commentRatio() {
        return (double) commentUnits / text.length();
    }

    double stringRatio() {
        return (double) stringUnits / (text.length() - commentUnits);
    }

    double longStringLinesRatio() {
        return perCodeLine(longStrings);
    }

    double longStringWordRatio() {
        return (double) longWordUnits / (text.length() - commentUnits);
    }

    double hexRatio() {
        return (double) hexUnits / (text.length() - commentUnits);
    }

    /** Prompt comments per line of the text. */
    double promptRatio(long lines) {
        return (double) promptLines / lines;
    }

    double assertRatio() {
        return perCodeLine(assertLines);
    }

    double functionRatio() {
        return perCodeLine(functions);
    }

    double passRatio() {
        return perCodeLine(passes);
    }

    double importRatio() {
        return perCodeLine(imports);
    }

    double simpleFunctionRatio() {
        return perCodeLine(simpleFunctions);
    }

    double printRatio() {
        return perCodeLine(prints);
    }

    double duplicateLineRatio() {
        long repeated = 0;
        int from = 0;
        for (int i = 1; i <= hashedLines; i++) {
            if (i == hashedLines || lineHashes[i] != lineHashes[from]) {
                repeated += i - from > 1 ? i - from : 0;
                from = i;
            }
        }
        return perCodeLine(repeated);
    }

    private double perCodeLine(long count) {
        return (double) count / codeLines;
    }
}
