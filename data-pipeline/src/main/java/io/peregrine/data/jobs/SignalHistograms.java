package io.peregrine.data.jobs;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.Document;
import io.peregrine.data.filters.RuleSet;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.rules.Rule;
import io.peregrine.data.rules.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How the measured values are spread, by rule set and signal, with the limits that stand in them.
 *
 * <p>Bins are fixed, so one pass is enough and the answer is exact: shares from 0 to 1 in fiftieths, other values by half
 * octaves, with zero and less in a bin of their own.
 */
final class SignalHistograms {
    private static final String SHARE = "0..1";
    private static final int SHARE_BINS = 50;
    private static final int BINS_PER_OCTAVE = 2;
    /** The bin of values that have no logarithm. */
    private static final long ZERO_BIN = -1000;

    private SignalHistograms() {}

    static ArrayNode of(Dataset<Row> annotated, RuleSets sets) {
        List<Signal> signals = sets.signals();
        Map<String, Map<String, TreeMap<Long, Long>>> counted = count(annotated, signals);
        ArrayNode histograms = JsonNodeFactory.instance.arrayNode();
        for (RuleSet set : sets.all()) {
            Map<String, TreeMap<Long, Long>> bySignal = counted.getOrDefault(set.name(), Map.of());
            if (bySignal.isEmpty()) {
                continue;
            }
            Map<String, Integer> languages = ownLimits(set);
            for (Signal signal : signals) {
                TreeMap<Long, Long> bins = bySignal.get(signal.name());
                if (bins != null) {
                    histograms.add(histogram(set, signal, languages, bins));
                }
            }
        }
        return histograms;
    }

    private static Map<String, Map<String, TreeMap<Long, Long>>> count(Dataset<Row> annotated, List<Signal> signals) {
        Map<String, Map<String, TreeMap<Long, Long>>> counted = new LinkedHashMap<>();
        if (signals.isEmpty()) {
            return counted;
        }
        Column[] pairs = signals.stream()
                .map(signal ->
                        struct(lit(signal.name()).as("signal"), bin(signal).as("bin")))
                .toArray(Column[]::new);
        Dataset<Row> groups = annotated
                .select(col(AnnotatedRows.RULE_SET), explode(array(pairs)).as("value"))
                .where(col("value.bin").isNotNull())
                .groupBy(col(AnnotatedRows.RULE_SET), col("value.signal"), col("value.bin"))
                .agg(org.apache.spark.sql.functions.count(lit(1)));
        for (Row row : groups.collectAsList()) {
            counted.computeIfAbsent(row.getString(0), set -> new LinkedHashMap<>())
                    .computeIfAbsent(row.getString(1), signal -> new TreeMap<>())
                    .put(row.getLong(2), row.getLong(3));
        }
        return counted;
    }

    /** The bin of a value; null where nothing was measured. */
    private static Column bin(Signal signal) {
        Column value = col(signal.name());
        if (signal.unit().equals(SHARE)) {
            return floor(value.multiply(SHARE_BINS)).cast("bigint");
        }
        return when(value.gt(0), floor(log2(value).multiply(BINS_PER_OCTAVE)).cast("bigint"))
                .when(value.isNotNull(), lit(ZERO_BIN));
    }

    /** For each reason, how many languages have a limit that is not the usual one. */
    private static Map<String, Integer> ownLimits(RuleSet set) {
        Map<String, Integer> languages = new LinkedHashMap<>();
        List<Rule> usual = set.rules(Document.UNDETERMINED);
        for (String language : set.ownLimitLanguages()) {
            List<Rule> own = set.rules(language);
            for (int i = 0; i < usual.size(); i++) {
                if (own.get(i).limit() != usual.get(i).limit()) {
                    languages.merge(usual.get(i).reason(), 1, Integer::sum);
                }
            }
        }
        return languages;
    }

    private static ObjectNode histogram(
            RuleSet set, Signal signal, Map<String, Integer> languages, TreeMap<Long, Long> bins) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("set", set.name())
                .put("signal", signal.name())
                .put("unit", signal.unit())
                .put("doc", signal.doc());
        ArrayNode limits = node.putArray("limits");
        for (Rule rule : set.rules(Document.UNDETERMINED)) {
            if (rule.signal().equals(signal.name())) {
                limits.addObject()
                        .put("reason", rule.reason())
                        .put("side", rule.min().isPresent() ? ">=" : "<=")
                        .put("limit", rule.limit())
                        .put("languages", languages.getOrDefault(rule.reason(), 0));
            }
        }
        boolean share = signal.unit().equals(SHARE);
        ArrayNode counts = node.putArray("bins");
        bins.forEach((bin, n) -> counts.addObject()
                .put("from", bin == ZERO_BIN ? 0 : share ? (double) bin / SHARE_BINS : power(bin))
                .put("to", bin == ZERO_BIN ? 0 : share ? (double) (bin + 1) / SHARE_BINS : power(bin + 1))
                .put("documents", n));
        return node;
    }

    private static double power(long bin) {
        return Math.pow(2, (double) bin / BINS_PER_OCTAVE);
    }
}
