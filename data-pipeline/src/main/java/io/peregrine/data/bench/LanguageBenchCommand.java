package io.peregrine.data.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.language.Identification;
import io.peregrine.data.language.LanguageAnnotator;
import io.peregrine.data.language.LanguageCodes;
import io.peregrine.data.language.LanguageConfig;
import io.peregrine.data.language.LanguageIdentifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bench language}: how often the language is right, and how many documents a second one core identifies.
 *
 * <p>Needs no Spark; {@link #main} runs it on a class path of this module, picocli, Jackson, ICU and OpenNLP.
 */
@Command(
        name = "language",
        mixinStandardHelpOptions = true,
        description = {
            "Measures language identification on documents whose language is known: accuracy, precision and recall by",
            "language, the pairs confused most often, and documents per second of one thread's processor time."
        },
        footer = {"", "Example:", "  peregrine bench language --input labelled.jsonl.gz --characters 200"})
public final class LanguageBenchCommand implements Callable<Integer> {
    private static final double NANOS = 1e9;

    /** Fewest documents that a speed is measured on. */
    private static final int FULL_LENGTH_MIN = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "JSON lines, plain or .gz, with fields text and lang (ISO 639 or BCP 47).")
    private List<Path> inputs;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = LanguageConfig.OPENNLP,
            description = "opennlp, or a fastText model .bin or .ftz (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(
            names = "--characters",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Every text is cut to its first N UTF-16 units (default: ${DEFAULT-VALUE}).")
    private int characters;

    @Option(
            names = "--accepted",
            paramLabel = "CODE",
            split = ",",
            description = "Languages of the tables (default: the eighteen of Falcon-H1).")
    private List<String> accepted = LanguageConfig.FALCON_H1.accepted();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds over all documents; the fastest counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    private record Labelled(String language, String text) {}

    /** Runs the command by itself. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LanguageBenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() {
        if (rounds < 1) {
            throw new ConfigException("--rounds", rounds, "must be > 0");
        }
        LanguageConfig config = new LanguageConfig(accepted, model, characters, 0.5, Map.of(), 0.5, 6, 0.3);
        List<Labelled> documents = new ArrayList<>();
        inputs.forEach(input -> read(input, documents));
        if (documents.isEmpty()) {
            throw new DataException("%s: has no documents".formatted(inputs));
        }
        LanguageIdentifier identifier = LanguageAnnotator.identifier(config);
        LanguageScores found = new LanguageScores();
        LanguageScores sure = new LanguageScores();
        for (Labelled document : documents) {
            Identification answer = identifier.identify(document.text());
            boolean kept = answer.confidence() >= config.confidenceMin(answer.language());
            found.add(document.language(), answer.language(), answer.confidence());
            sure.add(document.language(), kept ? answer.language() : Document.UNDETERMINED, answer.confidence());
        }
        report(found, sure);
        LanguageAnnotator annotator = new LanguageAnnotator(config);
        speed("identified", documents, document -> identifier.identify(document.text()));
        speed(
                "annotated, with mixed languages",
                documents,
                document -> annotator.annotate(Document.of("", "", "", "", Document.UNDETERMINED, document.text())));
        return 0;
    }

    private void report(LanguageScores found, LanguageScores sure) {
        print(
                "%,d documents of %d languages, model %s, %d characters each",
                found.documents(), found.languages().size(), model, characters);
        print(
                "right: %.4f of all, %.4f of the %d accepted languages",
                found.accuracy(found.languages()), found.accuracy(accepted), accepted.size());
        print("right and sure enough: %.4f of the accepted languages", sure.accuracy(accepted));
        print(
                "of documents in other languages, taken for an accepted one: %.4f, and sure enough: %.4f",
                found.falseAccepts(accepted), sure.falseAccepts(accepted));
        found.table(accepted).forEach(line -> print("%s", line));
        print("confused most often (right > found): %s", String.join(", ", found.worstPairs()));
    }

    /** Over the documents that were cut, which all have the same length, if there are enough of them. */
    private void speed(String what, List<Labelled> all, Consumer<Labelled> work) {
        List<Labelled> full = all.stream()
                .filter(document -> document.text().length() >= characters - 1)
                .toList();
        List<Labelled> documents = full.size() < FULL_LENGTH_MIN ? all : full;
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        double best = 0;
        for (int round = 0; round < rounds; round++) {
            long start = clock.getCurrentThreadCpuTime();
            documents.forEach(work);
            best = Math.max(best, documents.size() * NANOS / Math.max(1, clock.getCurrentThreadCpuTime() - start));
        }
        long mean = documents.stream()
                        .mapToLong(document -> document.text().length())
                        .sum()
                / documents.size();
        print(
                "%s: %,.0f documents/s of one thread's processor time (%,d documents of %,d characters)",
                what, best, documents.size(), mean);
    }

    private void read(Path input, List<Labelled> documents) {
        ObjectMapper mapper = new ObjectMapper();
        int number = 0;
        try (BufferedReader lines = open(input)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                JsonNode node = mapper.readTree(line);
                if (!node.path("text").isTextual() || !node.path("lang").isTextual()) {
                    throw new DataException("%s: line %d: must have the texts text and lang".formatted(input, number));
                }
                documents.add(new Labelled(
                        LanguageCodes.bcp47(node.path("lang").textValue()),
                        cut(node.path("text").textValue())));
            }
        } catch (JsonProcessingException e) {
            throw new DataException("%s: line %d: no JSON: %s".formatted(input, number, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(input, e), e);
        }
    }

    private static BufferedReader open(Path input) throws IOException {
        InputStream in = Files.newInputStream(input);
        return new BufferedReader(new InputStreamReader(
                input.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.UTF_8));
    }

    private String cut(String text) {
        if (text.length() <= characters) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
        return text.substring(0, end);
    }

    private void print(String format, Object... values) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, values));
    }
}
