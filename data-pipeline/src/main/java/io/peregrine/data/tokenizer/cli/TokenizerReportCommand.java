package io.peregrine.data.tokenizer.cli;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.tokenizer.TokenStatistics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./peregrine tokenizer report RUN.yaml}: what the tokenizer made of the run's text. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = {
            "Prints bytes per token, words in one token and entropy for each stream of a run.",
            "",
            "Reads what the tokenize stage has counted. Low bytes per token or few whole words in a stream mean that the",
            "tokenizer saw too little of it."
        })
public final class TokenizerReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN.yaml", description = "a run whose tokenize stage is done")
    private Path runFile;

    @Override
    public Integer call() {
        TokenStatistics statistics =
                TokenStatistics.read(RunFile.open(runFile).layout().tokens());
        PrintWriter out = spec.commandLine().getOut();
        out.println("%-24s %12s %14s %14s %9s %11s %9s"
                .formatted("stream", "documents", "tokens", "bytes", "bytes/tok", "whole words", "nats/tok"));
        statistics.streams().forEach((name, stream) -> out.println(line(name, stream)));
        out.println(line("all", statistics.all()));
        out.println(
                "%,d of %,d tokens of the vocabulary occur".formatted(statistics.usedTokens(), statistics.vocabSize()));
        return 0;
    }

    private static String line(String name, TokenStatistics.Stream stream) {
        return "%-24s %,12d %,14d %,14d %9.3f %10.1f%% %9.4f"
                .formatted(
                        name,
                        stream.documents(),
                        stream.tokens(),
                        stream.bytes(),
                        stream.bytesPerToken(),
                        100 * stream.singleTokenWordRatio(),
                        stream.unigramEntropyNats());
    }
}
