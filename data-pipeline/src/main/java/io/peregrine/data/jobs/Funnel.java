package io.peregrine.data.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.filters.RuleSet;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.manifest.StageDoubts;
import io.peregrine.data.rules.Rule;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How many documents came in, were kept, and were dropped for which reason, by some column. */
final class Funnel {
    private static final String KEPT = "";

    /** By value of the column, by reason (empty: kept): how many documents. */
    private final TreeMap<String, TreeMap<String, Long>> groups;

    private Funnel(TreeMap<String, TreeMap<String, Long>> groups) {
        this.groups = groups;
    }

    /**
     * Counts what would be decided, without a look at the texts.
     *
     * @param annotated a table of {@link AnnotatedRows}
     * @param column by which the counts are grouped
     */
    static Funnel of(Dataset<Row> annotated, Decisions decisions, String column) {
        return of(annotated, decisions, List.of(column)).get(column);
    }

    /** The same by several columns, each a funnel of its own, from one pass over the rows. */
    static Map<String, Funnel> of(Dataset<Row> annotated, Decisions decisions, List<String> columns) {
        Map<String, Funnel> funnels = new LinkedHashMap<>();
        columns.forEach(column -> funnels.put(column, new Funnel(new TreeMap<>())));
        Dataset<Row> counted = decisions
                .decide(annotated)
                .groupBy(Decisions.DECIDING, columns.toArray(String[]::new))
                .count();
        for (Row row : counted.collectAsList()) {
            String reason = row.isNullAt(0) ? KEPT : decisions.reason(row.getInt(0));
            long documents = row.getLong(columns.size() + 1);
            for (int i = 0; i < columns.size(); i++) {
                funnels.get(columns.get(i)).add(row.getString(i + 1), reason, documents);
            }
        }
        return funnels;
    }

    /** Several rows may have one group and reason: two sets may have rules of one reason. */
    private void add(String group, String reason, long documents) {
        groups.computeIfAbsent(group, name -> new TreeMap<>()).merge(reason, documents, Long::sum);
    }

    /** The values of the column. */
    Set<String> groups() {
        return groups.keySet();
    }

    long in(String group) {
        return groups.getOrDefault(group, new TreeMap<>()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    long kept(String group) {
        return dropped(group, KEPT);
    }

    long dropped(String group, String reason) {
        return groups.getOrDefault(group, new TreeMap<>()).getOrDefault(reason, 0L);
    }

    /** All groups together. */
    Funnel total() {
        TreeMap<String, Long> sum = new TreeMap<>();
        groups.values().forEach(group -> group.forEach((reason, n) -> sum.merge(reason, n, Long::sum)));
        TreeMap<String, TreeMap<String, Long>> total = new TreeMap<>();
        total.put("", sum);
        return new Funnel(total);
    }

    /** For a manifest: in, out and drops by reason in the order of the rules, all together and then of each group. */
    Map<String, Long> counts(RuleSets sets) {
        Map<String, Long> counts = new LinkedHashMap<>();
        Set<String> reasons = reasons(sets);
        total().addCounts("", "", reasons, counts);
        groups.keySet().forEach(group -> addCounts(group, group + ".", reasons, counts));
        return counts;
    }

    private void addCounts(String group, String prefix, Set<String> reasons, Map<String, Long> counts) {
        counts.put(prefix + "in", in(group));
        counts.put(prefix + "out", kept(group));
        for (String reason : reasons) {
            if (dropped(group, reason) > 0) {
                counts.put(prefix + "dropped." + reason, dropped(group, reason));
            }
        }
    }

    /**
     * Of a funnel by rule set: the rules that dropped nothing, with how many documents they judged.
     *
     * @param documentsMin sets that judged fewer are left out
     */
    Map<String, Long> neverDropped(RuleSets sets, long documentsMin) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (RuleSet set : sets.all()) {
            if (in(set.name()) >= documentsMin) {
                for (Rule rule : set.rules(Document.UNDETERMINED)) {
                    if (dropped(set.name(), rule.reason()) == 0) {
                        counts.put(StageDoubts.NEVER_DROPPED + set.name() + "." + rule.reason(), in(set.name()));
                    }
                }
            }
        }
        return counts;
    }

    /** Every reason of every set, in the order in which they decide. */
    static Set<String> reasons(RuleSets sets) {
        Set<String> reasons = new LinkedHashSet<>();
        sets.all()
                .forEach(set -> set.rules(Document.UNDETERMINED).stream()
                        .map(Rule::reason)
                        .forEach(reasons::add));
        return reasons;
    }
}
