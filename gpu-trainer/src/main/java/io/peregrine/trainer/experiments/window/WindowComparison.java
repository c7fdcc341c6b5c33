package io.peregrine.trainer.experiments.window;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.mixture.window.WindowPrediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Windows of several runs against what their optimizers predict. Runs whose learning rate and weight decay differ with their
 * product fixed should have one window, those whose product differs should have windows in inverse proportion to it.
 *
 * @param rows a row per run
 */
record WindowComparison(List<Row> rows) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The last checkpoint of a run, all sources together.
     *
     * @param run its name
     * @param step of the checkpoint
     * @param learningRate at its peak
     * @param weightDecay before any schedule
     * @param etaLambda mean of their product over the steps that were measured
     * @param predictedTokens batch tokens over that
     * @param window what the best fit says, as JSON; missing if there is none
     * @param halfLifeTokens age at which half of what can be forgotten is, if it was measured
     */
    record Row(
            String run,
            long step,
            double learningRate,
            double weightDecay,
            double etaLambda,
            double predictedTokens,
            JsonNode window,
            OptionalDouble halfLifeTokens) {
        OptionalDouble windowTokens() {
            return window.path("kind").asText().equals("found")
                    ? OptionalDouble.of(window.path("tokens").asDouble())
                    : OptionalDouble.empty();
        }
    }

    WindowComparison {
        rows = List.copyOf(rows);
    }

    /**
     * Reads the results of runs.
     *
     * @param files their {@code results.json}
     * @throws DataException if one is missing, is something else, or is of a run without weight decay
     */
    static WindowComparison of(List<Path> files) {
        return new WindowComparison(files.stream().map(WindowComparison::read).toList());
    }

    private static Row read(Path file) {
        try {
            JsonNode facts = JSON.readTree(Files.readString(file));
            if (!facts.path("format").asText().equals(WindowFacts.FORMAT)
                    || facts.path("version").asInt() != WindowFacts.VERSION) {
                throw new DataException("%s: not the results of this experiment in version %d; run it again on that run"
                        .formatted(file, WindowFacts.VERSION));
            }
            return row(file, facts);
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no results; run the experiment on that run first".formatted(file), e);
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s: not JSON (%s); run the experiment on that run again".formatted(file, e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }

    private static Row row(Path file, JsonNode facts) {
        JsonNode last = null;
        for (JsonNode checkpoint : facts.path("checkpoints")) {
            last = checkpoint;
        }
        if (last == null || !last.has("predictedTokens")) {
            throw new DataException("%s: the run has no weight decay, so that nothing is predicted for it; leave it out"
                    .formatted(file));
        }
        JsonNode pooled = null;
        for (JsonNode window : facts.path("windows")) {
            boolean isLast = window.path("step").asLong() == last.path("step").asLong();
            if (isLast && (pooled == null || window.path("source").asText().equals(SourceWindow.ALL))) {
                pooled = window;
            }
        }
        if (pooled == null) {
            throw new DataException("%s: has no windows; run the experiment on that run again".formatted(file));
        }
        JsonNode half = pooled.path("fits").path(0).path("halfLifeTokens");
        return new Row(
                facts.path("run").asText(),
                last.path("step").asLong(),
                facts.path("learningRate").asDouble(),
                facts.path("weightDecay").asDouble(),
                last.path("etaLambda").asDouble(),
                last.path("predictedTokens").asDouble(),
                pooled.path("window"),
                half.isNumber() ? OptionalDouble.of(half.asDouble()) : OptionalDouble.empty());
    }

    /** The line through the windows that were found. */
    Optional<WindowPrediction.Law> windowLaw() {
        return law(rows.stream().filter(row -> row.windowTokens().isPresent()).toList(), true);
    }

    /** The line through the half-lives that were found. */
    Optional<WindowPrediction.Law> halfLifeLaw() {
        return law(rows.stream().filter(row -> row.halfLifeTokens().isPresent()).toList(), false);
    }

    private static Optional<WindowPrediction.Law> law(List<Row> found, boolean windows) {
        List<WindowPrediction.Run> runs = new ArrayList<>();
        for (Row row : found) {
            OptionalDouble measured = windows ? row.windowTokens() : row.halfLifeTokens();
            runs.add(new WindowPrediction.Run(row.predictedTokens(), measured.orElseThrow()));
        }
        return WindowPrediction.law(runs);
    }

    /** Adds the comparison to the facts of a page. */
    void addTo(ObjectNode facts) {
        ObjectNode comparison = facts.putObject("comparison");
        for (Row row : rows) {
            ObjectNode node = comparison.withArray("rows").addObject();
            node.put("run", row.run()).put("step", row.step());
            node.put("learningRate", row.learningRate()).put("weightDecay", row.weightDecay());
            node.put("etaLambda", row.etaLambda()).put("predictedTokens", row.predictedTokens());
            node.set("window", row.window().isMissingNode() ? node.objectNode() : row.window());
            row.halfLifeTokens().ifPresent(tokens -> node.put("halfLifeTokens", tokens));
        }
        windowLaw().ifPresent(law -> law(comparison.putObject("windowLaw"), law));
        halfLifeLaw().ifPresent(law -> law(comparison.putObject("halfLifeLaw"), law));
    }

    private static void law(ObjectNode node, WindowPrediction.Law law) {
        node.put("slope", law.slope()).put("factor", law.factor());
        if (Double.isFinite(law.slopeError())) {
            node.put("slopeError", law.slopeError());
        }
    }
}
