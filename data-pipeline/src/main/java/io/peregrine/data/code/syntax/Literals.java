package io.peregrine.data.code.syntax;

import java.util.Set;

/**
 * Finds the ends of literals.
 *
 * <p>Whether a slash begins a pattern is decided by what is before it, which is right but for rare code such as {@code if
 * (x) /y/.test(z)}. */
final class Literals {
    private static final Set<String> BEFORE_OPERAND = Set.of(
            "return",
            "typeof",
            "case",
            "in",
            "of",
            "delete",
            "void",
            "throw",
            "new",
            "else",
            "do",
            "yield",
            "await",
            "instanceof",
            "import",
            "from",
            "export",
            "default",
            "when",
            "unless",
            "if",
            "while",
            "and",
            "or",
            "not");
    private static final String OPERATORS = "(,=:[!&|?{;+-*%~^>";
    private static final int WORD_MAX = 10;
    private static final int RAW_TAG_MAX = 16;
    private static final int CHARACTER_MAX = 12;

    private final HereDocuments hereDocuments = new HereDocuments();
    private char[] text = {};
    private int length;
    private Syntax syntax = Syntax.NONE;
    private String join = "";
    private boolean joinsInSingles;
    private boolean joinsInBacksOnly;
    private boolean quotesNeedSpace;
    private boolean patterns;
    private int noPatternBefore;
    private boolean broken;
    private boolean joined;
    private StringStyle joinedStyle = StringStyle.DOUBLE;

    void begin(char[] source, int end, Syntax table) {
        text = source;
        length = end;
        syntax = table;
        joinsInSingles = table.join().startsWith("'");
        join = joinsInSingles ? table.join().substring(1) : table.join();
        joinsInBacksOnly = table.strings().contains(StringStyle.BACK);
        patterns = table.strings().contains(StringStyle.PATTERN);
        quotesNeedSpace = patterns || table.preprocessor();
        noPatternBefore = 0;
        hereDocuments.begin(source, end, table.php());
    }

    /** The here-documents whose words have been met. */
    HereDocuments hereDocuments() {
        return hereDocuments;
    }

    /** Whether the literal found last has no end. */
    boolean broken() {
        return broken;
    }

    /** Whether the literal found last goes on after code inside it. */
    boolean joined() {
        return joined;
    }

    /** The style of that literal, for {@link #resume}. */
    int joinedStyle() {
        return joinedStyle.ordinal();
    }

    /** Index after the literal that begins here, or after its part before code inside it; {@code at} if none begins. */
    int literal(int at, char c, char lastCode, int lastCodeAt, int lineStart) {
        broken = false;
        joined = false;
        for (StringStyle style : syntax.strings()) {
            if (style.open() == c) {
                int next = literal(at, style, lastCode, lastCodeAt, lineStart);
                if (next > at) {
                    return next;
                }
            }
        }
        return at;
    }

    /** The rest of a literal behind the bracket that closes the code inside it. */
    int resume(int at, int style) {
        broken = false;
        joined = false;
        return body(at, StringStyle.values()[style]);
    }

    private int literal(int at, StringStyle style, char lastCode, int lastCodeAt, int lineStart) {
        return switch (style.form()) {
            case ESCAPED, ESCAPED_LINES -> follows(at, style) ? at : body(at + 1, style);
            case DOUBLED, DOUBLED_LINES, RAW_LINES -> body(at + 1, style);
            case TRIPLE_ESCAPED, TRIPLE_RAW -> triple(at, style.open()) ? body(at + 3, style) : at;
            case CHARACTER -> character(at);
            case RAW_CPP -> at > 0 && text[at - 1] == 'R' ? rawCpp(at) : at;
            case RAW_RUST -> rawRust(at);
            case VERBATIM -> verbatim(at) ? doubled(at + 1, '"', true) : at;
            case LUA -> lua(at);
            case NIX -> at + 1 < length && text[at + 1] == '\'' ? until(at + 2, "''") : at;
            case HERE_STRING -> hereString(at);
            case HERE_DOCUMENT -> hereDocuments.note(at);
            case PATTERN -> patternAllowed(at, lastCode, lastCodeAt, lineStart) ? pattern(at) : at;
        };
    }

    /** The rest of a literal after its opening quotes. */
    private int body(int at, StringStyle style) {
        return switch (style.form()) {
            case ESCAPED, ESCAPED_LINES, TRIPLE_ESCAPED, TRIPLE_RAW -> escaped(at, style);
            case DOUBLED -> doubled(at, style.open(), false);
            case DOUBLED_LINES -> doubled(at, style.open(), true);
            case RAW_LINES -> until(at, String.valueOf(style.open()));
            default -> at;
        };
    }

    private int escaped(int at, StringStyle style) {
        StringStyle.Form form = style.form();
        boolean three = form == StringStyle.Form.TRIPLE_ESCAPED || form == StringStyle.Form.TRIPLE_RAW;
        boolean joins = joins(style);
        int next = at;
        while (next < length) {
            char c = text[next];
            if (joins && startsWith(next, join)) {
                joined = true;
                joinedStyle = style;
                return next + join.length();
            }
            if (c == style.open() && (!three || triple(next, c))) {
                return three ? afterQuotes(next, c) : next + 1;
            }
            if (c == '\\' && form != StringStyle.Form.TRIPLE_RAW) {
                next += startsWith(next, "\\\r\n") ? 3 : 2;
            } else if (c == '\n' && form == StringStyle.Form.ESCAPED) {
                broken = true;
                return next;
            } else {
                next++;
            }
        }
        broken = true;
        return length;
    }

    /** Three closing quotes may have one or two quotes of the text before them. */
    private int afterQuotes(int at, char quote) {
        int next = at + 3;
        for (int more = 0; more < 2 && next < length && text[next] == quote; more++) {
            next++;
        }
        return next;
    }

    private boolean joins(StringStyle style) {
        if (join.isEmpty()) {
            return false;
        }
        if (joinsInBacksOnly) {
            return style == StringStyle.BACK;
        }
        return style.open() != '\'' || joinsInSingles;
    }

    private int doubled(int at, char quote, boolean lines) {
        int next = at;
        while (next < length) {
            if (text[next] == quote) {
                if (next + 1 == length || text[next + 1] != quote) {
                    return next + 1;
                }
                next += 2;
            } else if (text[next] == '\n' && !lines) {
                broken = true;
                return next;
            } else {
                next++;
            }
        }
        broken = true;
        return length;
    }

    private int until(int at, String close) {
        int next = at;
        while (next < length) {
            if (startsWith(next, close)) {
                return next + close.length();
            }
            next++;
        }
        broken = true;
        return length;
    }

    /** Whether a quote comes right after a word that is none before an operand: a digit separator, or prose in markup. */
    private boolean follows(int at, StringStyle style) {
        if (!quotesNeedSpace || style.open() != '\'' || at == 0 || !Character.isJavaIdentifierPart(text[at - 1])) {
            return false;
        }
        String word = wordBefore(at);
        return patterns
                ? !BEFORE_OPERAND.contains(word)
                : !Set.of("u", "U", "L", "u8").contains(word);
    }

    private String wordBefore(int at) {
        int from = at;
        while (from > 0 && at - from < WORD_MAX + 1 && Character.isJavaIdentifierPart(text[from - 1])) {
            from--;
        }
        return new String(text, from, at - from);
    }

    private int character(int at) {
        boolean prefixed = at > 0 && Character.isJavaIdentifierPart(text[at - 1]);
        if (at + 2 >= length || (prefixed && !wordBefore(at).equals("b"))) {
            return at;
        }
        if (text[at + 1] == '\\') {
            for (int i = at + 3; i < Math.min(length, at + CHARACTER_MAX); i++) {
                if (text[i] == '\'') {
                    return i + 1;
                }
            }
            return at;
        }
        int close = at + 1 + Character.charCount(Character.codePointAt(text, at + 1, length));
        return close < length && text[close] == '\'' && text[at + 1] != '\n' ? close + 1 : at;
    }

    private int rawCpp(int at) {
        int open = at + 1;
        while (open < length && open - at <= RAW_TAG_MAX + 1 && text[open] != '(') {
            open++;
        }
        if (open >= length || text[open] != '(') {
            return at;
        }
        return until(open + 1, ")" + new String(text, at + 1, open - at - 1) + "\"");
    }

    private int rawRust(int at) {
        int from = at;
        while (from > 0 && text[from - 1] == '#') {
            from--;
        }
        boolean raw = from > 0 && text[from - 1] == 'r';
        boolean word = from > 1 && Character.isJavaIdentifierPart(text[from - 2]) && text[from - 2] != 'b';
        if (!raw || word) {
            return at;
        }
        int hashes = at - from;
        int next = at + 1;
        while (next < length) {
            if (text[next] == '"') {
                int run = 0;
                while (run < hashes && next + 1 + run < length && text[next + 1 + run] == '#') {
                    run++;
                }
                if (run == hashes) {
                    return next + 1 + run;
                }
                next += run;
            }
            next++;
        }
        broken = true;
        return length;
    }

    private boolean verbatim(int at) {
        char before = at > 0 ? text[at - 1] : ' ';
        return before == '@' || (before == '$' && at > 1 && text[at - 2] == '@');
    }

    private int lua(int at) {
        int open = at + 1;
        while (open < length && text[open] == '=') {
            open++;
        }
        if (open >= length || text[open] != '[') {
            return at;
        }
        String close = "]" + "=".repeat(Math.min(open - at - 1, RAW_TAG_MAX)) + "]";
        return until(open + 1, close);
    }

    private int hereString(int at) {
        char quote = at + 1 < length ? text[at + 1] : ' ';
        boolean opens = (quote == '"' || quote == '\'') && at + 2 < length && text[at + 2] <= ' ';
        return opens ? until(at + 2, "\n" + quote + "@") : at;
    }

    private boolean patternAllowed(int at, char lastCode, int lastCodeAt, int lineStart) {
        if (at < noPatternBefore || lastCodeAt < 0) {
            return at >= noPatternBefore && at + 1 < length;
        }
        if (OPERATORS.indexOf(lastCode) >= 0) {
            return true;
        }
        if (lastCode == '}') {
            return lastCodeAt < lineStart;
        }
        return Character.isJavaIdentifierPart(lastCode) && BEFORE_OPERAND.contains(wordBefore(lastCodeAt + 1));
    }

    private int pattern(int at) {
        boolean inClass = false;
        int next = at + 1;
        while (next < length && text[next] != '\n') {
            char c = text[next];
            if (c == '/' && !inClass) {
                return next + 1;
            }
            inClass = c == '[' || (inClass && c != ']');
            next += c == '\\' && next + 1 < length && text[next + 1] != '\n' ? 2 : 1;
        }
        noPatternBefore = next;
        return at;
    }

    private boolean triple(int at, char quote) {
        return at + 2 < length && text[at] == quote && text[at + 1] == quote && text[at + 2] == quote;
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
