package io.peregrine.trainer.generate;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.checkpoint.Checkpoints;
import io.peregrine.trainer.checkpoint.ModelFolder;
import io.peregrine.trainer.cli.GivenOptions;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
            "  peregrine generate --checkpoint DIR --prompt 'def main' --greedy --max-tokens 50",
            "  peregrine generate --checkpoint DIR --prompts prompts.jsonl --backend cuda --sequences 32 > texts.jsonl"
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

    @ArgGroup(multiplicity = "1")
    private Prompts prompts;

    /** What to continue. */
    private static final class Prompts {
        @Option(names = "--prompt", required = true, paramLabel = "TEXT", description = "The text to continue.")
        private String one;

        @Option(
                names = "--prompts",
                required = true,
                paramLabel = "FILE",
                description = {
                    "JSON lines, each with \"prompt\": continued side by side, written as JSON lines",
                    "with \"prompt\", \"text\", \"tokens\" and \"finish_reason\"."
                })
        private Path file;
    }

    @Option(
            names = "--sequences",
            paramLabel = "N",
            defaultValue = "8",
            description = "With --prompts: how many to continue at a time (default: ${DEFAULT-VALUE}).")
    private int sequences;

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
        refuseWhatIsNotLookedAt();
        List<String> texts = prompts.file == null ? List.of(prompts.one) : PromptFile.read(prompts.file);
        Sampling sampling = greedy ? Sampling.GREEDY : new Sampling(temperature, topK, topP);
        Path folder = Checkpoints.modelFolder(checkpoint);
        Backend chosen = Backend.named(backend);
        PrintWriter out = spec.commandLine().getOut();
        try (BpeTokenizer tokenizer = ModelFolder.tokenizer(folder);
                Ops ops = chosen.open(chosen.fastDType(), Runtime.getRuntime().availableProcessors())) {
            FalconH1Model model = ModelFolder.load(folder, ops);
            Generator generator = new Generator(model, tokenizer);
            SeedStream draws = SeedStream.of(seed).child("generate");
            long began = System.nanoTime();
            List<Generator.Result> results = prompts.file == null
                    ? List.of(one(generator, sampling, draws, out))
                    : many(generator, texts, sampling, draws, out);
            spec.commandLine().getErr().println(summary(results, (System.nanoTime() - began) / 1e9));
        }
        return 0;
    }

    private void refuseWhatIsNotLookedAt() {
        if (prompts.file == null) {
            GivenOptions.refuse(spec, "goes with --prompts only", List.of("--sequences"));
        }
        if (greedy) {
            GivenOptions.refuse(spec, "does not go with --greedy", List.of("--temperature", "--top-k", "--top-p"));
        }
        if (sequences < 1) {
            throw new ConfigException("sequences", sequences, "must be >= 1");
        }
    }

    private Generator.Result one(Generator generator, Sampling sampling, SeedStream draws, PrintWriter out) {
        out.print(prompts.one);
        Generator.Result result = generator.generate(prompts.one, maxTokens, sampling, draws, piece -> {
            out.print(piece);
            out.flush();
        });
        out.println();
        out.flush();
        return result;
    }

    private List<Generator.Result> many(
            Generator generator, List<String> texts, Sampling sampling, SeedStream draws, PrintWriter out) {
        List<Generator.Result> results = generator.generateAll(texts, maxTokens, sampling, draws, sequences);
        for (int i = 0; i < results.size(); i++) {
            out.println(PromptFile.line(texts.get(i), results.get(i)));
        }
        out.flush();
        return results;
    }

    private static String summary(List<Generator.Result> results, double seconds) {
        long prompt = results.stream().mapToLong(Generator.Result::promptTokens).sum();
        long tokens = results.stream().mapToLong(Generator.Result::tokens).sum();
        long ended = results.stream().filter(Generator.Result::ended).count();
        String ends = results.size() > 1
                ? ", %d of %d ended by the model".formatted(ended, results.size())
                : ended > 0 ? ", ended by the model" : "";
        return String.format(
                Locale.ROOT,
                "%d tokens after %d of the prompt, %.1f tokens/s%s",
                tokens,
                prompt,
                (tokens + prompt) / seconds,
                ends);
    }
}
