package io.peregrine.data.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * XML in UTF-8 with its entity references resolved from a short list of our own, or dropped, so that none is left to
 * expand: no entity bombs, no need of definitions that lie in other files.
 *
 * <p>The five entities of XML itself and character references pass unchanged.
 */
final class EntityFilter extends InputStream {
    private static final Set<String> PREDEFINED = Set.of("amp", "lt", "gt", "quot", "apos");

    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("nbsp", "\u00A0"),
            Map.entry("nnbsp", "\u202F"),
            Map.entry("thinsp", "\u2009"),
            Map.entry("deg", "\u00B0"),
            Map.entry("ordm", "\u00BA"),
            Map.entry("ordf", "\u00AA"),
            Map.entry("sup_o", "\u00BA"),
            Map.entry("sup_a", "\u00AA"),
            Map.entry("prime", "\u2032"),
            Map.entry("minus_sign", "\u2212"),
            Map.entry("ndash", "\u2013"),
            Map.entry("mdash", "\u2014"),
            Map.entry("hellip", "\u2026"),
            Map.entry("laquo", "\u00AB"),
            Map.entry("raquo", "\u00BB"),
            Map.entry("lsquo", "\u2018"),
            Map.entry("rsquo", "\u2019"),
            Map.entry("ldquo", "\u201C"),
            Map.entry("rdquo", "\u201D"),
            Map.entry("lsqb", "["),
            Map.entry("rsqb", "]"));

    private static final int NAME_BYTES_MAX = 64;

    private final InputStream in;
    private byte[] pending = new byte[0];
    private int pendingAt;

    /** @param in buffered; it is read byte by byte */
    EntityFilter(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        if (pendingAt < pending.length) {
            return pending[pendingAt++] & 0xFF;
        }
        int b = in.read();
        if (b != '&') {
            return b;
        }
        pending = reference();
        pendingAt = 0;
        return read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = 0;
        while (n < length) {
            int b = read();
            if (b < 0) {
                return n == 0 ? -1 : n;
            }
            buffer[offset + n++] = (byte) b;
        }
        return n;
    }

    /** What stands for the reference that begins here; something that is no reference stays as it is. */
    private byte[] reference() throws IOException {
        StringBuilder name = new StringBuilder();
        int b = in.read();
        while (name.length() < NAME_BYTES_MAX && isNameByte(b)) {
            name.append((char) b);
            b = in.read();
        }
        String reference = name.toString();
        if (b != ';') {
            String text = "&amp;" + reference + (b < 0 ? "" : String.valueOf((char) b));
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        if (PREDEFINED.contains(reference) || reference.startsWith("#")) {
            return ("&" + reference + ";").getBytes(StandardCharsets.US_ASCII);
        }
        return KNOWN.getOrDefault(reference, " ").getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isNameByte(int b) {
        return b > ' ' && b != ';' && b != '<' && b != '&' && b != '"' && b != '\'' && b < 0x7F;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
