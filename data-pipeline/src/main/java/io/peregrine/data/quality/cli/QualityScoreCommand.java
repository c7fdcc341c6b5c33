package io.peregrine.data.quality.cli;

import io.peregrine.data.quality.QualityModel;
import io.peregrine.data.sources.DocumentFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quality score}: a probability for each document of some files. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = "Prints the score of every document of JSON-lines files: probability, a tab, where it stands.",
        footer = {"", "Example:", "  peregrine quality score --model work/quality.bin crawl.jsonl.gz | sort -n | head"})
public final class QualityScoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "FILE", description = "A model of 'quality train'.")
    private Path model;

    @Option(
            names = "--field",
            paramLabel = "NAME",
            description = "JSON field that holds the text (default: ${DEFAULT-VALUE}). May be repeated.")
    private List<String> fields = List.of("text");

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "JSON-lines files.")
    private List<String> files;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        QualityModel.Scorer scorer = QualityModel.read(model).scorer();
        DocumentFiles.forEach(
                files,
                fields,
                document -> out.println(String.format(
                        Locale.ROOT,
                        "%.6f\t%s#%s",
                        scorer.probability(document.text()),
                        document.origin(),
                        document.location())));
        return 0;
    }
}
