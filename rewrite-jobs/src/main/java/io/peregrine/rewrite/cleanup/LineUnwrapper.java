package io.peregrine.rewrite.cleanup;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins lines that were broken to fit a width. The evidence is in the lines: text was filled greedily if no line but the
 * last could have taken the first word of the next one. Verse, addresses and menus fail that test and keep their lines.
 */
final class LineUnwrapper {
    /** Nobody fills text to less. */
    private static final int WIDTH_MIN = 45;

    private static final int WIDTH_MAX = 140;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]++(?:-[\\p{L}\\p{M}]++){0,8}+");
    private static final Pattern HYPHENATED_END = Pattern.compile("([\\p{L}\\p{M}]++)-$");
    private static final Pattern LOWER_CASE_START = Pattern.compile("^(\\p{Ll}[\\p{L}\\p{M}]*+)");

    private final Set<String> words = new HashSet<>();

    /** @param text the whole document, whose words tell whether a hyphen at a line's end belongs to the word */
    LineUnwrapper(String text) {
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group().toLowerCase(Locale.ROOT));
        }
    }

    /** The lines joined to one, if they were broken to a width; else as they are. */
    List<String> unwrap(List<String> lines) {
        if (lines.size() < 2 || !filled(lines)) {
            return lines;
        }
        StringBuilder joined = new StringBuilder(lines.get(0).strip());
        for (String line : lines.subList(1, lines.size())) {
            append(joined, line.strip());
        }
        return new ArrayList<>(List.of(joined.toString()));
    }

    private static boolean filled(List<String> lines) {
        int width = 0;
        for (String line : lines) {
            width = Math.max(width, line.stripTrailing().length());
        }
        if (width < WIDTH_MIN || width > WIDTH_MAX) {
            return false;
        }
        for (int i = 0; i + 1 < lines.size(); i++) {
            String next = lines.get(i + 1).strip();
            int space = next.indexOf(' ');
            int firstWord = space < 0 ? next.length() : space;
            if (lines.get(i).stripTrailing().length() + 1 + firstWord <= width) {
                return false;
            }
        }
        return true;
    }

    private void append(StringBuilder joined, String line) {
        Matcher end = HYPHENATED_END.matcher(joined);
        Matcher start = LOWER_CASE_START.matcher(line);
        if (!end.find() || !start.find()) {
            joined.append(joined.isEmpty() ? "" : " ").append(line);
            return;
        }
        // The document itself must spell the word without a hyphen somewhere; else the hyphen stays.
        String whole = (end.group(1) + start.group(1)).toLowerCase(Locale.ROOT);
        if (words.contains(whole)) {
            joined.setLength(joined.length() - 1);
        }
        joined.append(line);
    }
}
