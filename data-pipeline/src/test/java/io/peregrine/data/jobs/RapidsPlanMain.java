package io.peregrine.data.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.dedup.DedupConfig;
import io.peregrine.data.filters.FilterConfig;
import io.peregrine.data.manifest.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SQL-shaped stages over a few documents, each announced in the log. {@link RapidsPlanTest} starts it by
 * spark-submit, which the plugin's class loader needs.
 */
public final class RapidsPlanMain {
    /** What precedes the name of a stage in the log, before its first plan. */
    static final String BEGIN = "plans of stage ";

    private static final Logger LOG = LoggerFactory.getLogger(RapidsPlanMain.class);

    private RapidsPlanMain() {}

    public static void main(String[] args) {
        StageFixture fixture = new StageFixture(Path.of(args[0]));
        fixture.put(Stage.DOCUMENTS, "documents", documents(), 2);
        for (StageJob job : List.of(
                new SignalsJob(FilterConfig.DEFAULTS),
                new FilterJob(FilterConfig.DEFAULTS),
                new DedupJob(DedupConfig.DEFAULTS))) {
            LOG.warn("{}{}", BEGIN, job.stage().folder());
            fixture.run(job);
        }
    }

    private static List<Document> documents() {
        String prose =
                "The keeper of the lighthouse wrote down that the wind had turned and that no ship was to be seen"
                        + " with the glass from the gallery. ";
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            documents.add(Document.of(
                    "s", "web", "f", "#" + i, "en", (prose + "It was day " + i / 2 + " of the journey. ").repeat(6)));
        }
        return documents;
    }
}
