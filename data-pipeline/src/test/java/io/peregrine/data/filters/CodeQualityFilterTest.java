package io.peregrine.data.filters;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodeQualityFilterTest {
    private static Verdict judge(String text, String... off) {
        CodeConfig d = CodeConfig.DEFAULTS;
        CodeConfig config = new CodeConfig(
                d.lineCharactersMax(), d.meanLineCharactersMax(), d.linesMax(), d.alphanumericRatioMin(), List.of(off));
        return new CodeQualityFilter(config).judge(Document.of("s", "code", "f", "#0", "java", text));
    }

    private static Verdict drop(DropReason reason, double measured, double limit) {
        return new Verdict.Drop(reason, measured, limit);
    }

    @Test
    void emptyFiles() {
        assertThat(judge("")).isEqualTo(drop(DropReason.CODE_EMPTY, 0, 1));
        assertThat(judge(" \n\t")).isEqualTo(drop(DropReason.CODE_EMPTY, 0, 1));
        assertThat(judge("x")).isEqualTo(Verdict.KEEP);
        assertThat(judge("", "code_empty")).isEqualTo(Verdict.KEEP);
    }

    @Test
    void longLinesAreCountedInCodePoints() {
        String padding = "x\n".repeat(50);
        String thousand = "\uD835\uDC00".repeat(1000);
        assertThat(judge(padding + thousand)).isEqualTo(Verdict.KEEP);
        assertThat(judge(padding + thousand + "y\n")).isEqualTo(drop(DropReason.CODE_LONG_LINE, 1001, 1000));
        assertThat(judge(padding + thousand + "y\n", "code_long_line")).isEqualTo(Verdict.KEEP);
    }

    @Test
    void longLinesOnAverage() {
        assertThat(judge("x".repeat(100) + "\r\n" + "x".repeat(100))).isEqualTo(Verdict.KEEP);
        assertThat(judge("x".repeat(100) + "\r\n" + "x".repeat(101)))
                .isEqualTo(drop(DropReason.CODE_LONG_MEAN_LINE, 100.5, 100));
    }

    @Test
    void manyLines() {
        assertThat(judge("x\n".repeat(100_000))).isEqualTo(Verdict.KEEP);
        assertThat(judge("x\n".repeat(100_000) + "x"))
                .isEqualTo(drop(DropReason.CODE_TOO_MANY_LINES, 100_001, 100_000));
    }

    @Test
    void fewLettersAndDigits() {
        assertThat(judge("x---")).isEqualTo(Verdict.KEEP);
        assertThat(judge("x----")).isEqualTo(drop(DropReason.CODE_BELOW_ALPHANUMERIC, 0.2, 0.25));
    }
}
