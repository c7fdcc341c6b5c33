package io.peregrine.data.dedup;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.text.Words;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fast reader against the rules it abbreviates. */
class ShinglerTest {
    /** Shingles as the definition has them: simplify the whole text, split it, join words with spaces, hash. */
    private static List<Long> byDefinition(String text, int shingleWords) {
        String simple = SimplifiedText.of(text);
        List<String> words = new ArrayList<>();
        for (Words rules = new Words(simple); rules.next(); ) {
            words.add(simple.substring(rules.start(), rules.end()));
        }
        List<Long> hashes = new ArrayList<>();
        for (int i = 0; i + shingleWords <= words.size(); i++) {
            byte[] bytes = String.join(" ", words.subList(i, i + shingleWords)).getBytes(StandardCharsets.UTF_8);
            hashes.add(XxHash64.hash(0, bytes, 0, bytes.length));
        }
        return hashes;
    }

    private static List<Long> fast(Shingler shingler, String text) {
        shingler.read(text);
        return Arrays.stream(shingler.hashes(), 0, shingler.count()).boxed().toList();
    }

    @Test
    void everyCharacterOfUnicodeIsReadAsTheRulesSay() {
        Shingler shingler = new Shingler(1, ShingleHash.XXH64);
        StringBuilder text = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            text.append("ab")
                    .appendCodePoint(c)
                    .append("Cd ")
                    .appendCodePoint(c)
                    .append(" 1");
            text.appendCodePoint(c)
                    .append("2 ")
                    .appendCodePoint(c)
                    .appendCodePoint(c)
                    .append(' ');
            if (c % 64 == 63) {
                String block = text.toString();
                assertThat(fast(shingler, block)).as("up to U+%04X", c).isEqualTo(byDefinition(block, 1));
                text.setLength(0);
            }
        }
    }

    @Test
    void mixturesOfCharactersAreReadAsTheRulesSay() {
        int[] traps = {
            0x3A3, 0x3C3, 0x130, 0x49, 0x301, 0x327, 0x37E, 0x226E, 0x212A, 0xAC01, 0xAC00, 0x1100, 0x1161, 0x94D,
            0x93E, 0x1D165, 0x1D16D, 0x302E, 0xD83D, 0xDE00, 0x1F600, 0x1D7D9, 0x661, 0xFF11, '.', ',', '1', '2', ' ',
            'a', 'Z', '\'', '-', 0x4E00, 0x3042, 0xE01, 0x200B, 0x200D, 0xA0, 0x85, 0x2028, '\n', '\t', 0xFE0F, 0x10400,
            0x1E900
        };
        Shingler shingler = new Shingler(2, ShingleHash.XXH64);
        forAll(3000, gen -> {
            StringBuilder text = new StringBuilder();
            int length = gen.between(0, gen.size() / 3);
            for (int i = 0; i < length; i++) {
                int trap = traps[gen.between(0, traps.length - 1)];
                text.append(gen.between(0, 1) == 0 ? "x" : "").appendCodePoint(trap);
            }
            text.append(gen.text());
            assertThat(fast(shingler, text.toString())).isEqualTo(byDefinition(text.toString(), 2));
        });
    }

    @Test
    void buffersThatMoveOnLoseNoShingle() {
        Shingler shingler = new Shingler(5, ShingleHash.XXH64);
        for (String text : List.of(
                "one two three four five six ".repeat(20_000),
                "x".repeat(300_000) + " a b c d " + "y".repeat(70_000) + " e f g",
                "\uac01\uac02 ".repeat(100_000),
                "\u4e00\u4e8c\u4e09".repeat(50_000),
                "short text of only six words")) {
            assertThat(fast(shingler, text)).isEqualTo(byDefinition(text, 5));
        }
        assertThat(fast(new Shingler(1000, ShingleHash.XXH64), "a b c d e ".repeat(300)))
                .hasSize(501);
    }
}
