package io.peregrine.report;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.DataException;
import io.peregrine.data.config.RunFile;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.manifest.TableVersion;
import io.peregrine.data.page.HtmlPage;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.sources.SourceConfig;
import io.peregrine.data.tokenizer.TokenStatistics;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.CurrentTraining;
import io.peregrine.trainer.train.MetricsLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what a run left on disk and writes its report. */
public final class ReportStage {
    /** Name of the report below the report stage's folder. */
    public static final String FILE_NAME = "report.html";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUMMARY_NAME = "training.json";
    private static final int STAGES_WITH_MANIFEST = Stage.REPORT.ordinal();
    private static final int REJECTED_MAX = 50;
    private static final List<String> REJECTED_COLUMNS = List.of("source", "origin", "position", "reason", "detail");

    private final RunLayout layout;
    private final Optional<RunFile> settings;
    private final Notes notes = new Notes();

    private ReportStage(RunLayout layout) {
        this.layout = layout;
        this.settings =
                Files.exists(layout.settings()) ? Optional.of(RunFile.open(layout.settings())) : Optional.empty();
    }

    /**
     * Writes the report of a run, finished or not.
     *
     * @return the file, {@code 90-report/report.html} below the run's root
     * @throws DataException if the folder is not a run's, or something in it is damaged
     */
    public static Path write(RunLayout layout) {
        ObjectNode data = new ReportStage(layout).gather();
        Path file = layout.report().resolve(FILE_NAME);
        String page = HtmlPage.of(data.get("title").asText(), ReportStage.class, "report.js", data);
        try {
            AtomicFiles.write(file, page.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return file;
    }

    private ObjectNode gather() {
        List<StageManifest> manifests = Arrays.stream(Stage.values())
                .map(stage -> StageManifest.read(layout, stage))
                .flatMap(Optional::stream)
                .toList();
        if (manifests.isEmpty()) {
            throw new DataException("%s: no stage of a run has finished here; give the folder that holds %s"
                    .formatted(layout.root(), Stage.DOCUMENTS.folder()));
        }
        ObjectNode data = JSON.createObjectNode();
        head(data, manifests);
        data.set("stages", StageFacts.of(manifests));
        data.set("sources", sources());
        data.set("rejected", rejected());
        data.set("tokens", tokens());
        data.set("mixture", mixture());
        data.set("training", training());
        data.set("samples", samples());
        data.set("missing", notes.toJson());
        return data;
    }

    private void head(ObjectNode data, List<StageManifest> manifests) {
        ArrayNode facts = data.putArray("facts");
        data.put(
                "title",
                settings.map(file -> file.head().run())
                        .orElse(layout.root().getFileName().toString()));
        fact(facts, "folder", layout.root().toString());
        settings.ifPresent(file -> fact(facts, "seed", Long.toString(file.head().seed())));
        settings.ifPresent(file -> fact(facts, "settings digest", file.digest()));
        fact(facts, "stages finished", manifests.size() + " of " + STAGES_WITH_MANIFEST);
        fact(
                facts,
                "made by",
                manifests.stream()
                        .map(manifest -> "Peregrine " + manifest.codeVersion())
                        .distinct()
                        .collect(joining(", ")));
        fact(facts, "report made", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private JsonNode sources() {
        ArrayNode sources = JSON.createArrayNode();
        if (settings.isEmpty()) {
            notes.missing("sources", "The run keeps no record of its settings: there is no " + layout.settings());
            return sources;
        }
        Map<String, Long> counts = StageManifest.read(layout, Stage.DOCUMENTS)
                .map(StageManifest::counts)
                .orElse(Map.of());
        for (SourceConfig source : settings.get().listSection("sources", SourceConfig.class)) {
            sources.addObject()
                    .put("name", source.name())
                    .put("domain", source.domain())
                    .put("documents", counts.getOrDefault(source.name() + ".documents", 0L))
                    .put("licence", source.licence())
                    .put("input", String.join(", ", source.paths()));
        }
        return sources;
    }

    /** Input that became no document, from the table that ingestion wrote. */
    private JsonNode rejected() {
        Optional<StageManifest> documents = StageManifest.read(layout, Stage.DOCUMENTS);
        if (documents.isEmpty()) {
            notes.missing("rejected", "Ingestion has not finished, so nothing is known of rejected input.");
            return JSON.nullNode();
        }
        TableVersion table = documents.get().output("rejected");
        List<List<String>> rows =
                TableRows.first(layout.root().resolve(table.path()), table.version(), REJECTED_COLUMNS, REJECTED_MAX);
        ObjectNode rejected = JSON.createObjectNode().put("total", table.rows());
        ArrayNode shown = rejected.putArray("rows");
        for (List<String> row : rows) {
            ObjectNode cells = shown.addObject();
            for (int i = 0; i < REJECTED_COLUMNS.size(); i++) {
                cells.put(REJECTED_COLUMNS.get(i), row.get(i));
            }
        }
        return rejected;
    }

    private JsonNode tokens() {
        if (StageManifest.read(layout, Stage.TOKENS).isEmpty()) {
            notes.missing("tokens", "No text has been tokenized.");
            return JSON.createArrayNode();
        }
        return TokenFacts.of(TokenStatistics.read(layout.tokens()));
    }

    private JsonNode mixture() {
        if (StageManifest.read(layout, Stage.MIXTURE).isEmpty()) {
            notes.missing("mixture", "No mixture has been planned.");
            return JSON.nullNode();
        }
        return MixtureFacts.of(PlanFile.read(layout.mixture().resolve(MixturePlan.FILE_NAME)));
    }

    private JsonNode training() {
        Path folder = CurrentTraining.folder(layout.train());
        Path file = folder.resolve(MetricsLog.FILE_NAME);
        List<JsonNode> lines = MetricsLog.read(file);
        if (!TrainingFacts.hasSteps(lines)) {
            notes.missing("training", "No step has been trained: %s is missing or has none.".formatted(file));
            return JSON.nullNode();
        }
        Path summary = folder.resolve(SUMMARY_NAME);
        if (!Files.exists(summary)) {
            notes.missing(
                    "training",
                    "Training has not finished: the curves end where it stands now, and the unigram "
                            + "entropy beside them is only known at the end.");
            return TrainingFacts.of(lines, JSON.createObjectNode());
        }
        return TrainingFacts.of(lines, read(summary));
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s: not JSON (%s); run the stage again".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Continuations by the newest checkpoint; a report of a run in training shows what the model can do so far. */
    private JsonNode samples() {
        ReportConfig config =
                settings.map(file -> file.section("report", ReportConfig.class)).orElse(ReportConfig.DEFAULTS);
        Path checkpoints = CurrentTraining.folder(layout.train()).resolve(Checkpoints.FOLDER);
        if (config.prompts().isEmpty()) {
            notes.missing("sample", "The run file asks for no sample: report.prompts is empty.");
            return JSON.createArrayNode();
        }
        if (new Checkpoints(checkpoints).latest().isEmpty()) {
            notes.missing(
                    "sample", "There is no model to write one: %s has no finished checkpoint.".formatted(checkpoints));
            return JSON.createArrayNode();
        }
        SeedStream seed = settings.map(RunFile::seed).orElse(SeedStream.of(0)).child(Stage.REPORT.folder());
        return Samples.of(Checkpoints.modelFolder(checkpoints), config, seed);
    }

    private static void fact(ArrayNode facts, String label, String value) {
        facts.addObject().put("label", label).put("value", value);
    }
}
