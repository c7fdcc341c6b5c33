package io.peregrine.trainer.generate;

import java.util.List;

/**
 * Lets text through up to the first stop string; what may be the beginning of one is held back until it is known.
 *
 * <p>Where several stop strings begin in a text, the one that begins first counts. Thread: one.
 */
final class StopStrings {
    private final List<String> stops;
    private String heldBack = "";
    private boolean stopped;

    StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /** Takes text; returns what surely stands before any stop string. */
    String add(String text) {
        if (stopped) {
            return "";
        }
        String all = heldBack + text;
        int first = firstWhole(all);
        int open = firstOpen(all);
        if (first >= 0 && (open < 0 || first <= open)) {
            stopped = true;
            heldBack = "";
            return all.substring(0, first);
        }
        int whole = open < 0 ? all.length() : open;
        heldBack = all.substring(whole);
        return all.substring(0, whole);
    }

    /** Whether a stop string came. */
    boolean stopped() {
        return stopped;
    }

    /** What was held back and stands before any stop string, when no more text comes. */
    String end() {
        int first = firstWhole(heldBack);
        stopped |= first >= 0;
        String rest = first < 0 ? heldBack : heldBack.substring(0, first);
        heldBack = "";
        return rest;
    }

    private int firstWhole(String text) {
        return stops.stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    /** Where the text's end may first be the beginning of a stop string that is not whole; -1 if nowhere. */
    private int firstOpen(String text) {
        int longest = stops.stream().mapToInt(String::length).max().orElse(0);
        for (int at = Math.max(0, text.length() - longest + 1); at < text.length(); at++) {
            String end = text.substring(at);
            if (stops.stream().anyMatch(stop -> stop.length() > end.length() && stop.startsWith(end))) {
                return at;
            }
        }
        return -1;
    }
}
