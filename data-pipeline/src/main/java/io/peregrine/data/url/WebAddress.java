package io.peregrine.data.url;

import com.ibm.icu.text.IDNA;
import crawlercommons.domains.EffectiveTldFinder;
import io.peregrine.data.text.UnicodeText;
import java.util.Optional;

/**
 * The parts of a web address that lists speak of.
 *
 * @param host in lower case, internationalised names as {@code xn--}, without port and final dots; an IPv6 address without
 *     brackets
 * @param registeredDomain the part of the host that somebody registered, by the public suffix list without its private
 *     section; nothing for an IP address, a bare suffix or a name without one
 * @param exact the address as exact lists are compared: host, port unless it is the scheme's own, path and query; without
 *     scheme, user, fragment and a final slash
 */
record WebAddress(String host, Optional<String> registeredDomain, String exact) {
    private static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII);
    private static final int HOST_LENGTH_MAX = 1024;

    /** Whether a location is an address of the web at all. */
    static boolean isWeb(String location) {
        return location.regionMatches(true, 0, "http://", 0, 7) || location.regionMatches(true, 0, "https://", 0, 8);
    }

    /** The parts of an address of the web; nothing if it has no host. */
    static Optional<WebAddress> parse(String location) {
        int from = location.indexOf("://") + 3;
        String defaultPort = from == 8 ? "443" : "80";
        int end = from;
        while (end < location.length() && "/?#\\".indexOf(location.charAt(end)) < 0) {
            end++;
        }
        int hostStart = location.lastIndexOf('@', end - 1) + 1;
        String authority = location.substring(Math.max(hostStart, from), end);
        int bracket = authority.startsWith("[") ? authority.indexOf(']') : 0;
        if (bracket < 0) {
            return Optional.empty();
        }
        int colon = authority.indexOf(':', bracket);
        String rawHost = colon < 0 ? authority : authority.substring(0, colon);
        String port = colon < 0 ? "" : authority.substring(colon + 1);
        String host = bracket > 0 ? UnicodeText.lower(rawHost.substring(1, bracket)) : canonical(rawHost);
        if (host.isEmpty() || port.chars().anyMatch(c -> c < '0' || c > '9')) {
            return Optional.empty();
        }
        String shownPort = port.isEmpty() || port.equals(defaultPort) ? "" : ":" + port;
        boolean name = bracket == 0 && !isIpv4(host);
        return Optional.of(new WebAddress(
                host,
                name ? Optional.ofNullable(EffectiveTldFinder.getAssignedDomain(host, true, true)) : Optional.empty(),
                host + shownPort + rest(location, end)));
    }

    /** An entry of a list of domains and hosts, spelled as {@link #host} is. */
    static String canonical(String name) {
        int to = name.length();
        while (to > 0 && name.charAt(to - 1) == '.') {
            to--;
        }
        String trimmed = name.substring(0, to);
        if (trimmed.isEmpty() || trimmed.length() > HOST_LENGTH_MAX) {
            return "";
        }
        boolean ascii = trimmed.chars().allMatch(c -> c < 128);
        if (ascii) {
            return UnicodeText.lower(trimmed);
        }
        StringBuilder out = new StringBuilder();
        UTS46.nameToASCII(trimmed, out, new IDNA.Info());
        return UnicodeText.lower(out.toString());
    }

    /** An entry of a list of addresses, with or without its scheme, spelled as {@link #exact} is. */
    static String exact(String entry) {
        return parse(isWeb(entry) ? entry : "http://" + entry)
                .map(WebAddress::exact)
                .orElse(entry);
    }

    private static String rest(String location, int from) {
        int fragment = location.indexOf('#', from);
        String rest = location.substring(from, fragment < 0 ? location.length() : fragment);
        return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    }

    private static boolean isIpv4(String host) {
        return host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
