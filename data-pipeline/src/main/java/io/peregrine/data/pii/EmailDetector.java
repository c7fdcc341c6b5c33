package io.peregrine.data.pii;

import crawlercommons.domains.EffectiveTldFinder;
import io.peregrine.data.text.Spans;
import java.util.Locale;

/**
 * E-mail addresses: what people write of RFC 5322, that is letters, digits and {@code . _ % + - '} before the {@code @},
 * Latin letters with accents included, and behind it a domain whose last label is a known top-level domain, or an IPv4
 * address in brackets.
 *
 * <p>So {@code icon@2x.png} and {@code package@1.2.3} are none; neither is {@code git@github.com}, the same for everyone.
 */
final class EmailDetector implements Detector {
    private static final int LOCAL_MAX = 64;
    private static final int DOMAIN_MAX = 253;
    private static final int LABEL_MAX = 63;

    @Override
    public void find(String text, Spans found) {
        int free = 0;
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            int start = startOfLocal(text, at, free);
            if (start == at || (text.startsWith("git@", start) && at == start + 3)) {
                continue;
            }
            int end = endOfDomain(text, at + 1);
            if (end > 0) {
                found.add(start, end);
                free = end;
            }
        }
    }

    /** Index of the first character before the @ that belongs to the address; the @ itself if there is none. */
    private static int startOfLocal(String text, int at, int free) {
        int least = Math.max(free, at - LOCAL_MAX);
        int start = at;
        while (start > least && isLocal(text.charAt(start - 1))) {
            start--;
        }
        boolean tooLong = start > free && start == least && isLocal(text.charAt(start - 1));
        if (tooLong || text.charAt(at - (at > 0 ? 1 : 0)) == '.') {
            return at;
        }
        while (start < at && !isLetterOrDigit(text.charAt(start)) && text.charAt(start) != '_') {
            start++;
        }
        return start;
    }

    private static boolean isLocal(char c) {
        return isLetterOrDigit(c) || "._%+-'".indexOf(c) >= 0;
    }

    /** ASCII and the accented letters of Latin-1 and Latin Extended-A; not those of scripts that touch the address. */
    private static boolean isLetterOrDigit(char c) {
        return Ascii.isAlphanumeric(c) || (c >= '\u00c0' && c <= '\u017f' && c != '\u00d7' && c != '\u00f7');
    }

    /** Index after the domain, or -1 if there is none. */
    private static int endOfDomain(String text, int from) {
        if (Ascii.at(text, from) == '[') {
            int end = IpDetector.endOfQuad(text, from + 1);
            return end > 0 && Ascii.at(text, end) == ']' ? end + 1 : -1;
        }
        int label = from;
        int end = -1;
        int at = from;
        while (at - from <= DOMAIN_MAX) {
            char c = Ascii.at(text, at);
            if (isLetterOrDigit(c) || (c == '-' && at > label)) {
                at++;
                continue;
            }
            boolean good = at > label && at - label <= LABEL_MAX && text.charAt(at - 1) != '-';
            if (good && label > from && isTopLevel(text, label, at)) {
                end = at;
            }
            if (!good || c != '.') {
                return end;
            }
            at++;
            label = at;
        }
        return -1;
    }

    private static boolean isTopLevel(String text, int from, int to) {
        if (to - from < 2 || Ascii.isDigit(text.charAt(from))) {
            return false;
        }
        String label = text.substring(from, to).toLowerCase(Locale.ROOT);
        return EffectiveTldFinder.getEffectiveTLDs().containsKey(label);
    }
}
