package io.peregrine.data.filters.dclm;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacter.NumericType;
import com.ibm.icu.lang.UProperty;
import io.peregrine.data.filters.words.PunctWords;
import io.peregrine.data.filters.words.PythonText;
import io.peregrine.data.text.CodePoints;
import io.peregrine.data.text.UnicodeText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * RefinedWeb's line-wise corrections: seven passes over the lines, each over what the one before it left, as DCLM orders
 * them. All but the fourth strip the document afterwards, which a later pass can see in the first and the last line.
 *
 * @see <a href="https://arxiv.org/abs/2306.01116">The RefinedWeb Dataset</a>, table 14 (line-wise filtering)
 */
final class LineCorrections {
    private static final double UPPERCASE_MAX = 0.5;
    private static final double DIGITS_MAX = 0.999999;
    private static final int LINE_WORDS_MIN = 2;
    private static final int SHORT_LINE_WORDS = 10;

    private static final String CART = "items in cart";
    private static final String SIGN_IN = "sign-in";
    /** DCLM hands "Read more..." over as a regular expression, so its full stops stand for any three characters. */
    private static final String READ_MORE = "read more";

    private static final int READ_MORE_REST = 3;

    private static final Set<String> COUNTED = Set.of(
            "likes",
            "shares",
            "comments",
            "retweets",
            "reposts",
            "quotes",
            "bookmarks",
            "upvotes",
            "downvotes",
            "downloads",
            "views",
            "followers");

    private LineCorrections() {}

    /** The text after all corrections; empty if nothing is left. */
    static String correct(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        drop(lines, line -> share(line, UCharacter::isUUppercase) > UPPERCASE_MAX);
        strip(lines);
        drop(lines, line -> share(line, LineCorrections::isDigit) > DIGITS_MAX);
        strip(lines);
        drop(lines, LineCorrections::isCounter);
        strip(lines);
        drop(lines, line -> !line.isEmpty() && words(line, LINE_WORDS_MIN) < LINE_WORDS_MIN);
        removeInShortLines(lines, LineCorrections::withoutCart);
        strip(lines);
        removeInShortLines(lines, LineCorrections::withoutReadMore);
        strip(lines);
        removeInShortLines(lines, LineCorrections::withoutSignIn);
        strip(lines);
        return String.join("\n", lines);
    }

    private static void drop(List<String> lines, Predicate<String> bad) {
        lines.removeIf(bad);
    }

    /** Strips the document: whitespace, line ends among it, goes from both of its ends. */
    private static void strip(List<String> lines) {
        int from = 0;
        while (from < lines.size() && isBlank(lines.get(from))) {
            from++;
        }
        int to = lines.size();
        while (to > from && isBlank(lines.get(to - 1))) {
            to--;
        }
        lines.subList(to, lines.size()).clear();
        lines.subList(0, from).clear();
        if (!lines.isEmpty()) {
            String first = lines.get(0);
            lines.set(0, first.substring(PythonText.skipSpace(first, 0, first.length())));
            String last = lines.get(lines.size() - 1);
            lines.set(lines.size() - 1, last.substring(0, PythonText.trimSpace(last, 0, last.length())));
        }
    }

    private static boolean isBlank(String line) {
        return PythonText.skipSpace(line, 0, line.length()) == line.length();
    }

    /** A line that is left without anything but whitespace goes; empty lines stay. */
    private static void removeInShortLines(List<String> lines, UnaryOperator<String> removal) {
        List<String> kept = new ArrayList<>(lines.size());
        for (String line : lines) {
            String changed = words(line, SHORT_LINE_WORDS + 1) > SHORT_LINE_WORDS ? line : removal.apply(line);
            if (line.isEmpty() || !isBlank(changed)) {
                kept.add(changed);
            }
        }
        lines.clear();
        lines.addAll(kept);
    }

    /** Share of the code points that are of a kind; 0 for an empty line. */
    private static double share(String line, IntPredicate kind) {
        int found = 0;
        int points = 0;
        for (int i = 0; i < line.length(); points++) {
            int c = line.codePointAt(i);
            found += kind.test(c) ? 1 : 0;
            i += Character.charCount(c);
        }
        return points == 0 ? 0 : (double) found / points;
    }

    /** Python's {@code isdigit}: decimal digits, and superscripts and the like. */
    private static boolean isDigit(int c) {
        int type = UCharacter.getIntPropertyValue(c, UProperty.NUMERIC_TYPE);
        return type == NumericType.DECIMAL || type == NumericType.DIGIT;
    }

    /** Number of words of a line, counted no further than {@code enough}. */
    private static int words(String line, int enough) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < line.length() && words < enough; i++) {
            boolean space = CodePoints.is(line.charAt(i), CodePoints.SPACE);
            words += !space && !inside ? 1 : 0;
            inside = !space;
        }
        return words;
    }

    /** Whether the line is a number and what it counts: {@code 1,204 likes}, {@code * 3k views *}. */
    static boolean isCounter(String line) {
        int first = skipSymbols(line, 0);
        if (first == line.length() || !CodePoints.is(line.codePointAt(first), CodePoints.DIGIT)) {
            return false;
        }
        String lower = UnicodeText.lower(line);
        int length = lower.length();
        int at = skipSymbols(lower, 0);
        while (at < length && isNumberPart(lower.codePointAt(at))) {
            at += Character.charCount(lower.codePointAt(at));
        }
        if (at < length && "kmb".indexOf(lower.charAt(at)) >= 0) {
            at++;
        }
        int noun = PythonText.skipSpace(lower, at, length);
        int end = noun;
        while (end < length && lower.charAt(end) >= 'a' && lower.charAt(end) <= 'z') {
            end++;
        }
        return noun > at && COUNTED.contains(lower.substring(noun, end)) && skipSymbols(lower, end) == length;
    }

    private static boolean isNumberPart(int c) {
        return c == ',' || c == '.' || CodePoints.is(c, CodePoints.DIGIT);
    }

    private static int skipSymbols(String text, int from) {
        int at = from;
        while (at < text.length() && !PunctWords.isWord(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static String withoutCart(String line) {
        StringBuilder kept = new StringBuilder();
        int from = 0;
        int at = 0;
        while (at + CART.length() <= line.length()) {
            if (matches(line, at, CART)) {
                int to = at > from && isSpace(line, at - 1) ? at - 1 : at;
                kept.append(line, from, to);
                at += CART.length();
                from = at;
            } else {
                at++;
            }
        }
        return from == 0 ? line : kept.append(line, from, line.length()).toString();
    }

    private static String withoutReadMore(String line) {
        if (CodePoints.count(line) < READ_MORE.length() + READ_MORE_REST) {
            return line;
        }
        int at = line.offsetByCodePoints(line.length(), -READ_MORE.length() - READ_MORE_REST);
        if (!matches(line, at, READ_MORE)) {
            return line;
        }
        return line.substring(0, at > 0 && isSpace(line, at - 1) ? at - 1 : at);
    }

    private static String withoutSignIn(String line) {
        if (!matches(line, 0, SIGN_IN)) {
            return line;
        }
        int end = SIGN_IN.length();
        return line.substring(end < line.length() && isSpace(line, end) ? end + 1 : end);
    }

    private static boolean isSpace(String text, int index) {
        return CodePoints.is(text.charAt(index), CodePoints.SPACE);
    }

    private static boolean matches(String line, int at, String lower) {
        if (at + lower.length() > line.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (folded(line.charAt(at + i)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Case as Python's regular expressions ignore it: dotless i and long s are letters of their pair too. */
    private static int folded(char c) {
        return switch (c) {
            case '\u0131' -> 'i';
            case '\u017f' -> 's';
            default -> Character.toLowerCase((int) c);
        };
    }
}
