package io.peregrine.data.url;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebAddressTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://www.example.com/               | www.example.com      | example.com         | www.example.com
            HTTPS://Shop.Example.CO.UK/A?q=1#top  | shop.example.co.uk   | example.co.uk       | shop.example.co.uk/A?q=1
            https://example.com.:443              | example.com          | example.com         | example.com
            http://example.com:443/x              | example.com          | example.com         | example.com:443/x
            http://user:pw@h.example.org:80/p/    | h.example.org        | example.org         | h.example.org/p
            http://a@b@c.example.org              | c.example.org        | example.org         | c.example.org
            https://me.blogspot.com/              | me.blogspot.com      | blogspot.com        | me.blogspot.com
            http://b\u00fccher.example.de?x       | xn--bcher-kva.example.de | example.de      | xn--bcher-kva.example.de?x
            http://xn--bcher-kva.de               | xn--bcher-kva.de     | xn--bcher-kva.de    | xn--bcher-kva.de
            http://192.0.2.7:8080/a               | 192.0.2.7            | -                   | 192.0.2.7:8080/a
            http://[2001:DB8::1]:8080/a           | 2001:db8::1          | -                   | 2001:db8::1:8080/a
            http://localhost/a                    | localhost            | -                   | localhost/a
            http://com/a                          | com                  | -                   | com/a
            """)
    void anAddressHasTheseParts(String location, String host, String domain, String exact) {
        WebAddress address = WebAddress.parse(location).orElseThrow();
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.registeredDomain().orElse("-")).isEqualTo(domain);
        assertThat(address.exact()).isEqualTo(exact);
    }

    @ParameterizedTest
    @CsvSource({
        "http://",
        "https:///path",
        "http://user@/x",
        "http://[::1",
        "http://host:port/",
        "http://...",
        "http://?q"
    })
    void anAddressWithoutAHostHasNoParts(String location) {
        assertThat(WebAddress.isWeb(location)).isTrue();
        assertThat(WebAddress.parse(location)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ftp://example.com", "a/b.txt", "http:/x", "see http://x.org", "line 7"})
    void otherLocationsAreNotOfTheWeb(String location) {
        assertThat(WebAddress.isWeb(location)).isFalse();
    }

    @Test
    void aBackslashEndsTheHostAsInBrowsers() {
        assertThat(WebAddress.parse("http://evil.example.net\\@good.org/")
                        .orElseThrow()
                        .host())
                .isEqualTo("evil.example.net");
    }

    @Test
    void hostileHostsCostNothing() {
        assertThat(WebAddress.parse("http://" + "a.".repeat(5_000_000))).isEmpty();
        assertThat(WebAddress.parse("http://" + "@".repeat(10_000_000) + "x.org/")
                        .orElseThrow()
                        .host())
                .isEqualTo("x.org");
        assertThat(WebAddress.parse("http://x.org/" + "\u0301#?/".repeat(1_000_000)))
                .isPresent();
    }
}
