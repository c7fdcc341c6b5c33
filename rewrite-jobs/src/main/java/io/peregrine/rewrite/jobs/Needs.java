package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.peregrine.rewrite.calls.BudgetLedger.Spent;
import io.peregrine.rewrite.calls.Price;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What requests have to reserve before they are sent.
 *
 * @param requests how many there are
 * @param least no request reserves less
 * @param most no request reserves more
 */
record Needs(long requests, Spent least, Spent most) {
    static Needs of(Dataset<Row> rows, Price price) {
        Row row = rows.agg(
                        count(lit(1)),
                        min(col("prompt_most")),
                        min(col("max_tokens")),
                        max(col("prompt_most")),
                        max(col("max_tokens")))
                .head();
        if (row.getLong(0) == 0) {
            return new Needs(0, Spent.NOTHING, Spent.NOTHING);
        }
        return new Needs(
                row.getLong(0),
                reserved(row.getLong(1), row.getInt(2), price),
                reserved(row.getLong(3), row.getInt(4), price));
    }

    private static Spent reserved(long promptTokens, int maxTokens, Price price) {
        return new Spent(promptTokens + maxTokens, price.of(promptTokens, maxTokens));
    }

    /**
     * How many tasks can share what is left so that each may send any of the requests; one if none could otherwise; none if
     * nothing can be sent at all.
     *
     * @param tasksMax at most so many
     */
    int tasks(Spent left, int tasksMax) {
        if (least.tokens() > left.tokens() || least.microDollars() > left.microDollars()) {
            return 0;
        }
        long tasks = Math.min(tasksMax, left.tokens() / most.tokens());
        if (most.microDollars() > 0) {
            tasks = Math.min(tasks, left.microDollars() / most.microDollars());
        }
        return (int) Math.max(1, tasks);
    }
}
