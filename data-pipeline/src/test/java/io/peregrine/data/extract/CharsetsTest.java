package io.peregrine.data.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CharsetsTest {
    private static final String RUSSIAN =
            "\u0412\u0441\u0435 \u043B\u044E\u0434\u0438 \u0440\u043E\u0436\u0434\u0430\u044E"
                    + "\u0442\u0441\u044F \u0441\u0432\u043E\u0431\u043E\u0434\u043D\u044B\u043C\u0438 "
                    + "\u0438 \u0440\u0430\u0432\u043D\u044B\u043C\u0438 \u0432 \u0441\u0432\u043E"
                    + "\u0435\u043C \u0434\u043E\u0441\u0442\u043E\u0438\u043D\u0441\u0442\u0432\u0435 "
                    + "\u0438 \u043F\u0440\u0430\u0432\u0430\u0445. \u041E\u043D\u0438 \u043D"
                    + "\u0430\u0434\u0435\u043B\u0435\u043D\u044B \u0440\u0430\u0437\u0443\u043C\u043E\u043C"
                    + " \u0438 \u0441\u043E\u0432\u0435\u0441\u0442\u044C\u044E \u0438 \u0434"
                    + "\u043E\u043B\u0436\u043D\u044B \u043F\u043E\u0441\u0442\u0443\u043F\u0430\u0442\u044C"
                    + " \u0432 \u043E\u0442\u043D\u043E\u0448\u0435\u043D\u0438\u0438 \u0434\u0440"
                    + "\u0443\u0433 \u0434\u0440\u0443\u0433\u0430 \u0432 \u0434\u0443\u0445\u0435"
                    + " \u0431\u0440\u0430\u0442\u0441\u0442\u0432\u0430.";

    private static byte[] bytes(String text, String charset) {
        return text.getBytes(Charset.forName(charset));
    }

    @Test
    void aByteOrderMarkWins() {
        byte[] marked = ("\uFEFF" + RUSSIAN).getBytes(StandardCharsets.UTF_16LE);
        assertThat(Charsets.decodeHtml(marked, Optional.of("windows-1251"))).isEqualTo(RUSSIAN);
        assertThat(Charsets.hasByteOrderMark(marked)).isTrue();
    }

    @Test
    void theHeaderWinsOverThePage() {
        String page = "<meta charset=utf-8>" + RUSSIAN;
        assertThat(Charsets.decodeHtml(bytes(page, "windows-1251"), Optional.of("windows-1251")))
                .isEqualTo(page);
    }

    @Test
    void thePageDeclaresItsCharset() {
        String page = "<META http-equiv=Content-Type content='text/html; charset=\"koi8-r\"'>" + RUSSIAN;
        assertThat(Charsets.decodeHtml(bytes(page, "KOI8-R"), Optional.empty())).isEqualTo(page);
        String japanese = "<meta charset=\"shift_jis\">\u3053\u3093\u306B\u3061\u306F\u2460";
        assertThat(Charsets.decodeHtml(bytes(japanese, "windows-31j"), Optional.empty()))
                .isEqualTo(japanese);
    }

    @Test
    void aDeclarationThatCannotBeTrueIsIgnored() {
        String page = "<meta charset=utf-8>" + RUSSIAN.repeat(20);
        assertThat(Charsets.decodeHtml(bytes(page, "windows-1251"), Optional.of("no-such-charset")))
                .isEqualTo(page);
    }

    @Test
    void oneBrokenByteDoesNotChangeTheCharset() {
        byte[] page = bytes("<meta charset=utf-8>" + RUSSIAN.repeat(50), "UTF-8");
        page[500] = (byte) 0xFF;
        assertThat(Charsets.decodeHtml(page, Optional.empty()))
                .contains("\uFFFD")
                .contains(RUSSIAN);
    }

    @Test
    void undeclaredTextIsUtf8IfItCanBe() {
        assertThat(Charsets.decodeText(bytes(RUSSIAN, "UTF-8"))).isEqualTo(RUSSIAN);
        assertThat(Charsets.decodeText(bytes(RUSSIAN.repeat(5), "KOI8-R"))).isEqualTo(RUSSIAN.repeat(5));
        String german = "Gr\u00FC\u00DFe aus M\u00FCnchen und sch\u00F6ne Tage f\u00FCr alle, die hier sind.";
        assertThat(Charsets.decodeText(bytes(german, "ISO-8859-1"))).isEqualTo(german);
    }

    @Test
    void utf16WithoutAMarkIsSeenByItsZeros() {
        String page =
                "<html><head><meta charset=utf-8><title>x</title></head><body><p>" + RUSSIAN + "</p></body></html>";
        for (String charset : new String[] {"UTF-16LE", "UTF-16BE"}) {
            for (String header : new String[] {"utf-16", "UTF-16BE", "utf-8", "windows-1252"}) {
                assertThat(Charsets.decodeHtml(bytes(page, charset), Optional.of(header)))
                        .as(charset + " as " + header)
                        .isEqualTo(page);
            }
            assertThat(Charsets.decodeHtml(bytes(page, charset), Optional.empty()))
                    .isEqualTo(page);
        }
    }

    @Test
    void whatSaysUtf16AndIsNotIsUtf8() {
        String page = "<meta charset=utf-16>Gr\u00FC\u00DFe";
        assertThat(Charsets.decodeHtml(bytes(page, "UTF-8"), Optional.empty())).isEqualTo(page);
        assertThat(Charsets.decodeHtml(bytes(page, "UTF-8"), Optional.of("utf-16le")))
                .isEqualTo(page);
        String zeros = "a\u0000b\u0000\u0000c" + RUSSIAN;
        assertThat(Charsets.decodeHtml(bytes(zeros, "UTF-8"), Optional.empty())).isEqualTo(zeros);
    }

    @Test
    void utf32WithAMarkIsRead() {
        for (String charset : new String[] {"UTF-32LE", "UTF-32BE"}) {
            assertThat(Charsets.decodeHtml(bytes("\uFEFF" + RUSSIAN, charset), Optional.empty()))
                    .isEqualTo(RUSSIAN);
        }
    }

    @Test
    void anXmlDeclarationDeclares() {
        String page = "<?xml version='1.0' encoding='windows-1251'?>\n<html><p>" + RUSSIAN + "</p></html>";
        assertThat(Charsets.decodeHtml(bytes(page, "windows-1251"), Optional.empty()))
                .isEqualTo(page);
        String both = page.replace("<html>", "<html><meta charset=koi8-r>");
        assertThat(Charsets.decodeHtml(bytes(both, "KOI8-R"), Optional.empty())).isEqualTo(both);
    }

    @Test
    void aCommentDeclaresNothing() {
        String page = "<!-- <meta charset=koi8-r> --><meta charset=windows-1251>" + RUSSIAN;
        assertThat(Charsets.decodeHtml(bytes(page, "windows-1251"), Optional.empty()))
                .isEqualTo(page);
        String open = "<!-- <meta charset=koi8-r>" + RUSSIAN.repeat(5);
        assertThat(Charsets.decodeHtml(bytes(open, "windows-1251"), Optional.empty()))
                .isEqualTo(open);
    }

    @Test
    void labelsAreThoseOfTheWeb() {
        String thai = "<meta charset=tis-620>\u0E01\u0E32\u0E23";
        assertThat(Charsets.decodeHtml(bytes(thai, "x-windows-874"), Optional.empty()))
                .isEqualTo(thai);
        String turkish = "\u011E\u0130\u015E \u201C\u20AC\u201D";
        assertThat(Charsets.decodeHtml(bytes(turkish, "windows-1254"), Optional.of(" Latin5 ")))
                .isEqualTo(turkish);
        String korean = "\uD55C\uAD6D\uC5B4 \uAC02";
        assertThat(Charsets.decodeHtml(bytes(korean, "x-windows-949"), Optional.of("KSC_5601")))
                .isEqualTo(korean);
        String ascii = "<p>An ordinary page of ordinary words.</p>";
        assertThat(Charsets.decodeHtml(bytes(ascii, "UTF-8"), Optional.of("ibm037")))
                .isEqualTo(ascii);
    }

    @Test
    void anyBytesDecode() {
        byte[] noise = new byte[4096];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) ((i * 167) >> 3);
        }
        assertThat(Charsets.decodeText(noise)).isNotEmpty();
        assertThat(Charsets.decodeHtml(new byte[0], Optional.empty())).isEmpty();
    }
}
