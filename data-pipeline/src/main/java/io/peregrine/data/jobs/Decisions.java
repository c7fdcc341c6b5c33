package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.peregrine.data.Document;
import io.peregrine.data.filters.RuleSet;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Side;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The limits of a run held against the columns of {@link AnnotatedRows} by Spark's own expressions, so that a decision
 * needs no text and can run wherever Spark's expressions can, a GPU included.
 *
 * <p>A GPU evaluates every branch of a CASE for every row. So a decision is a number, the position of the first broken
 * rule among those of all sets, and limits that differ by language come from one small joined table and not from a CASE for
 * each rule; what a drop is recorded with is looked up for dropped rows alone.
 */
final class Decisions {
    /** Column of {@link #decide}: which rule drops the document, for {@link #reason}; null where it is kept. */
    static final String DECIDING = "deciding_rule";

    /** Columns of {@link #explain}. */
    static final List<String> RECORD = List.of("stage", "rule", "measured", "limit");

    private static final String LANGUAGE = "language";
    private static final String OWN_LIMIT = "own_limit_";
    private static final StructType NAMES = new StructType()
            .add(DECIDING, DataTypes.IntegerType, false)
            .add("stage", DataTypes.StringType, true)
            .add("rule", DataTypes.StringType, true);

    private final List<RuleSet> sets;

    /** The rules of all sets, one set after the other, with their usual limits. */
    private final List<Rule> rules = new ArrayList<>();

    /** Numbers of the rules that have another limit in some language. */
    private final TreeSet<Integer> differing = new TreeSet<>();

    /** Rule set, language, and for each differing rule its limit there, null where it is the usual one. */
    private final List<Row> ownLimits = new ArrayList<>();

    Decisions(RuleSets ruleSets) {
        sets = ruleSets.all();
        Map<List<String>, Map<Integer, Double>> own = new LinkedHashMap<>();
        for (RuleSet set : sets) {
            int first = rules.size();
            rules.addAll(rules(set));
            for (String language : set.ownLimitLanguages()) {
                own.put(List.of(set.name(), language), ownLimits(set, language, first));
            }
        }
        own.values().forEach(limits -> differing.addAll(limits.keySet()));
        own.forEach((place, limits) -> {
            List<Object> values = new ArrayList<>(place);
            differing.forEach(number -> values.add(limits.get(number)));
            ownLimits.add(RowFactory.create(values.toArray()));
        });
    }

    private Map<Integer, Double> ownLimits(RuleSet set, String language, int first) {
        Map<Integer, Double> limits = new LinkedHashMap<>();
        List<Rule> there = set.rules(language);
        for (int i = 0; i < there.size(); i++) {
            if (there.get(i).limit() != rules.get(first + i).limit()) {
                limits.put(first + i, there.get(i).limit());
            }
        }
        return limits;
    }

    /** Reason of the rule with this number. */
    String reason(int number) {
        return rules.get(number).reason();
    }

    /**
     * Adds {@link #DECIDING}, and the columns of limits that {@link #explain} needs.
     *
     * @param annotated a table of {@link AnnotatedRows}, or some of its columns: the set, the language and every signal
     */
    Dataset<Row> decide(Dataset<Row> annotated) {
        Column deciding = lit(null).cast(DataTypes.IntegerType);
        int number = 0;
        for (RuleSet set : sets) {
            int end = number + rules(set).size();
            if (number < end) {
                Column firstBroken = when(broken(number), number);
                for (int next = number + 1; next < end; next++) {
                    firstBroken = firstBroken.when(broken(next), next);
                }
                deciding = when(col(AnnotatedRows.RULE_SET).equalTo(set.name()), firstBroken)
                        .otherwise(deciding);
            }
            number = end;
        }
        return withOwnLimits(annotated).withColumn(DECIDING, deciding);
    }

    /**
     * Adds what a drop is recorded with: {@code stage} (the family of the rule), {@code rule}, {@code measured} and
     * {@code limit}.
     *
     * @param dropped rows of {@link #decide} of which none is kept
     */
    Dataset<Row> explain(Dataset<Row> dropped) {
        List<Row> names = new ArrayList<>();
        List<Column> measured = new ArrayList<>();
        List<Column> limits = new ArrayList<>();
        for (int number = 0; number < rules.size(); number++) {
            Rule rule = rules.get(number);
            names.add(RowFactory.create(number, rule.filter(), rule.reason()));
            measured.add(col(rule.signal()));
            limits.add(limit(number));
        }
        return dropped.join(broadcast(dropped.sparkSession().createDataFrame(names, NAMES)), DECIDING)
                .withColumn("measured", numbered(measured))
                .withColumn("limit", numbered(limits));
    }

    private static Column numbered(List<Column> values) {
        return get(array(values.toArray(Column[]::new)), col(DECIDING)).cast(DataTypes.DoubleType);
    }

    private Column broken(int number) {
        Rule rule = rules.get(number);
        Column measured = col(rule.signal());
        return rule.side() == Side.BELOW ? measured.lt(limit(number)) : measured.gt(limit(number));
    }

    private Column limit(int number) {
        Column usual = lit(rules.get(number).limit());
        return differing.contains(number) ? coalesce(col(OWN_LIMIT + number), usual) : usual;
    }

    /** Adds a column for each rule that has another limit in some language: that limit, or null for the usual one. */
    private Dataset<Row> withOwnLimits(Dataset<Row> annotated) {
        if (differing.isEmpty()) {
            return annotated;
        }
        StructType schema = new StructType()
                .add(AnnotatedRows.RULE_SET, DataTypes.StringType, false)
                .add(LANGUAGE, DataTypes.StringType, false);
        for (int number : differing) {
            schema = schema.add(OWN_LIMIT + number, DataTypes.DoubleType, true);
        }
        Dataset<Row> limits = annotated.sparkSession().createDataFrame(ownLimits, schema);
        return annotated.join(broadcast(limits), new String[] {AnnotatedRows.RULE_SET, LANGUAGE}, "left");
    }

    private static List<Rule> rules(RuleSet set) {
        return set.rules(Document.UNDETERMINED);
    }
}
