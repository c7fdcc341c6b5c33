package io.peregrine.data.filters.words;

import io.peregrine.data.text.Spans;
import io.peregrine.data.text.WordSplitter;

/**
 * The trivial tokens of the Indic NLP Library: spaces and tabs separate, a punctuation mark is a word of its own, and
 * numbers with one of {@code , . : /} between them are one word, whatever spaces are there, but for the first words of a text.
 * Other whitespace, line ends among it, separates nothing and is cut off at the ends of a word. Urdu has other marks and does
 * not join numbers.
 *
 * @see <a href="https://github.com/anoopkunchukuttan/indic_nlp_library">Indic NLP Library</a>, {@code indic_tokenize}
 */
public final class IndicWords implements WordSplitter {
    /** Name of the tokens of Hindi. */
    public static final String HINDI = "indic-nlp-hi";
    /** Name of the tokens of Urdu. */
    public static final String URDU = "indic-nlp-ur";

    /** Of ASCII's punctuation all but the backslash, which escapes its neighbour in the original's list. */
    private static final String ASCII_MARKS = "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~";

    private static final String INDIC_MARKS = "\u0964\u0965\uaaf1\uaaf0\uabeb\uabec\uabed\uabee\uabef\u1c7e\u1c7f";
    private static final String URDU_MARKS = "\u0609\u060a\u060c\u061e\u066a\u066b\u066c\u066d\u06d4";
    private static final String NUMBER_JOINTS = ",.:/";

    private final String profile;
    private final boolean[] asciiMarks = new boolean[128];
    private final String otherMarks;
    private final boolean joinsNumbers;
    private final Spans tokens = new Spans();

    private IndicWords(String profile, String marks, boolean joinsNumbers) {
        this.profile = profile;
        ASCII_MARKS.chars().forEach(c -> asciiMarks[c] = true);
        this.otherMarks = marks;
        this.joinsNumbers = joinsNumbers;
    }

    /** Tokens for scripts of India. */
    public static IndicWords hindi() {
        return new IndicWords(HINDI, INDIC_MARKS, true);
    }

    public static IndicWords urdu() {
        return new IndicWords(URDU, URDU_MARKS, false);
    }

    @Override
    public String profile() {
        return profile;
    }

    /** True: numbers are joined without the spaces between them. */
    @Override
    public boolean ignoresBlanks() {
        return true;
    }

    @Override
    public void split(CharSequence text, Spans words) {
        readTokens(text);
        words.clear();
        int joinable = joinsNumbers ? endOfFirstNumbers(text) : tokens.size();
        int token = 0;
        while (token < tokens.size()) {
            int last = token < joinable ? token : joinedFrom(text, token);
            int start = PythonText.skipSpace(text, tokens.start(token), tokens.end(last));
            int end = PythonText.trimSpace(text, start, tokens.end(last));
            if (start < end) {
                words.add(start, end);
            }
            token = last + 1;
        }
    }

    private void readTokens(CharSequence text) {
        tokens.clear();
        int start = -1;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean mark = c < asciiMarks.length ? asciiMarks[c] : otherMarks.indexOf(c) >= 0;
            if (!mark && c != ' ' && c != '\t') {
                start = start < 0 ? at : start;
                continue;
            }
            if (start >= 0) {
                tokens.add(start, at);
                start = -1;
            }
            if (mark) {
                tokens.add(at, at + 1);
            }
        }
        if (start >= 0) {
            tokens.add(start, text.length());
        }
    }

    /** The last of the numbers with which a text begins: the original leaves those before it as they are. */
    private int endOfFirstNumbers(CharSequence text) {
        int last = 0;
        while (last < tokens.size() && isNumber(text, last) && joinsNext(text, last)) {
            last += 2;
        }
        return last;
    }

    /** The last of the tokens that are one word with a token. */
    private int joinedFrom(CharSequence text, int token) {
        int last = token;
        while (joinsNext(text, last)) {
            last += 2;
        }
        return last;
    }

    private boolean joinsNext(CharSequence text, int token) {
        return token + 2 < tokens.size()
                && isDigit(text.charAt(tokens.end(token) - 1))
                && tokens.length(token + 1) == 1
                && NUMBER_JOINTS.indexOf(text.charAt(tokens.start(token + 1))) >= 0
                && isDigit(text.charAt(tokens.start(token + 2)));
    }

    private boolean isNumber(CharSequence text, int token) {
        for (int at = tokens.start(token); at < tokens.end(token); at++) {
            if (!isDigit(text.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
