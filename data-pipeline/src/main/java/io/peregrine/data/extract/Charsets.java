package io.peregrine.data.extract;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the charset of a page, in the order of the HTML standard: byte order mark, HTTP header, {@code meta} or XML
 * declaration, the bytes themselves: strict UTF-8, then detection by ICU. Unlike a browser it looks whether a declaration
 * can be true: one that is plainly wrong for the bytes counts as not declared, and bytes of which every other one is zero
 * are UTF-16, whatever is said of them.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding">HTML standard,
 *     section 13.2.3.2</a>
 */
public final class Charsets {
    /** The HTML standard looks for a declaration in the first 1024 bytes; real pages put scripts before it. */
    private static final int HEAD_BYTES = 8192;

    private static final Pattern META_CHARSET =
            Pattern.compile("(?i)<meta[^>]+?charset\\s*=\\s*[\"']?\\s*([a-z0-9_:.-]{1,40})");

    private static final Pattern XML_ENCODING =
            Pattern.compile("^\\s*<\\?xml[^>]+?encoding\\s*=\\s*[\"']([A-Za-z0-9_:.-]{1,40})[\"']");

    /** UTF-16 is seen by its markup, which is ASCII: so many of the bytes in the head's odd or even places are zero. */
    private static final double UTF_16_ZEROS_MIN = 0.2;

    /** And of those in the other places no more than this: U+0000 and Latin's neighbours are rare in text. */
    private static final double UTF_16_ZEROS_MAX = 0.02;

    /** A declared charset is believed if at most one character in so many is undecodable. */
    private static final int CHARS_PER_TOLERATED_FAULT = 500;

    private static final int ICU_CONFIDENCE_MIN = 30;
    private static final int ICU_BYTES = 64 << 10;
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private Charsets() {}

    /** Decodes an HTML page. Never fails: bytes that no charset explains become U+FFFD. */
    public static String decodeHtml(byte[] bytes, Optional<String> httpCharset) {
        Optional<String> marked = byOrderMark(bytes);
        if (marked.isPresent()) {
            return marked.get();
        }
        Optional<Charset> wide = utf16(bytes);
        if (wide.isPresent()) {
            return new String(bytes, wide.get());
        }
        return httpCharset
                .flatMap(label -> declared(bytes, label))
                .or(() -> headLabel(bytes).flatMap(label -> declared(bytes, label)))
                .orElseGet(() -> undeclared(bytes));
    }

    /** Decodes plain text, which declares nothing but a byte order mark. */
    public static String decodeText(byte[] bytes) {
        return byOrderMark(bytes).orElseGet(() -> undeclared(bytes));
    }

    /** Whether the bytes begin with the byte order mark of UTF-8, UTF-16 or UTF-32. */
    public static boolean hasByteOrderMark(byte[] bytes) {
        return orderMark(bytes).isPresent();
    }

    private static Optional<String> byOrderMark(byte[] bytes) {
        return orderMark(bytes).map(charset -> {
            String text = new String(bytes, charset);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        });
    }

    private static Optional<Charset> orderMark(byte[] bytes) {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            return Optional.of(StandardCharsets.UTF_8);
        }
        if (startsWith(bytes, 0xFF, 0xFE, 0, 0)) {
            return Optional.of(Charset.forName("UTF-32LE"));
        }
        if (startsWith(bytes, 0, 0, 0xFE, 0xFF)) {
            return Optional.of(Charset.forName("UTF-32BE"));
        }
        if (startsWith(bytes, 0xFF, 0xFE)) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        return startsWith(bytes, 0xFE, 0xFF) ? Optional.of(StandardCharsets.UTF_16BE) : Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    /** UTF-16 without a mark, by where its zero bytes are. */
    private static Optional<Charset> utf16(byte[] bytes) {
        int pairs = Math.min(bytes.length, HEAD_BYTES) / 2;
        int even = 0;
        int odd = 0;
        for (int i = 0; i < pairs; i++) {
            even += bytes[2 * i] == 0 ? 1 : 0;
            odd += bytes[2 * i + 1] == 0 ? 1 : 0;
        }
        double least = UTF_16_ZEROS_MIN * pairs;
        double most = UTF_16_ZEROS_MAX * pairs;
        if (odd > least && even <= most) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        return even > least && odd <= most ? Optional.of(StandardCharsets.UTF_16BE) : Optional.empty();
    }

    /** What the beginning of a page says of itself; what stands in a comment says nothing. */
    private static Optional<String> headLabel(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, HEAD_BYTES), StandardCharsets.ISO_8859_1);
        Matcher xml = XML_ENCODING.matcher(head);
        String xmlLabel = xml.find() ? xml.group(1) : "";
        Matcher meta = META_CHARSET.matcher(withoutComments(head));
        return meta.find() ? Optional.of(meta.group(1)) : Optional.of(xmlLabel).filter(label -> !label.isEmpty());
    }

    private static String withoutComments(String head) {
        StringBuilder kept = new StringBuilder(head.length());
        int from = 0;
        for (int open = head.indexOf("<!--"); open >= 0; open = head.indexOf("<!--", from)) {
            kept.append(head, from, open);
            // The standard lets the hyphens of the beginning be those of the end.
            int close = head.indexOf("-->", open + 2);
            from = close < 0 ? head.length() : close + 3;
        }
        return kept.append(head, from, head.length()).toString();
    }

    /** The page in a charset that someone declares, if that can be. */
    private static Optional<String> declared(byte[] bytes, String label) {
        return CharsetLabels.find(label)
                // It is not UTF-16, as its zeros show, whatever it says; the standard reads such a declaration so.
                .map(charset -> charset.name().startsWith("UTF-16") ? StandardCharsets.UTF_8 : charset)
                .flatMap(charset -> believable(bytes, charset));
    }

    private static Optional<String> believable(byte[] bytes, Charset charset) {
        String text = new String(bytes, charset);
        long faults = text.chars().filter(c -> c == '\uFFFD').count();
        return faults * CHARS_PER_TOLERATED_FAULT <= text.length() ? Optional.of(text) : Optional.empty();
    }

    private static String undeclared(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return detected(bytes).orElseGet(() -> new String(bytes, WINDOWS_1252));
        }
    }

    private static Optional<String> detected(byte[] bytes) {
        CharsetDetector detector = new CharsetDetector();
        detector.setText(bytes.length <= ICU_BYTES ? bytes : Arrays.copyOf(bytes, ICU_BYTES));
        detector.enableInputFilter(true);
        for (CharsetMatch match : detector.detectAll()) {
            if (match.getConfidence() < ICU_CONFIDENCE_MIN) {
                return Optional.empty();
            }
            Optional<String> text = declared(bytes, match.getName());
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }
}
