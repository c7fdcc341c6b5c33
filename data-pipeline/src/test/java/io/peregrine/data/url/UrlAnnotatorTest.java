package io.peregrine.data.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.Document;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Check;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlAnnotatorTest {
    @TempDir
    Path folder;

    private UrlConfig config(boolean caseSensitive) throws IOException {
        return new UrlConfig(
                List.of(list("domains", "0.0.0.0 bad.org\nhost.fine.example\nB\u00dcCHER.org\n192.0.2.9\n")),
                List.of(list("urls", "page.example/one/page\nhttps://page.example/two/\n")),
                List.of(list("hard", "awful\n")),
                List.of(list("soft", "murky\nshady\n")),
                List.of(list("sub", "dirty-trick\n")),
                false,
                caseSensitive,
                1 << 20);
    }

    private String list(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private static Annotation measure(UrlConfig config, String location) {
        return new UrlAnnotator(config).annotate(Document.of("s", "web", "o", location, "en", "text"));
    }

    private static List<String> broken(UrlConfig config, String location) {
        UrlAnnotator annotator = new UrlAnnotator(config);
        Annotation annotation = annotator.annotate(Document.of("s", "web", "o", location, "en", "text"));
        List<String> names = annotator.signals().stream().map(Signal::name).toList();
        List<String> broken = new ArrayList<>();
        for (Rule rule : UrlAnnotator.RULES) {
            if (new Check(rule, annotation.value(names.indexOf(rule.signal()))).broken()) {
                broken.add(rule.reason());
            }
        }
        return broken;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://fine.example/                          | -
            http://bad.org/                           | url_domain_banned url_host_banned
            https://www.bad.org/x                     | url_domain_banned
            http://notbad.org/                        | -
            http://host.fine.example:8080/                | url_host_banned
            http://a.host.fine.example/                   | -
            http://192.0.2.9/                             | url_host_banned
            http://xn--bcher-kva.org/                 | url_domain_banned url_host_banned
            http://page.example/one/page                  | url_banned
            https://page.example/one/page/#here           | url_banned
            http://page.example/two                       | url_banned
            http://page.example/one                       | -
            http://fine.example/an-AWFUL_thing            | url_hard_word
            http://fine.example/awfully                   | -
            http://fine.example/murky/murky               | -
            http://fine.example/murky/x?Shady=1           | url_soft_words
            http://fine.example/a-Dirty.Tr/ick            | url_subword
            http://fine.example/dirty/some/trick          | -
            http:///awful                                 | url_hard_word
            archive/awful/murky/shady.txt                 | -
            """)
    void anAddressBreaksTheseRules(String location, String reasons) throws IOException {
        assertThat(String.join(" ", broken(config(false), location))).isEqualTo(reasons.equals("-") ? "" : reasons);
    }

    @Test
    void wordsAsSpelledAreFineWebsReading() throws IOException {
        assertThat(broken(config(true), "http://fine.example/AWFUL")).isEmpty();
        assertThat(broken(config(true), "http://fine.example/awful")).containsExactly("url_hard_word");
        assertThat(broken(config(true), "http://fine.example/DIRTYTRICK")).containsExactly("url_subword");
    }

    @Test
    void whatHasNoAddressIsNotMeasured() throws IOException {
        Annotation file = measure(config(false), "src/awful.c");
        for (int i = 0; i < file.size(); i++) {
            assertThat(file.value(i)).isNaN();
        }
        Annotation hostless = measure(config(false), "http:///murky");
        assertThat(hostless.value(0)).isNaN();
        assertThat(hostless.value(4)).isEqualTo(1);
    }

    @Test
    void theBuiltInWordsAreABeginning() {
        assertThat(broken(UrlConfig.DEFAULTS, "https://en.wikipedia.org/wiki/Sussex"))
                .isEmpty();
        assertThat(broken(UrlConfig.DEFAULTS, "https://www.essex.gov.uk/adult-social-care"))
                .isEmpty();
        assertThat(broken(UrlConfig.DEFAULTS, "https://x.example/best-Online-Casino-bonus"))
                .containsExactly("url_soft_words", "url_subword");
        assertThat(BuiltInWords.HARD).doesNotContainAnyElementsOf(BuiltInWords.SOFT);
    }

    @Test
    void anAddressOfTenMegabytesIsRead() throws IOException {
        String location = "http://fine.example/" + "awful-murky%20".repeat(700_000);
        assertThat(broken(config(false), location)).containsExactly("url_hard_word");
    }

    @Test
    void settingsFollowTheirListsAndRefuseNonsense() throws IOException {
        UrlConfig config = config(false);
        String before = config.contentDigest();
        list("hard", "other\n");
        assertThat(config.contentDigest()).isNotEqualTo(before);
        assertThatThrownBy(() -> new UrlConfig(List.of(), List.of(), List.of(), List.of(), List.of(), true, false, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("list-bytes-max = 0: must be >= 1 bytes");
    }
}
