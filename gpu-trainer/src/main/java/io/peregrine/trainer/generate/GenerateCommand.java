package io.peregrine.trainer.generate;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TokenizerFiles;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code generate}: continues a text with a model, written out while it is made. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = {"Continues a text with a trained model.", ""},
        footer = {
            "",
            "Examples:",
            "  peregrine generate --checkpoint runs/quickstart --prompt 'The method returns'",
            "  peregrine generate --checkpoint DIR --prompt 'def main' --greedy --max-tokens 50"
        })
public final class GenerateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "DIR",
            description = {
                "Folder with config.json, model.safetensors and tokenizer.json;",
                "or a run's folder, whose newest checkpoint is taken."
            })
    private Path checkpoint;

    @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "The text to continue.")
    private String prompt;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "100",
            description = "Most tokens to generate (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.8",
            description = "0 is greedy, 1 the model's own distribution (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Choose from the K most likely tokens; 0 is all (default: ${DEFAULT-VALUE}).")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "0.95",
            description = "Choose from the fewest tokens of this probability (default: ${DEFAULT-VALUE}).")
    private double topP;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "The same seed gives the same text (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--greedy", description = "Always the most likely token; the same as --temperature 0.")
    private boolean greedy;

    @Option(
            names = "--backend",
            paramLabel = "cpu|cuda|reference",
            defaultValue = "cpu",
            description = "Who computes (default: ${DEFAULT-VALUE}).")
    private String backend;

    @Override
    public Integer call() {
        Sampling sampling = greedy ? Sampling.GREEDY : new Sampling(temperature, topK, topP);
        Path folder = Checkpoints.modelFolder(checkpoint);
        Backend chosen = Backend.named(backend);
        PrintWriter out = spec.commandLine().getOut();
        try (BpeTokenizer tokenizer = BpeTokenizer.load(folder.resolve(TokenizerFiles.TOKENIZER_JSON));
                Ops ops = chosen.open(chosen.fastDType(), Runtime.getRuntime().availableProcessors())) {
            FalconH1Model model = ModelFolder.load(folder, ops);
            out.print(prompt);
            long began = System.nanoTime();
            Generator.Result result = new Generator(model, tokenizer)
                    .generate(prompt, maxTokens, sampling, SeedStream.of(seed).child("generate"), piece -> {
                        out.print(piece);
                        out.flush();
                    });
            out.println();
            out.flush();
            spec.commandLine().getErr().println(summary(result, (System.nanoTime() - began) / 1e9));
        }
        return 0;
    }

    private static String summary(Generator.Result result, double seconds) {
        return String.format(
                Locale.ROOT,
                "%d tokens after %d of the prompt, %.1f tokens/s%s",
                result.tokens(),
                result.promptTokens(),
                (result.tokens() + result.promptTokens()) / seconds,
                result.ended() ? ", ended by the model" : "");
    }
}
