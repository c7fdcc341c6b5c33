package io.peregrine.mixture.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.data.jobs.LazySpark;
import io.peregrine.data.testing.SparkTest;
import io.peregrine.mixture.fit.RunTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("spark")
class RunTablesSparkTest {
    @TempDir
    Path folder;

    // Not closed: it would stop the session that the tests share.
    private final RunTables tables = new RunTables(new LazySpark("test"));

    @Test
    void aDeltaTableHasTheNumbersOfTheCsvItWasMadeOf() throws IOException {
        SparkSession spark = SparkTest.spark();
        Path csv = Files.writeString(
                folder.resolve("runs.csv"), "index,weight/a.b,loss/x\n1,0.1,3.3\n2,0.3333333333333333,4\n3,1e-7,2.5\n");
        Path delta = folder.resolve("runs");
        spark.read()
                .option("header", true)
                .schema("index INT, `weight/a.b` DOUBLE, `loss/x` DOUBLE")
                .csv(csv.toString())
                .repartition(3)
                .write()
                .format("delta")
                .save(delta.toString());
        RunTable fromDelta = tables.read(delta.toString());
        RunTable fromCsv = tables.read(csv.toString());
        assertThat(fromDelta.columns()).isEqualTo(fromCsv.columns());
        assertThat(numbers(fromDelta)).isEqualTo(numbers(fromCsv)).hasSize(3);
    }

    private static Map<String, List<Double>> numbers(RunTable table) {
        Map<String, List<Double>> numbers = new TreeMap<>();
        for (int row = 0; row < table.rows(); row++) {
            numbers.put(
                    table.text(row, "index"), List.of(table.number(row, "weight/a.b"), table.number(row, "loss/x")));
        }
        return numbers;
    }

    @Test
    void faultsNameTableAndRow() {
        Path delta = folder.resolve("nulls");
        SparkTest.spark()
                .sql("SELECT 7 AS index, CAST(NULL AS DOUBLE) AS loss")
                .write()
                .format("delta")
                .save(delta.toString());
        RunTable table = tables.read(delta.toString());
        assertThatThrownBy(() -> table.number(0, "loss"))
                .isInstanceOf(DataException.class)
                .hasMessage(delta + ", row with index = 7: loss = : must be a decimal number");
        assertThatThrownBy(() -> tables.read(folder.toString()))
                .isInstanceOf(DataException.class)
                .hasMessage(folder + ": a folder without _delta_log: must be a CSV file or a Delta table");
    }
}
