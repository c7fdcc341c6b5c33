package io.peregrine.rewrite.accept;

import java.text.DateFormatSymbols;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds dates and writes them as {@code year-month-day}, with {@code ?} for what is not said: {@code 2024-03-05},
 * {@code 5 March 2024}, {@code March 5, 2024}, {@code 5 de marzo de 2024}, {@code March 2024}. Dates of digits and slashes
 * are numbers and not dates, since nobody can tell day from month.
 */
final class DateFacts {
    private static final List<String> LANGUAGES =
            List.of("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "ro", "ru");
    private static final Map<String, Integer> MONTHS = months();
    private static final int BETWEEN_MAX = 4;

    private DateFacts() {}

    private static Map<String, Integer> months() {
        Map<String, Integer> months = new HashMap<>();
        for (String language : LANGUAGES) {
            DateFormatSymbols symbols = DateFormatSymbols.getInstance(Locale.forLanguageTag(language));
            for (int month = 0; month < 12; month++) {
                months.putIfAbsent(symbols.getMonths()[month].toLowerCase(Locale.ROOT), month + 1);
                String shorter = symbols.getShortMonths()[month].toLowerCase(Locale.ROOT);
                String plain = shorter.endsWith(".") ? shorter.substring(0, shorter.length() - 1) : shorter;
                if (plain.codePoints().allMatch(Character::isLetter)) {
                    months.putIfAbsent(plain, month + 1);
                }
            }
        }
        return months;
    }

    static void dates(String text, Consumer<String> found) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = at + 1;
            if (isDigit(c)) {
                end = wordEnd(text, at);
                iso(text, at, end, found);
            } else if (Character.isLetter(c)) {
                end = wordEnd(text, at);
                Integer month = end - at > 12
                        ? null
                        : MONTHS.get(text.substring(at, end).toLowerCase(Locale.ROOT));
                if (month != null) {
                    named(text, at, end, month, found);
                }
            }
            at = end;
        }
    }

    private static void iso(String text, int from, int end, Consumer<String> found) {
        boolean shaped = end == from + 4
                && text.length() >= from + 10
                && text.charAt(from + 4) == '-'
                && text.charAt(from + 7) == '-'
                && wordEnd(text, from + 5) == from + 7
                && wordEnd(text, from + 8) == from + 10;
        int year = number(text, from, end);
        int month = shaped ? number(text, from + 5, from + 7) : -1;
        int day = shaped ? number(text, from + 8, from + 10) : -1;
        if (year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31) {
            found.accept("%04d-%02d-%02d".formatted(year, month, day));
        }
    }

    /** The month stands between a day and a year, or before both. */
    private static void named(String text, int from, int end, int month, Consumer<String> found) {
        int dayBefore = before(text, from);
        int next = skip(text, end);
        int nextEnd = wordEnd(text, next);
        int after = ordinal(text, next, nextEnd);
        int year = year(after) ? after : -1;
        int day = dayBefore;
        if (year < 0 && after >= 1 && after <= 31) {
            int second = skip(text, nextEnd);
            int later = number(text, second, wordEnd(text, second));
            year = year(later) ? later : -1;
            day = after;
        }
        // A small letter alone may be a verb: "they may 5 times".
        boolean date = year >= 0 || dayBefore >= 1 || (day >= 1 && Character.isUpperCase(text.charAt(from)));
        if (date) {
            found.accept((year < 0 ? "?" : "%04d".formatted(year))
                    + "-%02d-".formatted(month)
                    + (day < 1 ? "?" : "%02d".formatted(day)));
        }
    }

    /** The day that stands before a month, or -1. */
    private static int before(String text, int from) {
        int at = from - 1;
        while (at >= 0 && at >= from - BETWEEN_MAX && " \n.".indexOf(text.charAt(at)) >= 0) {
            at--;
        }
        if (at >= 2 && text.startsWith("de", at - 1) && text.charAt(at - 2) == ' ') {
            at -= 3;
        }
        int end = at + 1;
        int start = end;
        while (start > 0 && end - start <= 4 && Character.isLetterOrDigit(text.charAt(start - 1))) {
            start--;
        }
        int day = start < end ? ordinal(text, start, end) : -1;
        return day >= 1 && day <= 31 ? day : -1;
    }

    private static int skip(String text, int from) {
        int at = from;
        while (at < text.length() && at - from < BETWEEN_MAX && " \n.,\u00a0".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return text.startsWith("de ", at) ? at + 3 : at;
    }

    private static boolean year(int number) {
        return number >= 1000 && number <= 2999;
    }

    /** A number with or without the ending of an English ordinal. */
    private static int ordinal(String text, int from, int end) {
        boolean ending = end - from > 2
                && end - from <= 4
                && List.of("st", "nd", "rd", "th").contains(text.substring(end - 2, end));
        return number(text, from, ending ? end - 2 : end);
    }

    /** At most four digits of ASCII as a number, else -1. */
    private static int number(String text, int from, int end) {
        if (end <= from || end - from > 4) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < end; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }

    private static int wordEnd(String text, int from) {
        int end = from;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return Math.min(end, text.length());
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
