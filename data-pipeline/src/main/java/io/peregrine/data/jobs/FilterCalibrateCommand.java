package io.peregrine.data.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.code.CodeConfig;
import io.peregrine.data.filters.TextProfiles;
import io.peregrine.data.filters.calibrate.Calibration;
import io.peregrine.data.filters.calibrate.CalibrationConfig;
import io.peregrine.data.filters.calibrate.Calibrator;
import io.peregrine.data.filters.calibrate.LimitMethod;
import io.peregrine.data.filters.words.WordSplitters;
import io.peregrine.data.language.LanguageAnnotator;
import io.peregrine.data.language.LanguageConfig;
import io.peregrine.data.manifest.AtomicFiles;
import io.peregrine.data.rules.Profile;
import io.peregrine.data.rules.Profiles;
import io.peregrine.data.sources.DocumentFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code filter calibrate}: limits and stop words of a profile, learned for each language from text that is trusted. */
@Command(
        name = "calibrate",
        mixinStandardHelpOptions = true,
        description = {
            "Learns limits and stop words for each language from reference text, writes them as a profile, and prints"
                    + " what each rule drops of the reference before and after.",
            "",
            "The reference is JSON lines with a text and, where it is known, a language; it is found out otherwise. A"
                    + " sample of each language is held in memory. The same files give the same profile."
        },
        footer = {
            "",
            "Example:",
            "  peregrine filter calibrate --profile fineweb2 --out work/ours.yaml wikipedia-*.jsonl.gz",
            "and in the run file: filter: {multilingual: {profile: work/ours.yaml}}"
        })
public final class FilterCalibrateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--profile", description = "The profile to start from (default: ${DEFAULT-VALUE}).")
    private String profile = "fineweb2";

    @Option(names = "--out", required = true, paramLabel = "FILE.yaml", description = "The profile that is made.")
    private Path out;

    @Option(
            names = "--method",
            description = "How a limit is chosen: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private LimitMethod method = CalibrationConfig.DEFAULTS.method();

    @Option(
            names = "--drop-share",
            paramLabel = "SHARE",
            description = "Share of the reference that one rule may drop, for PERCENTILE (default: ${DEFAULT-VALUE}).")
    private double dropShare = CalibrationConfig.DEFAULTS.dropShareMax();

    @Option(
            names = "--fixed",
            paramLabel = "REASON",
            description = "A rule whose limit stays, such as gopher_short_doc. May be repeated.")
    private List<String> fixed = List.of();

    @Option(
            names = "--field",
            paramLabel = "NAME",
            description = "JSON field that holds the text (default: ${DEFAULT-VALUE}). May be repeated.")
    private List<String> fields = List.of("text");

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Reference text, JSON lines.")
    private List<String> files;

    @Override
    public Integer call() {
        Profile start = Profiles.load(profile);
        CalibrationConfig d = CalibrationConfig.DEFAULTS;
        Calibrator calibrator = new Calibrator(new CalibrationConfig(
                nameOf(out),
                method,
                dropShare,
                d.pivot(),
                fixed,
                d.decimals(),
                d.documentsMin(),
                d.documentsMax(),
                d.documentCharactersMax(),
                d.learnStopWords(),
                d.stopWordShareMin(),
                d.stopWordsMin(),
                d.stopWordsMax()));
        LanguageAnnotator languages = new LanguageAnnotator(LanguageConfig.DEFAULTS);
        DocumentFiles.Read read = DocumentFiles.forEach(files, fields, document -> {
            Document known = document.language().equals(Document.UNDETERMINED)
                    ? languages.annotate(document).document()
                    : document;
            calibrator.add(known.language(), known.text());
        });
        PrintWriter print = spec.commandLine().getOut();
        print.printf("read %,d documents, %,d pieces rejected%n", read.documents(), read.rejected());
        Calibration learned = calibrator.finish(
                start,
                asked -> TextProfiles.annotators(asked, CodeConfig.DEFAULTS).get(),
                WordSplitters::of);
        learned.tooFew()
                .forEach((language, count) ->
                        print.printf("%s: not learned, %,d documents are too few%n", language, count));
        print.print(learned.markdown());
        try {
            AtomicFiles.write(out, learned.yaml().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(out, e.getMessage()), e);
        }
        print.println(out);
        return 0;
    }

    /** The name of a profile is that of its file. */
    private static String nameOf(Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".yaml")) {
            throw new DataException(
                    "%s: must end in .yaml, by which a run file knows it for a profile".formatted(file));
        }
        return name.substring(0, name.length() - ".yaml".length());
    }
}
