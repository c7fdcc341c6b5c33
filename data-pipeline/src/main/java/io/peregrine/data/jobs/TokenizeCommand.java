package io.peregrine.data.jobs;

import io.peregrine.data.config.RunFile;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code ./peregrine tokenize RUN.yaml}. */
@Command(
        name = "tokenize",
        mixinStandardHelpOptions = true,
        description = {
            "Encodes the documents and rewrites of a run.",
            "",
            "Stage 50-tokens: table tokens, and statistics.json with bytes per token and unigram entropy per stream."
        })
public final class TokenizeCommand extends StageCommand {
    @Override
    protected List<StageJob> jobs(RunFile file) {
        return List.of(new TokenizeJob());
    }
}
