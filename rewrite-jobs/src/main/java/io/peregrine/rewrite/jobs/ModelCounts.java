package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import io.peregrine.data.manifest.StageDoubts;
import io.peregrine.rewrite.accept.OpeningCounts;
import io.peregrine.rewrite.calls.BudgetLedger.Spent;
import io.peregrine.rewrite.jobs.CallWaves.Called;
import io.peregrine.rewrite.settings.BudgetConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What the manifest says of a model's rewrites: documents, requests, money, answers, openings. */
final class ModelCounts {
    private static final StructType OPENINGS =
            new StructType().add("kind", DataTypes.StringType).add("opening", DataTypes.StringType);

    private final Map<String, Long> counts = new LinkedHashMap<>();

    /** @param in documents of the stage before */
    ModelCounts(long in) {
        counts.put("in", in);
    }

    Map<String, Long> of(
            long chosen,
            Dataset<Row> firstRound,
            Called called,
            BudgetConfig budget,
            Spent left,
            Dataset<Row> requests,
            Dataset<Row> rewrites,
            Dataset<Row> rejected) {
        counts.put("chosen", chosen);
        by("not-asked.", firstRound.where(col("not_asked").isNotNull()), "template", "not_asked");
        counts.put("requests", requests.count());
        counts.put("requests-answered-before", called.settled());
        counts.put("requests-ended-now", called.ended());
        by("requests-", requests, "state");
        counts.put("tokens-paid", budget.tokens() - left.tokens());
        counts.put("micro-dollars-paid", budget.microDollars() - left.microDollars());
        counts.put("out", rewrites.count());
        counts.put("kept-original", rewrites.where(col("originals").gt(0)).count());
        by("rejected.", rejected, "reason");
        openings(rewrites).forEach(this::opening);
        return counts;
    }

    private void by(String prefix, Dataset<Row> rows, String... columns) {
        Dataset<Row> grouped = rows.groupBy(
                        Arrays.stream(columns).map(name -> col(name)).toArray(Column[]::new))
                .agg(count(lit(1)).as("rows"));
        for (Row row : grouped.orderBy(columns[0], columns).collectAsList()) {
            StringBuilder name = new StringBuilder(prefix);
            for (int i = 0; i < columns.length; i++) {
                name.append(i == 0 ? "" : ".").append(row.getString(i));
            }
            counts.put(name.toString(), row.getLong(columns.length));
        }
    }

    private void opening(String kind, OpeningCounts.Top top) {
        counts.put(StageDoubts.OPENINGS + kind + StageDoubts.OPENINGS_ANSWERS, top.answers());
        counts.put(StageDoubts.OPENINGS + kind + StageDoubts.OPENINGS_MOST_COMMON, top.count());
    }

    /** The most common opening of each style. */
    static Map<String, OpeningCounts.Top> openings(Dataset<Row> rewrites) {
        Dataset<Row> counted = counted(rewrites);
        Map<String, OpeningCounts.Top> tops = new LinkedHashMap<>();
        for (Row kind : counted.groupBy("kind")
                .agg(sum("answers"), max("answers"))
                .orderBy("kind")
                .collectAsList()) {
            String name = kind.getString(0);
            Row most = counted.where(col("kind").equalTo(name))
                    .orderBy(col("answers").desc(), col("opening"))
                    .head();
            tops.put(name, new OpeningCounts.Top(most.getString(1), most.getLong(2), kind.getLong(1)));
        }
        return tops;
    }

    /** Columns {@code kind}, {@code opening}, {@code answers}; texts that are the document's own do not count. */
    static Dataset<Row> counted(Dataset<Row> rewrites) {
        return rewrites.where(col("originals").lt(col("segments")))
                .select("kind", "text")
                .mapPartitions((MapPartitionsFunction<Row, Row>) ModelCounts::openingsOf, Encoders.row(OPENINGS))
                .groupBy("kind", "opening")
                .agg(count(lit(1)).as("answers"));
    }

    private static Iterator<Row> openingsOf(Iterator<Row> rows) {
        return FlatRows.of(rows, row -> {
            List<Row> one = new ArrayList<>();
            one.add(RowFactory.create(row.getString(0), OpeningCounts.opening(row.getString(1))));
            return one.iterator();
        });
    }
}
