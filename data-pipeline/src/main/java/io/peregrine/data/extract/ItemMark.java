package io.peregrine.data.extract;

import com.google.re2j.Pattern;
import java.util.Optional;

/** The mark of a list item that a page writes as text of its own, as LaTeXML does, in place of the browser's. */
final class ItemMark {
    private static final Pattern BULLET = Pattern.compile("[\u2022\u2023\u25e6\u2043\u2013\u2014*-]");
    private static final Pattern NUMBER = Pattern.compile("\\(?(\\d{1,3}|[A-Za-z]|[ivxIVX]{2,5})[.)]");

    private ItemMark() {}

    /** How an item begins whose first block is nothing but a mark; none if it is text. */
    static Optional<String> of(String text) {
        if (BULLET.matcher(text).matches()) {
            return Optional.of("- ");
        }
        return NUMBER.matcher(text).matches() ? Optional.of(text + " ") : Optional.empty();
    }
}
