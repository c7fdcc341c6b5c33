package io.peregrine.trainer.experiments.arms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.page.HtmlPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Writes what an experiment leaves for people and for other programs. */
public final class ExperimentReport {
    /** A line of JSON for every arm and seed. */
    public static final String RESULTS = "results.jsonl";

    /** The page. */
    public static final String PAGE = "experiment.html";

    private ExperimentReport() {}

    /** Writes {@value #RESULTS} and {@value #PAGE} into the experiment's folder; the page's path. */
    public static Path write(Experiment experiment, List<ArmResult> results) {
        return write(experiment, results, ComparisonFacts.of(experiment, Comparison.of(results)));
    }

    /** As {@link #write(Experiment, List)}, with more facts for the page than those of the comparison. */
    public static Path write(Experiment experiment, List<ArmResult> results, ObjectNode facts) {
        Path page = experiment.folder().resolve(PAGE);
        try {
            AtomicFiles.write(
                    experiment.folder().resolve(RESULTS),
                    results.stream()
                            .map(ArmResult::line)
                            .collect(Collectors.joining())
                            .getBytes(StandardCharsets.UTF_8));
            AtomicFiles.write(
                    page,
                    HtmlPage.of(facts.path("title").asText(), ExperimentReport.class, ComparisonFacts.SCRIPT, facts)
                            .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into " + experiment.folder(), e);
        }
        return page;
    }
}
