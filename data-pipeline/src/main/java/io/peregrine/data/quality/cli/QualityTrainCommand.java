package io.peregrine.data.quality.cli;

import io.peregrine.data.quality.QualityTraining;
import io.peregrine.data.sources.DocumentFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quality train}: from good and bad examples to a model and its evaluation. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a classifier on JSON-lines files of good and of bad documents, and prints how it does on held-out"
                    + " ones: area under the ROC curve and calibration.",
            "",
            "The same files and seed give the same model, bit for bit. Serves web text, code and mathematics alike: what"
                    + " is good is what the examples say."
        },
        footer = {
            "",
            "Example:",
            "  peregrine quality train --good books.jsonl.gz --bad crawl.jsonl.gz --out work/quality.bin"
        })
public final class QualityTrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--good", required = true, paramLabel = "FILE", description = "Good examples. May be repeated.")
    private List<String> good;

    @Option(names = "--bad", required = true, paramLabel = "FILE", description = "Bad examples. May be repeated.")
    private List<String> bad;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The model.")
    private Path out;

    @Option(
            names = "--field",
            paramLabel = "NAME",
            description = "JSON field that holds the text (default: ${DEFAULT-VALUE}). May be repeated.")
    private List<String> fields = List.of("text");

    @Option(names = "--seed", description = "Decides the order of the examples (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Override
    public Integer call() {
        PrintWriter print = spec.commandLine().getOut();
        QualityTraining training = new QualityTraining(seed);
        DocumentFiles.Read goodRead = DocumentFiles.forEach(good, fields, d -> training.add(d.id(), d.text(), true));
        DocumentFiles.Read badRead = DocumentFiles.forEach(bad, fields, d -> training.add(d.id(), d.text(), false));
        print.printf(
                "read %,d good and %,d bad documents, %,d pieces rejected%n",
                goodRead.documents(), badRead.documents(), goodRead.rejected() + badRead.rejected());
        QualityTraining.Result result = training.train("good: %s; bad: %s; seed %d".formatted(good, bad, seed));
        if (result.repeated() > 0) {
            print.printf("%,d documents came more than once and were taken once%n", result.repeated());
        }
        print.print(result.evaluation().table());
        result.model().write(out);
        print.println(out);
        return 0;
    }
}
