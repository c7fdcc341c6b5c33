package io.peregrine.data.extract;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the charset of a page: byte order mark, HTTP header, {@code meta}, strict UTF-8, detection by ICU, in this
 * order. A charset that is declared but plainly wrong for the bytes counts as not declared.
 */
public final class Charsets {
    /** The HTML standard looks for a declaration in the first 1024 bytes; real pages put scripts before it. */
    private static final int META_BYTES = 8192;

    private static final Pattern META_CHARSET = Pattern.compile(
            "<meta[^>]{0,500}?charset\\s{0,9}=\\s{0,9}[\"']?\\s{0,9}([A-Za-z0-9_:.-]{1,40})", Pattern.CASE_INSENSITIVE);

    /** A declared charset is believed if at most one character in so many is undecodable. */
    private static final int CHARS_PER_TOLERATED_FAULT = 500;

    private static final int ICU_CONFIDENCE_MIN = 30;
    private static final int ICU_BYTES = 64 << 10;
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    /** Labels that the web uses for a larger charset, as in the WHATWG Encoding Standard. */
    private static final Map<String, String> WEB_LABELS = Map.of(
            "iso-8859-1", "windows-1252",
            "latin1", "windows-1252",
            "us-ascii", "windows-1252",
            "ascii", "windows-1252",
            "iso-8859-9", "windows-1254",
            "gb2312", "GB18030",
            "gbk", "GB18030",
            "ks_c_5601-1987", "x-windows-949",
            "euc-kr", "x-windows-949",
            "shift_jis", "windows-31j");

    private Charsets() {}

    /** Decodes an HTML page. Never fails: bytes that no charset explains become U+FFFD. */
    public static String decodeHtml(byte[] bytes, Optional<String> httpCharset) {
        Optional<String> marked = byOrderMark(bytes);
        if (marked.isPresent()) {
            return marked.get();
        }
        Optional<Charset> declared = httpCharset.flatMap(Charsets::byLabel);
        Optional<String> decoded = declared.flatMap(charset -> believable(bytes, charset));
        if (decoded.isPresent()) {
            return decoded.get();
        }
        Optional<Charset> meta = metaLabel(bytes).flatMap(Charsets::byLabel);
        return meta.flatMap(charset -> believable(bytes, charset)).orElseGet(() -> undeclared(bytes));
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

    private static Optional<String> metaLabel(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, META_BYTES), StandardCharsets.ISO_8859_1);
        Matcher matcher = META_CHARSET.matcher(head);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<Charset> byLabel(String label) {
        String name = label.strip().toLowerCase(Locale.ROOT);
        // A page that could be searched for its declaration as ASCII is not UTF-16, whatever it says.
        if (name.startsWith("utf-16") || name.startsWith("utf-32")) {
            return Optional.of(StandardCharsets.UTF_8);
        }
        try {
            return Optional.of(Charset.forName(WEB_LABELS.getOrDefault(name, name)));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            // An unknown label declares nothing.
            return Optional.empty();
        }
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
            Optional<String> text = byLabel(match.getName()).flatMap(charset -> believable(bytes, charset));
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }
}
