package io.peregrine.rewrite.accept;

import io.peregrine.data.text.UnicodeText;
import java.util.List;
import java.util.Optional;

/**
 * The final answer of a worked solution: what is in the last {@code \boxed{...}}, else behind the last {@code ####} (GSM8K,
 * arXiv:2110.14168), else behind the last "answer is" or "answer:" up to the end of the line.
 */
final class FinalAnswer {
    private static final String BOXED = "\\boxed{";
    private static final List<String> MARKS = List.of("answer is", "answer:", "answer :");
    private static final int LENGTH_MAX = 400;

    private FinalAnswer() {}

    /** The value of a text's final answer, if it has one and it is arithmetic. */
    static Optional<Rational> of(String text) {
        return spelled(text).flatMap(FinalAnswer::value);
    }

    private static Optional<String> spelled(String text) {
        int boxed = text.lastIndexOf(BOXED);
        if (boxed >= 0) {
            return group(text, boxed + BOXED.length());
        }
        int hashes = text.lastIndexOf("#### ");
        if (hashes >= 0) {
            return Optional.of(lineFrom(text, hashes + "#### ".length()));
        }
        String lower = UnicodeText.lower(text);
        if (lower.length() != text.length()) {
            return Optional.empty();
        }
        int from = -1;
        for (String mark : MARKS) {
            int at = lower.lastIndexOf(mark);
            from = at < 0 ? from : Math.max(from, at + mark.length());
        }
        return from < 0 ? Optional.empty() : Optional.of(lineFrom(text, from));
    }

    /** The text up to the brace that closes the one before {@code from}. */
    private static Optional<String> group(String text, int from) {
        int depth = 1;
        int stop = Math.min(text.length(), from + LENGTH_MAX);
        for (int i = from; i < stop; i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return Optional.of(text.substring(from, i));
            }
        }
        return Optional.empty();
    }

    private static String lineFrom(String text, int from) {
        int end = text.indexOf('\n', from);
        int stop = Math.min(end < 0 ? text.length() : end, from + LENGTH_MAX);
        return text.substring(from, stop);
    }

    /** The value of the whole, or of what stands behind its last sign of equality. */
    private static Optional<Rational> value(String spelled) {
        String plain =
                spelled.replace("**", "").replace("\\(", "").replace("\\)", "").strip();
        while (!plain.isEmpty() && ".;:".indexOf(plain.charAt(plain.length() - 1)) >= 0) {
            plain = plain.substring(0, plain.length() - 1);
        }
        return Arithmetic.value(plain.substring(plain.lastIndexOf('=') + 1));
    }
}
