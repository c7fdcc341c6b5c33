package io.peregrine.mixture.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTableTest {
    @TempDir
    Path folder;

    private RunTable read(String csv) throws IOException {
        return RunTable.ofCsv(Files.writeString(folder.resolve("runs.csv"), csv));
    }

    @Test
    void namesNumbersAndQuotesAreRead() throws IOException {
        RunTable table = read("\uFEFFindex,\"a, b\",c\r\n7,1e-3,\"x\ny\"\r\n8,2.5,z");
        assertThat(table.columns()).containsExactly("index", "a, b", "c");
        assertThat(table.rows()).isEqualTo(2);
        assertThat(table.number(0, "a, b")).isEqualTo(0.001);
        assertThat(table.text(0, "c")).isEqualTo("x\ny");
        assertThat(table.place(0)).endsWith("runs.csv:2");
        assertThat(table.place(1)).as("a quoted line break counts").endsWith("runs.csv:4");
    }

    @Test
    void faultsNameFileLineColumnValueAndRule() throws IOException {
        RunTable table = read("index,loss\n1,abc\n2,NaN\n3,\n4,1e999\n5,-1\n6,0x10\n");
        assertFault(() -> table.number(0, "loss"), "runs.csv:2: loss = abc: must be a decimal number");
        assertFault(() -> table.number(1, "loss"), "runs.csv:3: loss = NaN: must be a decimal number");
        assertFault(() -> table.number(2, "loss"), "runs.csv:4: loss = : must be a decimal number");
        assertFault(() -> table.number(3, "loss"), "runs.csv:5: loss = 1e999: must be a decimal number of at most 64");
        assertFault(() -> table.positive(4, "loss"), "runs.csv:6: loss = -1: must be > 0");
        assertFault(() -> table.number(5, "loss"), "runs.csv:7: loss = 0x10: must be a decimal number");
        assertFault(
                () -> table.number(0, "los"),
                "runs.csv: no column 'los': the table must have it; its columns are [index, loss]");
    }

    @Test
    void aHostileNumberIsNotComputed() throws IOException {
        RunTable table = read("a\n" + "9".repeat(1 << 20) + "\n");
        assertFault(() -> table.number(0, "a"), "999...: must be a decimal number of at most 64 characters");
    }

    @Test
    void aTableThatIsNoneIsRefused() {
        assertFault(() -> read(""), "runs.csv: empty: the first line must name the columns");
        assertFault(() -> read("a,b\n"), "runs.csv: no rows");
        assertFault(() -> read("a,b\n1,2\n1\n"), "runs.csv:3: 1 values: must be 2, one for each column");
        assertFault(() -> read("a,b\n1,2,3\n"), "runs.csv:2: 3 values: must be 2");
        assertFault(() -> read("a,b\n1,2\n\n3,4\n"), "runs.csv:3: 1 values: must be 2");
        assertFault(() -> read("a,a\n1,2\n"), "runs.csv: column 'a': names must not be empty and must differ");
        assertFault(() -> read("a,\n1,2\n"), "runs.csv: column '': names must not be empty");
        assertFault(() -> read("a,b\n1,\"2\n"), "runs.csv:3: not valid CSV: Missing closing quote");
        assertFault(() -> RunTable.ofCsv(folder.resolve("none.csv")), "none.csv: no such file");
        assertFault(
                () -> RunTable.ofCsv(
                        Files.write(folder.resolve("l.csv"), "a\n\u00e9".getBytes(StandardCharsets.ISO_8859_1))),
                "l.csv: not UTF-8");
    }

    private static void assertFault(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(DataException.class).hasMessageContaining(message);
    }
}
