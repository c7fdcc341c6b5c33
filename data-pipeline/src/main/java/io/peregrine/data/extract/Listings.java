package io.peregrine.data.extract;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Locale;
import org.jsoup.nodes.Element;

/** Listings of programs: their text, and the language that their class names. */
final class Listings {
    private static final Pattern LANGUAGE = Pattern.compile(
            "(?:^|\\s)(?:language|lang|highlight-source|sourceCode|brush:)[- ]?([A-Za-z0-9+#]{1,20})(?:\\s|;|$)");

    /** Longer classes are those of what a script made; they would be read again for every listing beside each other. */
    private static final int CLASS_CHARS_MAX = 1000;

    private Listings() {}

    /** The text without empty lines around it; the indentation of its first line stays. */
    static String text(Element listing) {
        String text =
                listing.wholeText().replace('\u00A0', ' ').replace("\r\n", "\n").stripTrailing();
        int first = text.length() - text.stripLeading().length();
        return text.substring(text.lastIndexOf('\n', first) + 1);
    }

    /** The numbers beside a listing are a listing of their own on many pages. */
    static boolean isLineNumbers(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            digits += c >= '0' && c <= '9' ? 1 : 0;
            if (c > ' ' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return digits > 0 && text.indexOf('\n') > 0;
    }

    /** The language that {@code class="language-java"} names, on the listing or on what it holds or stands in. */
    static String language(Element listing) {
        Element inner = listing.firstElementChild();
        Element outer = listing.parent();
        for (Element element :
                new Element[] {listing, inner == null ? listing : inner, outer == null ? listing : outer}) {
            String names = element.className();
            Matcher matcher = LANGUAGE.matcher(names.length() <= CLASS_CHARS_MAX ? names : "");
            if (matcher.find()) {
                return matcher.group(1).toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }
}
