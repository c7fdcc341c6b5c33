package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import io.peregrine.data.jobs.ScratchTables;
import io.peregrine.rewrite.calls.BudgetLedger.Spent;
import io.peregrine.rewrite.calls.FailureReason;
import io.peregrine.rewrite.calls.LoggedResponses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Brings what the logs of a wave hold to the table of responses, whether the wave has ended or its job was killed. */
final class Harvest {
    private static final StructType SPENT =
            new StructType().add("tokens", DataTypes.LongType, false).add("micro_dollars", DataTypes.LongType, false);

    private final SparkSession spark;
    private final ResponseTable table;
    private final SpendBook book;
    private final ScratchTables scratch;

    Harvest(SparkSession spark, ResponseTable table, SpendBook book, ScratchTables scratch) {
        this.spark = spark;
        this.table = table;
        this.book = book;
        this.scratch = scratch;
    }

    /**
     * What the logs of a wave hold.
     *
     * @param responses rows of {@link ResponseRows} of the requests that ended
     */
    record Logged(Path wave, Dataset<Row> responses, Spent spent, long count) {}

    /** Reads the logs of a wave whose tasks have ended. */
    Logged read(Path wave) {
        List<String> tasks = tasks(wave);
        Dataset<Row> responses = scratch.table(
                "ended-" + wave.getFileName(),
                logs(tasks).flatMap((FlatMapFunction<String, Row>) Harvest::responses, ResponseRows.ENCODER));
        Spent spent = Spent.NOTHING;
        for (Row sum : logs(tasks)
                .map((MapFunction<String, Row>) Harvest::spent, Encoders.row(SPENT))
                .collectAsList()) {
            spent = spent.plus(new Spent(sum.getLong(0), sum.getLong(1)));
        }
        return new Logged(wave, responses, spent, responses.count());
    }

    /** Brings responses to the table, then closes their waves. */
    void store(List<Logged> waves) {
        Optional<Dataset<Row>> responses = waves.stream()
                .filter(wave -> wave.count() > 0)
                .map(Logged::responses)
                .reduce(Dataset::union);
        responses.ifPresent(rows -> table.add(rows.withColumn(
                        "place",
                        row_number()
                                .over(Window.partitionBy("key")
                                        .orderBy(col("text").isNull(), col("attempts"), col("text"))))
                .where(col("place").equalTo(1))
                .drop("place")));
        waves.forEach(wave -> book.close(wave.wave(), wave.spent(), wave.count()));
    }

    private Dataset<String> logs(List<String> tasks) {
        return spark.createDataset(tasks, Encoders.STRING()).repartition(Math.max(1, tasks.size()));
    }

    private static List<String> tasks(Path wave) {
        try (Stream<Path> all = Files.list(wave)) {
            return all.filter(Files::isDirectory).map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + wave, e);
        }
    }

    /** A request that ran out of budget between two attempts has cost something and has not ended. */
    private static Iterator<Row> responses(String task) {
        return read(task).byKey().values().stream()
                .filter(response -> !response.reason().equals(Optional.of(FailureReason.OVER_BUDGET)))
                .map(ResponseRows::of)
                .iterator();
    }

    private static Row spent(String task) {
        Spent spent = read(task).spent();
        return RowFactory.create(spent.tokens(), spent.microDollars());
    }

    private static LoggedResponses read(String task) {
        try {
            return LoggedResponses.read(Path.of(task));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the logs of " + task, e);
        }
    }
}
