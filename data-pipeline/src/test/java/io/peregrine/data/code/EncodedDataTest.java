package io.peregrine.data.code;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import io.peregrine.data.text.Spans;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EncodedDataTest {
    private static final Pattern BASE64 = Pattern.compile("[a-zA-Z0-9+/\\n=]{64,}");
    private static final Pattern HEXADECIMAL = Pattern.compile("(?:\\b(?:0x|\\\\x)?[0-9a-fA-F]{2}(?:,|\\b\\s*)){8,}");
    private static final Pattern ESCAPES = Pattern.compile("(?:\\\\u[0-9a-fA-F]{4}){8,}");
    private static final String[] PIECES = {
        "0x", "\\x", "41", "fF", ",", " ", "\n", "\\u", "00e9", "a", "_", "\"", "0x4a,", "7f ", "\\x41", "\\u00e9",
        "+/="
    };

    private final EncodedData encoded = new EncodedData();

    private static List<String> spans(Spans spans) {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            list.add(spans.start(i) + "-" + spans.end(i));
        }
        return list;
    }

    private static List<String> matches(Pattern pattern, String text) {
        List<String> list = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            list.add(matcher.start() + "-" + matcher.end());
        }
        return list;
    }

    @Test
    void findsWhatThePatternsOfThePaperFind() {
        ForAll.forAll(2000, gen -> {
            StringBuilder text = new StringBuilder();
            int favourite = gen.between(0, PIECES.length - 1);
            for (int i = 0; i < gen.size(); i++) {
                int piece = gen.between(0, 2) > 0 ? favourite : gen.between(0, PIECES.length - 1);
                text.append(PIECES[piece]);
            }
            encoded.measure(text.toString());
            assertThat(spans(encoded.base64())).isEqualTo(matches(BASE64, text.toString()));
            assertThat(spans(encoded.hexadecimal())).isEqualTo(matches(HEXADECIMAL, text.toString()));
            assertThat(spans(encoded.escapes())).isEqualTo(matches(ESCAPES, text.toString()));
            assertThat(encoded.covered()).isBetween(0L, (long) text.length());
        });
    }

    @Test
    void aCharacterThatTwoPatternsMatchCountsOnce() {
        encoded.measure("41424344454647484142434445464748".repeat(2) + "41 42 43 44 45 46 47 48");
        assertThat(encoded.longest()).isEqualTo(66);
        assertThat(encoded.covered()).isEqualTo(66);
        encoded.measure("(41 42 43 44 45 46 47 48)" + "\\u00e9".repeat(8));
        assertThat(encoded.covered()).isEqualTo(23 + 48);
    }

    @Test
    void baitIsReadInLinearTime() {
        for (String piece : PIECES) {
            encoded.measure(piece.repeat(5_000_000 / piece.length()));
            encoded.measure((piece + " ".repeat(1000)).repeat(3000));
        }
        assertThat(encoded.longest()).isNotNegative();
    }
}
