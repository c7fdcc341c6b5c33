package io.peregrine.data.jobs;

import io.peregrine.data.config.RunFile;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.data.tokenizer.cli.EncodeCommand;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./peregrine tokenizer ...}: trains a tokenizer, and shows what one does. */
@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        description = "Trains a tokenizer, encodes with it, reports on it.",
        subcommands = {TokenizerCommand.Train.class, EncodeCommand.class, TokenizerReportCommand.class})
public final class TokenizerCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which of train, encode, report?");
    }

    /** {@code ./peregrine tokenizer train RUN.yaml}. */
    @Command(
            name = "train",
            mixinStandardHelpOptions = true,
            description = {
                "Trains a byte-level BPE tokenizer on the documents of a run.",
                "",
                "Stage 50-tokenizer: tokenizer.json and its companions, as transformers' AutoTokenizer reads them."
            })
    public static final class Train extends StageCommand {
        @Override
        protected List<StageJob> jobs(RunFile file) {
            return List.of(new TrainTokenizerJob(file.section("tokenizer", TokenizerConfig.class)));
        }
    }
}
