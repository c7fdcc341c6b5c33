package io.peregrine.data.code;

import io.peregrine.data.text.CodePoints;

/**
 * How much of an HTML file a reader sees: what is outside tags, comments, scripts and style sheets, a run of white space
 * counting as one character. A scan, not a parser: what has no end goes to the end.
 */
final class VisibleText {
    private VisibleText() {}

    /** Number of characters that a reader sees. */
    static long characters(String html) {
        long visible = 0;
        boolean space = true;
        int at = 0;
        while (at < html.length()) {
            char c = html.charAt(at);
            if (c == '<' && beginsMarkup(html, at)) {
                at = afterMarkup(html, at);
                continue;
            }
            int codePoint = html.codePointAt(at);
            boolean blank = CodePoints.is(codePoint, CodePoints.SPACE);
            visible += blank && space ? 0 : 1;
            space = blank;
            at += Character.charCount(codePoint);
        }
        return visible > 0 && space ? visible - 1 : visible;
    }

    private static boolean beginsMarkup(String html, int at) {
        if (at + 1 >= html.length()) {
            return false;
        }
        char next = html.charAt(at + 1);
        boolean letter = (next | 0x20) >= 'a' && (next | 0x20) <= 'z';
        return letter || next == '/' || next == '!' || next == '?';
    }

    private static int afterMarkup(String html, int at) {
        if (html.startsWith("<!--", at)) {
            return after(html.indexOf("-->", at + 4), 3, html);
        }
        int end = after(html.indexOf('>', at), 1, html);
        for (String hidden : new String[] {"script", "style"}) {
            if (html.regionMatches(true, at + 1, hidden, 0, hidden.length())) {
                return afterElement(html, end, hidden);
            }
        }
        return end;
    }

    private static int afterElement(String html, int from, String name) {
        int at = html.indexOf("</", from);
        while (at >= 0) {
            if (html.regionMatches(true, at + 2, name, 0, name.length())) {
                return after(html.indexOf('>', at), 1, html);
            }
            at = html.indexOf("</", at + 2);
        }
        return html.length();
    }

    private static int after(int found, int length, String html) {
        return found < 0 ? html.length() : found + length;
    }
}
