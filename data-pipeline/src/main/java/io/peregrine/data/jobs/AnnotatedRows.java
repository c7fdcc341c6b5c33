package io.peregrine.data.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.filters.RuleSet;
import io.peregrine.data.filters.RuleSets;
import io.peregrine.data.filters.SetChoice;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Signal;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Documents with what was measured of them: the columns of {@link DocumentRows}, {@code raw_id} (the id before any
 * family changed the text), {@code rule_set}, and one column per signal. A value is null where the set of the document
 * does not have the signal or the document has nothing to measure: Spark takes NaN for greater than any limit.
 */
final class AnnotatedRows implements Serializable {
    private static final long serialVersionUID = 1L;

    static final String RAW_ID = "raw_id";
    static final String RULE_SET = "rule_set";

    private final RuleSets sets;
    private final ArrayList<String> columns;

    AnnotatedRows(RuleSets sets) {
        this.sets = sets;
        this.columns = new ArrayList<>(sets.signals().stream().map(Signal::name).toList());
    }

    StructType schema() {
        StructType schema = new StructType(DocumentRows.SCHEMA.fields())
                .add(RAW_ID, DataTypes.StringType, false)
                .add(RULE_SET, DataTypes.StringType, false);
        for (String column : columns) {
            schema = schema.add(column, DataTypes.DoubleType, true);
        }
        return schema;
    }

    /** One row for each document, in order. */
    Iterator<Row> annotate(Iterator<Row> documents) {
        Map<String, Measuring> ready = new HashMap<>();
        SetChoice choice = new SetChoice(sets);
        return Rows.map(documents, row -> {
            Document document = DocumentRows.fromRow(row);
            RuleSet set = choice.of(document);
            return ready.computeIfAbsent(set.name(), name -> new Measuring(set)).row(document);
        });
    }

    /** A rule set's annotator, and into which columns its values go. */
    private final class Measuring {
        private final String set;
        private final Annotator annotator;
        private final int[] places;

        Measuring(RuleSet set) {
            this.set = set.name();
            this.annotator = set.annotator();
            List<Signal> signals = annotator.signals();
            this.places = signals.stream()
                    .mapToInt(signal -> columns.indexOf(signal.name()))
                    .toArray();
        }

        Row row(Document document) {
            Annotation annotation = annotator.annotate(document);
            Row changed = DocumentRows.toRow(annotation.document());
            int fixed = changed.length() + 2;
            Object[] values = new Object[fixed + columns.size()];
            for (int i = 0; i < changed.length(); i++) {
                values[i] = changed.get(i);
            }
            values[fixed - 2] = document.id();
            values[fixed - 1] = set;
            for (int i = 0; i < places.length; i++) {
                double value = annotation.value(i);
                values[fixed + places[i]] = Double.isNaN(value) ? null : (Double) value;
            }
            return RowFactory.create(values);
        }
    }
}
