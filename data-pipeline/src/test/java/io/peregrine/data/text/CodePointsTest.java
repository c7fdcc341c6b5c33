package io.peregrine.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CodePointsTest {
    /** The marks that datatrove's TERMINAL_PUNCTUATION and today's property Sentence_Terminal do not share. */
    @Test
    void terminalMarksAreThoseOfDatatrove() {
        long marks = IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                .filter(c -> CodePoints.is(c, CodePoints.TERMINAL))
                .count();
        assertThat(marks).isEqualTo(159);
        for (int c : new int[] {
            '.', '!', '?', 0x3002, 0xff1f, 0x0964, 0x06d4, 0x061d, 0x17d6, 0x17d9, 0x17da, 0x2e54, 0x11f43, 0x1da88
        }) {
            assertThat(CodePoints.is(c, CodePoints.TERMINAL)).as("U+%04X", c).isTrue();
            assertThat(CodePoints.is(c, CodePoints.PUNCTUATION)).as("U+%04X", c).isTrue();
        }
        for (int c :
                new int[] {0x17d7, 0x1b4e, 0x1b7f, 0x2024, 0x2cf9, 0x2cfb, 0xfe12, 0xfe15, 0xfe16, 0x113d4, 0x16d6e}) {
            assertThat(CodePoints.is(c, CodePoints.TERMINAL | CodePoints.PUNCTUATION))
                    .as("U+%04X", c)
                    .isFalse();
        }
        for (int c : new int[] {'"', ',', ':', ';', 0x2026, 0x201d, '\u0001'}) {
            assertThat(CodePoints.is(c, CodePoints.TERMINAL)).as("U+%04X", c).isFalse();
            assertThat(CodePoints.is(c, CodePoints.PUNCTUATION)).as("U+%04X", c).isEqualTo(true);
        }
    }
}
