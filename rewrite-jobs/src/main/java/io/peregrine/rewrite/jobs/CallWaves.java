package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.peregrine.data.DataException;
import io.peregrine.data.UserException;
import io.peregrine.data.jobs.ScratchTables;
import io.peregrine.rewrite.calls.Batches;
import io.peregrine.rewrite.calls.BudgetLedger;
import io.peregrine.rewrite.calls.BudgetLedger.Spent;
import io.peregrine.rewrite.settings.BudgetConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Sends requests wave by wave: some tens of thousands, whose responses go to the table before the next are sent. The budget
 * is handed out in equal shares of what is left, one for each task of a wave, so that no task has to ask and their sum can
 * never pass it; what one task leaves and another lacks is handed out anew, and in the end to one task alone.
 */
final class CallWaves {
    private final SparkSession spark;
    private final CallSettings settings;
    private final int waveRequests;
    private final BudgetConfig budget;
    private final ResponseTable table;
    private final SpendBook book;
    private final Harvest harvest;
    private final ScratchTables scratch;
    private final Supplier<Batches> batches;
    private final boolean inBatches;
    private final List<Harvest.Logged> unstored = new ArrayList<>();
    private int called;

    CallWaves(
            SparkSession spark,
            CallSettings settings,
            int waveRequests,
            BudgetConfig budget,
            ResponseTable table,
            SpendBook book,
            ScratchTables scratch,
            Supplier<Batches> batches,
            boolean inBatches) {
        this.spark = spark;
        this.settings = settings;
        this.waveRequests = waveRequests;
        this.budget = budget;
        this.table = table;
        this.book = book;
        this.scratch = scratch;
        this.batches = batches;
        this.inBatches = inBatches;
        this.harvest = new Harvest(spark, table, book, scratch);
    }

    /**
     * What came of the requests.
     *
     * @param settled that needed not be sent
     * @param ended that were sent and ended
     * @param unsent for which the budget was not enough
     */
    record Called(long settled, long ended, long unsent) {
        Called plus(Called other) {
            return new Called(settled + other.settled, ended + other.ended, unsent + other.unsent);
        }
    }

    /** What is left of the budget. */
    Spent left() {
        Spent spent = book.spent();
        for (Harvest.Logged wave : unstored) {
            spent = spent.plus(wave.spent());
        }
        return new Spent(budget.tokens() - spent.tokens(), budget.microDollars() - spent.microDollars());
    }

    /**
     * Brings what a killed job has left to the table: the logs of its tasks, and of batches what comes of them.
     *
     * @param wait whether to wait for batches that are under way; else they are left as they are
     */
    void harvestLeftovers(boolean wait) {
        List<Harvest.Logged> ended = new ArrayList<>();
        for (Path wave : book.open()) {
            boolean ofBatches = Batches.isOne(wave);
            if (ofBatches && wait) {
                batches.get().finish(wave);
            }
            if (!ofBatches || wait) {
                ended.add(harvest.read(wave));
            }
        }
        harvest.store(ended);
    }

    /** Sends those of the requests that are not settled. Keys must be there once. */
    Called send(Dataset<Row> requests) {
        long all = requests.count();
        Dataset<Row> misses = requests.join(table.settled(), new String[] {"key"}, "left_anti");
        int waves = (int) Math.max(1, (all + waveRequests - 1) / waveRequests);
        Dataset<Row> kept = scratch.table(
                "misses-" + called++, misses.withColumn("wave", pmod(xxhash64(lit("wave"), col("key")), lit(waves))));
        Called sum = new Called(all - kept.count(), 0, 0);
        for (int wave = 0; wave < waves; wave++) {
            sum = sum.plus(wave(kept.where(col("wave").equalTo(wave)).drop("wave")));
        }
        return sum;
    }

    private Called wave(Dataset<Row> requests) {
        Dataset<Row> missing = requests;
        Needs needs = Needs.of(missing, settings.price());
        long ended = 0;
        boolean idle = false;
        while (needs.requests() > 0) {
            Spent left = left();
            int tasks = idle ? 1 : needs.tasks(left, spark.sparkContext().defaultParallelism());
            if (tasks == 0) {
                break;
            }
            Path folder = book.begin();
            if (inBatches) {
                batch(missing, left, folder);
            } else {
                call(
                        missing.repartition(tasks, col("key")),
                        new CallTask(settings, new CallSettings.Share(tasks, left), folder));
            }
            Harvest.Logged logged = harvest.read(folder);
            unstored.add(logged);
            missing = missing.join(logged.responses().select("key"), new String[] {"key"}, "left_anti");
            Needs now = Needs.of(missing, settings.price());
            ended += needs.requests() - now.requests();
            boolean nothingEnded = now.requests() == needs.requests();
            if (nothingEnded && inBatches && Batches.isOne(folder)) {
                store();
                throw new DataException(
                        ("40-rewrite: none of %,d requests came back from its batch: they expired, or the server failed them,"
                                        + " and nothing was paid for them; run this again to send them once more")
                                .formatted(now.requests()));
            }
            if (nothingEnded && (tasks == 1 || inBatches)) {
                break;
            }
            idle = nothingEnded;
            needs = now;
        }
        store();
        return new Called(0, ended, needs.requests());
    }

    private void store() {
        harvest.store(unstored);
        unstored.clear();
    }

    /** In the order of their keys, so that the files are the same each time. */
    private void batch(Dataset<Row> requests, Spent left, Path folder) {
        Iterator<Row> rows = requests.orderBy("key").toLocalIterator();
        batches.get()
                .write(
                        folder,
                        FlatRows.of(
                                rows, row -> List.of(RequestRows.request(row)).iterator()),
                        new BudgetLedger(
                                Math.max(0, left.tokens()), Math.max(0, left.microDollars()), settings.price()));
        batches.get().finish(folder);
    }

    private static void call(Dataset<Row> requests, CallTask task) {
        try {
            requests.mapPartitions((MapPartitionsFunction<Row, Row>) task::call, CallTask.ENCODER)
                    .collectAsList();
        } catch (Exception e) { // Spark throws SparkException, a checked one, from Scala, where Java sees none declared
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof UserException known) {
                    throw known;
                }
            }
            throw e;
        }
    }
}
