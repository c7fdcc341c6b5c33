package io.peregrine.rewrite.cleanup;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Lines that say nothing: the furniture of web pages that extraction left, and bullets without an item. */
final class Boilerplate {
    /** Whole lines, in small letters, without the punctuation at their ends. None has a number or an address. */
    private static final Set<String> LINES = Set.of(
            "accept all cookies",
            "accept cookies",
            "advertisement",
            "back to top",
            "click here",
            "click to share",
            "continue reading",
            "copy link",
            "leave a comment",
            "leave a reply",
            "load more",
            "log in",
            "menu",
            "print this page",
            "read more",
            "related articles",
            "related posts",
            "scroll to top",
            "share",
            "share on facebook",
            "share on linkedin",
            "share on twitter",
            "share this",
            "share this article",
            "sign in",
            "sign up",
            "skip to content",
            "skip to main content",
            "skip to navigation",
            "subscribe",
            "subscribe to our newsletter",
            "toggle navigation");

    private static final Pattern ENDS = Pattern.compile("^[\\p{P}\\p{S}\\s]++|[\\p{P}\\p{S}\\s]++$");
    private static final Pattern ONLY_BULLETS = Pattern.compile("[\\s\\u2022\\u2023\\u25E6\\u25AA\\u25CF\\u00B7*|]++");
    private static final int CHARACTERS_MAX = 40;

    private Boilerplate() {}

    /** Whether the line can go. A blank line is not boilerplate. */
    static boolean is(String line) {
        if (line.isBlank()) {
            return false;
        }
        if (ONLY_BULLETS.matcher(line).matches()) {
            return true;
        }
        String bare = line.strip();
        return bare.length() <= CHARACTERS_MAX
                && LINES.contains(ENDS.matcher(bare).replaceAll("").toLowerCase(Locale.ROOT));
    }
}
