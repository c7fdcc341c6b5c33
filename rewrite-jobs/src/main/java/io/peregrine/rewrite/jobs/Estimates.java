package io.peregrine.rewrite.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.peregrine.rewrite.calls.Price;
import io.peregrine.rewrite.dialogue.Estimate;
import io.peregrine.rewrite.dialogue.Style;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Adds up the first requests of a run by source and template. */
final class Estimates {
    private final List<Style> styles;
    private final Price price;

    Estimates(List<Style> styles, Price price) {
        this.styles = styles;
        this.price = price;
    }

    /**
     * @param requests rows of {@link RequestRows}
     * @param settled keys that need not be sent
     */
    Estimate of(Dataset<Row> requests, Dataset<Row> settled) {
        Column missing = col("settled").isNull();
        Dataset<Row> lines = requests.where(col("not_asked").isNull())
                .join(settled.withColumn("settled", lit(true)), new String[] {"key"}, "left")
                .groupBy("source", "template")
                .agg(
                        count_distinct(col("parent_id")),
                        count(lit(1)),
                        ofMissing(missing, lit(1L)),
                        ofMissing(missing, col("later")),
                        ofMissing(missing, col("prompt_about")),
                        ofMissing(missing, col("prompt_most")))
                .orderBy("source", "template");
        List<Estimate.Line> estimate = new ArrayList<>();
        for (Row line : lines.collectAsList()) {
            estimate.add(Estimate.line(
                    line.getString(0),
                    style(line.getString(1)),
                    price,
                    line.getLong(2),
                    line.getLong(3),
                    line.getLong(4),
                    line.getLong(5),
                    line.getLong(6),
                    line.getLong(7)));
        }
        return new Estimate(estimate);
    }

    private static Column ofMissing(Column missing, Column value) {
        return sum(when(missing, value).otherwise(lit(0L)));
    }

    private Style style(String template) {
        return styles.stream()
                .filter(style -> style.template().id().equals(template))
                .findFirst()
                .orElseThrow();
    }
}
