package io.peregrine.rewrite.jobs;

import io.peregrine.rewrite.calls.BudgetLedger;
import io.peregrine.rewrite.calls.Caller;
import io.peregrine.rewrite.calls.Request;
import io.peregrine.rewrite.calls.Response;
import io.peregrine.rewrite.calls.ResponseLog;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * One task of a wave: its requests to responses in its log, and nothing but counts to the driver. A task that is tried again
 * reads the logs of its forerunners first, and has spent what they have.
 */
final class CallTask implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int FORCE_EVERY = 64;

    static final StructType COUNTS =
            new StructType().add("ended", DataTypes.LongType, false).add("sent", DataTypes.LongType, false);

    static final Encoder<Row> ENCODER = Encoders.row(COUNTS);

    private final CallSettings settings;
    private final CallSettings.Share share;
    private final String wave;

    /** @param wave folder of the wave, which all executors see */
    CallTask(CallSettings settings, CallSettings.Share share, Path wave) {
        this.settings = settings;
        this.share = share;
        this.wave = wave.toString();
    }

    Iterator<Row> call(Iterator<Row> requests) {
        TaskContext task = TaskContext.get();
        if (task.partitionId() >= share.tasks()) {
            throw new IllegalStateException("task %d of a wave of %d: together they could pass the budget"
                    .formatted(task.partitionId(), share.tasks()));
        }
        Path folder = Path.of(wave, "task-" + task.partitionId());
        long ended = 0;
        long sent = 0;
        try (ResponseLog log = new ResponseLog(folder, task.taskAttemptId(), FORCE_EVERY);
                ExecutorCalls.Hold calls = ExecutorCalls.join(settings, share.tasks())) {
            BudgetLedger ledger =
                    new BudgetLedger(share.each().tokens(), share.each().microDollars(), settings.price());
            ledger.alreadySpent(log.spent());
            Caller caller = new Caller(
                    FlatRows.of(requests, row -> one(row, task)),
                    settings.endpoints(),
                    calls::send,
                    calls.limiter(),
                    ledger,
                    settings.retries(),
                    log,
                    settings.inFlight());
            while (caller.hasNext()) {
                Response response = caller.next();
                ended++;
                sent += response.attempts() > 0 ? 1 : 0;
            }
        }
        return List.of(RowFactory.create(ended, sent)).iterator();
    }

    private static Iterator<Request> one(Row row, TaskContext task) {
        if (task.isInterrupted()) {
            throw new IllegalStateException("the task is to end: what it has is in its log");
        }
        return List.of(RequestRows.request(row)).iterator();
    }
}
