package io.peregrine.data.jobs.bench;

import io.peregrine.data.Document;
import io.peregrine.data.jobs.DocumentRows;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.Stage;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Documents in the place of those that a run's filters kept.
 *
 * @param documents all of them
 */
record GivenDocuments(List<Document> documents) implements StageJob {
    private static final String TABLE = "kept";

    GivenDocuments {
        documents = List.copyOf(documents);
    }

    @Override
    public Stage stage() {
        return Stage.FILTERS;
    }

    @Override
    public List<Stage> after() {
        return List.of();
    }

    @Override
    public String configDigest() {
        return "given";
    }

    @Override
    public Outcome run(StageContext context) {
        List<Row> rows = documents.stream().map(DocumentRows::toRow).toList();
        return new Outcome(
                Map.of(TABLE, context.write(context.spark().createDataset(rows, DocumentRows.ENCODER), TABLE)),
                Map.of("out", (long) rows.size()));
    }
}
