package io.peregrine.data.pii;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Signal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiiAnnotatorTest {
    private static Annotation annotate(PiiConfig config, String text) {
        return new PiiAnnotator(config).annotate(Document.of("s", "web", "o", "l", "en", text));
    }

    private static String masked(String text) {
        return annotate(PiiConfig.DEFAULTS, text).document().text();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Write to jane.doe+list@mail.example.co.uk.      | Write to <EMAIL>.
            <mailto:o'neil_9@x-y.org?subject=hi>            | <mailto:<EMAIL>?subject=hi>
            a@b.org,c@d.net;e@f.com                         | <EMAIL>,<EMAIL>;<EMAIL>
            J\u00f6rg.M\u00fcller@b\u00fccher.de            | <EMAIL>
            \u8054\u7cfbme@site.cn\u3002                    | \u8054\u7cfb<EMAIL>\u3002
            me@[203.0.113.9]                                | <EMAIL>
            icon@2x.png npm@6.14.4 @decorated.method        | -
            git clone git@github.com:a/b.git                | -
            user@localhost a@b @c.org d@.org e.@f.org       | -
            me@host.notatld                                 | -
            """)
    void mailAddressesAreMasked(String text, String expected) {
        assertThat(masked(text)).isEqualTo(expected.equals("-") ? text : expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            from 93.184.216.34 today                        | from <IP> today
            (8.8.4.14:53), 223.255.255.254.                 | (<IP>:53), <IP>.
            http://93.184.216.34/a                          | http://<IP>/a
            2606:2800:220:1:248:1893:25c8:1946              | <IP>
            [2a02:8071::1f]:443 and 2001:4860:4860::8888.   | [<IP>]:443 and <IP>.
            10.0.0.1 127.0.0.1 192.168.1.20 172.31.0.9      | -
            169.254.1.15 100.64.0.10 198.51.100.7 224.0.0.251 | -
            version 10.20.30.40, v11.2.33.4, Version=14.0.0.0 | -
            8.8.8.8 3.1.2.4 1.2.3.4                         | -
            lib-93.184.216.34.jar 93.184.216.34.5 93.184.216.34-beta 5.93.184.216.34 | -
            93.184.216.256 93.184.216 093.184.216.34 x93.184.216.34 | -
            12:30:45 2021-11-25T10:20:30 de:ad:be:ef:00:01 a[2000::2] std::abs fe80::1 ::1 | -
            2001:db8::17 2606:2800:220:1:248:1893:25c8:1946:7 2606::220::1 | -
            """)
    void publicAddressesOfMachinesAreMasked(String text, String expected) {
        assertThat(masked(text)).isEqualTo(expected.equals("-") ? text : expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            +49 30 901820, +1 (212) 555-0123 or +442079460958 | <PHONE>, <PHONE> or <PHONE>
            Tel.:+33(0)1.23.45.67.89                          | Tel.:<PHONE>
            (212) 555-0123 212-555-0123                       | <PHONE> <PHONE>
            call 212.555.0123.                                | call <PHONE>.
            1-800-555-0199                                    | <PHONE>
            le 01 23 45 67 89 ou                              | le <PHONE> ou
            \u672c\u793e 03-1234-5678                         | \u672c\u793e <PHONE>
            Telefon: 030 / 901820                             | Telefon: <PHONE>
            \u0442\u0435\u043b. 8 (495) 123-45-67             | \u0442\u0435\u043b. <PHONE>
            phone 5550123 and room 5550123                    | phone <PHONE> and room 5550123
            2026-11-25 25.11.2026 11/25/2026 10:20:30         | -
            ISBN 978-3-16-148410-0, 0-306-40615-2             | -
            112-555-0123 212-155-0123 211-555-0123            | -
            x = 12 +34567890123                               | -
            123456789012 1,234,567,890 3.14159265358979       | -
            +000 123 456 789 +1 234                           | -
            0x12125550123 a212-555-0123 212-555-01234         | -
            """)
    void telephoneNumbersThatSayTheyAreOnesAreMasked(String text, String expected) {
        assertThat(masked(text)).isEqualTo(expected.equals("-") ? text : expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            IBAN: DE89370400440532013000.                   | IBAN: <IBAN>.
            GB82 WEST 1234 5698 7654 32, FR1420041010050500013M02606 | <IBAN>, <IBAN>
            DE88370400440532013000                          | -
            DE8937040044053201300                           | -
            DE893704004405320130001                         | -
            XDE89370400440532013000 ZZ89370400440532013000  | -
            GB82 WEST 12345698 7654 32                      | -
            """)
    void accountNumbersThatCheckAreMasked(String text, String expected) {
        assertThat(masked(text)).isEqualTo(expected.equals("-") ? text : expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            card 4111 1111 1111 1111, exp 12/29             | card <CARD>, exp 12/29
            5555555555554444 3782-822463-10005              | <CARD> <CARD>
            2223003122003222                                | <CARD>
            4111 1111 1111 1112                             | -
            4111-1111 1111-1111                             | -
            41 1111 1111 1111 11                            | -
            9111111111111111 0.4111111111111111 id-4111111111111111 | -
            41111111111111110 x4111111111111111 4111111111111111a | -
            9780306406157 978-0-306-40615-7                 | -
            """)
    void cardNumbersThatCheckAreMasked(String text, String expected) {
        assertThat(masked(text)).isEqualTo(expected.equals("-") ? text : expected);
    }

    @Test
    void kindsThatAreOffOrOnlyCountedStay() {
        PiiConfig.Handling count = new PiiConfig.Handling(PiiConfig.Mode.COUNT, List.of());
        PiiConfig.Handling off = new PiiConfig.Handling(PiiConfig.Mode.OFF, List.of());
        PiiConfig config = new PiiConfig(off, count, off, off, off, off, 3.2);
        Annotation annotation = annotate(config, "a@b.org 212-555-0123");
        assertThat(annotation.document().text()).isEqualTo("a@b.org 212-555-0123");
        List<String> names =
                new PiiAnnotator(config).signals().stream().map(Signal::name).toList();
        assertThat(names)
                .containsExactly(
                        "pii_key_count",
                        "pii_email_count",
                        "pii_iban_count",
                        "pii_card_count",
                        "pii_ip_count",
                        "pii_phone_count",
                        "pii_density");
        assertThat(annotation.value(1)).isEqualTo(1);
        assertThat(annotation.value(5)).isNaN();
        assertThat(annotation.value(6)).isEqualTo(7 / 20.0);
    }

    @Test
    void theMadeUpAddressesGoRoundAndBeginAnewWithEachDocument() {
        PiiAnnotator annotator = new PiiAnnotator(PiiConfig.DATATROVE);
        Document document =
                Document.of("s", "web", "o", "l", "en", "a@b.org c@d.org e@f.org 93.184.216.34 212-555-0123");
        String expected = "email@example.com firstname.lastname@example.org email@example.com 192.0.2.17 212-555-0123";
        assertThat(annotator.annotate(document).document().text()).isEqualTo(expected);
        Document again = annotator.annotate(document).document();
        assertThat(again.text()).isEqualTo(expected);
        assertThat(again.id()).isEqualTo(Document.idOf(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Nothing to see here.", "\ud83d\ude00 1 2 3"})
    void aTextWithoutFindingsIsTheSameDocument(String text) {
        Document document = Document.of("s", "web", "o", "l", "en", text);
        Annotation annotation = new PiiAnnotator(PiiConfig.DEFAULTS).annotate(document);
        assertThat(annotation.document()).isSameAs(document);
        assertThat(annotation.value(6)).isEqualTo(text.isEmpty() ? (Double) Double.NaN : (Double) 0.0);
    }

    @Test
    void settingsAreMergedKindByKind() {
        PiiConfig config = YamlConfig.parse(
                Path.of("x.yaml"), "phone: {mode: count}\nemail: {replacements: [a, b]}\n", PiiConfig.class);
        assertThat(config.phone()).isEqualTo(new PiiConfig.Handling(PiiConfig.Mode.COUNT, List.of("<PHONE>")));
        assertThat(config.email()).isEqualTo(new PiiConfig.Handling(PiiConfig.Mode.MASK, List.of("a", "b")));
        assertThat(config.key()).isEqualTo(PiiConfig.DEFAULTS.key());
        assertThatThrownBy(() -> new PiiConfig.Handling(PiiConfig.Mode.MASK, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("replacements = []: must have one text where mode is mask");
    }
}
