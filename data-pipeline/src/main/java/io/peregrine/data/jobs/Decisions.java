package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.peregrine.data.Document;
import io.peregrine.data.filters.RuleSet;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Side;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The limits of a run as Spark's own expressions over the columns of {@link AnnotatedRows}, so that a decision needs no
 * text and can run wherever Spark's expressions can, a GPU included.
 */
final class Decisions {
    /** What a drop is recorded with. */
    static final StructType DROP = new StructType()
            .add("stage", DataTypes.StringType)
            .add("rule", DataTypes.StringType)
            .add("measured", DataTypes.DoubleType)
            .add("limit", DataTypes.DoubleType);

    private Decisions() {}

    /** The first rule of its set that a document breaks, as {@link #DROP}; null if it is kept. */
    static Column drop(RuleSets sets) {
        List<Column> firstBroken = new ArrayList<>();
        for (RuleSet set : sets.all()) {
            List<Column> broken = broken(set);
            if (!broken.isEmpty()) {
                firstBroken.add(
                        when(col(AnnotatedRows.RULE_SET).equalTo(set.name()), coalesce(broken.toArray(Column[]::new))));
            }
        }
        return firstBroken.isEmpty() ? lit(null).cast(DROP) : coalesce(firstBroken.toArray(Column[]::new));
    }

    private static List<Column> broken(RuleSet set) {
        List<Rule> usual = set.rules(Document.UNDETERMINED);
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < usual.size(); i++) {
            Rule rule = usual.get(i);
            Column limit = limit(set, rule, i);
            Column measured = col(rule.signal());
            Column broken = rule.side() == Side.BELOW ? measured.lt(limit) : measured.gt(limit);
            columns.add(when(
                    broken,
                    struct(
                            lit(rule.filter()).as("stage"),
                            lit(rule.reason()).as("rule"),
                            measured.as("measured"),
                            limit.as("limit"))));
        }
        return columns;
    }

    /** The limit of a rule, by language where languages have limits of their own. */
    private static Column limit(RuleSet set, Rule rule, int position) {
        Column limit = lit(rule.limit());
        for (String language : set.ownLimitLanguages()) {
            double own = set.rules(language).get(position).limit();
            if (own != rule.limit()) {
                limit = when(col("language").equalTo(language), lit(own)).otherwise(limit);
            }
        }
        return limit;
    }
}
