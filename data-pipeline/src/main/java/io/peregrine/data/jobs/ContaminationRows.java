package io.peregrine.data.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.decontaminate.Contamination;
import io.peregrine.data.decontaminate.ContaminationFinder;
import io.peregrine.data.decontaminate.DecontaminateConfig;
import io.peregrine.data.decontaminate.Decontaminated;
import io.peregrine.data.decontaminate.EvaluationIndex;
import java.io.Serializable;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What documents share with evaluation sets, as rows: one for each document that shares a run, none for the others. */
final class ContaminationRows implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final StructType ITEM = new StructType()
            .add("set", DataTypes.StringType, false)
            .add("item", DataTypes.StringType, false)
            .add("ngram", DataTypes.StringType, false)
            .add("runs", DataTypes.LongType, false)
            .add("item_share", DataTypes.DoubleType, false)
            .add("counts", DataTypes.BooleanType, false);

    /** A document that shares a run of words: what is done, none if no item counts, the worst item, and all items. */
    static final Encoder<Row> FINDINGS = Encoders.row(new StructType()
            .add("id", DataTypes.StringType, false)
            .add("action", DataTypes.StringType, false)
            .add("set", DataTypes.StringType, false)
            .add("item", DataTypes.StringType, false)
            .add("ngram", DataTypes.StringType, false)
            .add("hits", DataTypes.LongType, false)
            .add("item_share", DataTypes.DoubleType, false)
            .add("document_share", DataTypes.DoubleType, false)
            .add("masked_id", DataTypes.StringType, true)
            .add("masked_text", DataTypes.StringType, true)
            .add("found", DataTypes.createArrayType(ITEM, false), false));

    /** A shared run of words of a document. */
    static final Encoder<Row> RUNS = Encoders.row(
            new StructType().add("run", DataTypes.LongType, false).add("ngram", DataTypes.StringType, false));

    private final DecontaminateConfig config;
    private final Broadcast<EvaluationIndex> index;
    private final HashSet<Long> exempt;

    ContaminationRows(DecontaminateConfig config, Broadcast<EvaluationIndex> index, Set<Long> exempt) {
        this.config = config.withoutSets();
        this.index = index;
        this.exempt = new HashSet<>(exempt);
    }

    /** Findings of rows that have {@code id} and {@code text}. */
    Iterator<Row> findings(Iterator<Row> documents) {
        ContaminationFinder finder = new ContaminationFinder(index.value(), exempt, config.itemShareMin());
        return Rows.flatMap(documents, row -> {
            String text = row.getAs("text");
            Contamination contamination = finder.find(text);
            return contamination.items().isEmpty()
                    ? Collections.emptyIterator()
                    : List.of(finding(row.getAs("id"), text, contamination)).iterator();
        });
    }

    private Row finding(String id, String text, Contamination contamination) {
        Contamination.SharedItem worst = contamination.worst();
        Optional<String> masked = contamination.isEmpty()
                ? Optional.empty()
                : Decontaminated.of(config, text, contamination).maskedText();
        String action = masked.isPresent() ? "mask" : "drop";
        List<Row> found = contamination.items().stream()
                .map(item -> RowFactory.create(
                        item.set(), item.item(), item.ngram(), item.runs(), item.itemShare(), item.counts()))
                .toList();
        return RowFactory.create(
                id,
                contamination.isEmpty() ? "none" : action,
                worst.set(),
                worst.item(),
                worst.ngram(),
                (long) contamination.shared().size(),
                worst.itemShare(),
                contamination.documentShare(),
                masked.map(Document::idOf).orElse(null),
                masked.orElse(null),
                found.toArray());
    }

    /** Each different shared run of each document. */
    Iterator<Row> runs(Iterator<Row> documents) {
        ContaminationFinder finder = new ContaminationFinder(index.value(), Set.of(), 0);
        return Rows.flatMap(documents, row -> {
            Map<Long, Row> runs = new HashMap<>();
            for (Contamination.Shared shared : finder.find(row.getAs("text")).shared()) {
                runs.computeIfAbsent(shared.run(), run -> RowFactory.create(run, finder.show(shared)));
            }
            return runs.values().iterator();
        });
    }
}
