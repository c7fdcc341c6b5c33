package io.peregrine.trainer.model.cli;

import io.peregrine.data.ConfigException;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.MuP;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.train.MemoryPlan;
import io.peregrine.trainer.train.ModelFlops;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code model show}: parameters by part, arithmetic per token, memory, multipliers. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {"Counts a model's parameters, arithmetic and memory, and shows its multipliers.", ""},
        footer = {
            "",
            "Examples:",
            "  peregrine model show conf/model/falcon-h1-0.5b.json",
            "  peregrine model show my.json --seq-len 16384 --sequences 2"
        })
final class ModelShowCommand implements Callable<Integer> {
    private static final double MILLION = 1e6;
    private static final double NO_DIFFERENCE = 1e-12;

    @Spec
    private CommandSpec spec;

    @CommandLine.Parameters(paramLabel = "CONFIG.json", description = "the model's config.json")
    private Path file;

    @Option(
            names = "--seq-len",
            paramLabel = "N",
            defaultValue = "4096",
            description = "tokens of a sequence (default: ${DEFAULT-VALUE})")
    private int seqLen;

    @Option(
            names = "--sequences",
            paramLabel = "N",
            defaultValue = "8",
            description = "sequences of a micro-batch (default: ${DEFAULT-VALUE})")
    private int sequences;

    @Override
    public Integer call() {
        if (seqLen < 1 || sequences < 1) {
            throw new ConfigException("--seq-len, --sequences", seqLen + ", " + sequences, "must be >= 1");
        }
        FalconH1Config config = FalconH1Config.read(file);
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Long> parts = new LinkedHashMap<>();
        long total = 0;
        for (Map.Entry<String, Shape> entry : Parameters.shapes(config).entrySet()) {
            long count = entry.getValue().elements();
            parts.merge(partOf(entry.getKey()), count, Long::sum);
            total += count;
        }
        print(out, "%-22s %12s %7s%n", "parameters", "millions", "share");
        for (Map.Entry<String, Long> part : parts.entrySet()) {
            print(
                    out,
                    "%-22s %12.3f %6.1f %%%n",
                    part.getKey(),
                    part.getValue() / MILLION,
                    100.0 * part.getValue() / total);
        }
        print(out, "%-22s %12.3f%n%n", "all", total / MILLION);
        print(
                out,
                "arithmetic of training %.3f GFLOP a token at sequences of %,d%n%n",
                ModelFlops.perTrainedToken(config, seqLen) / 1e9,
                seqLen);
        print(out, "memory of training in float32 on the host, micro-batch of %d x %,d tokens%n", sequences, seqLen);
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 1)) {
            for (Recompute recompute : Recompute.values()) {
                MemoryPlan plan = MemoryPlan.of(config, ops, sequences, seqLen, recompute);
                print(out, "  recompute %-10s %s%n", recompute.name().toLowerCase(Locale.ROOT), plan);
            }
        }
        print(out, "%n%-22s %22s %22s%n", "multiplier", "here", "by the closed form");
        multipliers(config.multipliers(), MuP.of(config))
                .forEach((name, pair) -> print(
                        out,
                        "%-22s %22s %22s%n",
                        name,
                        pair.here(),
                        Math.abs(pair.here() - pair.rule()) <= NO_DIFFERENCE * Math.abs(pair.rule())
                                ? "same"
                                : pair.rule()));
        out.flush();
        return 0;
    }

    private record Pair(double here, double rule) {}

    private static Map<String, Pair> multipliers(FalconH1Config.Multipliers here, FalconH1Config.Multipliers rule) {
        Map<String, Pair> all = new LinkedHashMap<>();
        all.put("embedding", new Pair(here.embedding(), rule.embedding()));
        all.put("lm_head", new Pair(here.lmHead(), rule.lmHead()));
        all.put("key", new Pair(here.key(), rule.key()));
        all.put("attention_in", new Pair(here.attentionIn(), rule.attentionIn()));
        all.put("attention_out", new Pair(here.attentionOut(), rule.attentionOut()));
        all.put("ssm_in", new Pair(here.ssmIn(), rule.ssmIn()));
        all.put("ssm_out", new Pair(here.ssmOut(), rule.ssmOut()));
        all.put("mlp gate", new Pair(here.mlpGate(), rule.mlpGate()));
        all.put("mlp down", new Pair(here.mlpDown(), rule.mlpDown()));
        String[] parts = {"z", "x", "B", "C", "dt"};
        for (int i = 0; i < parts.length; i++) {
            all.put("ssm " + parts[i], new Pair(here.ssm().get(i), rule.ssm().get(i)));
        }
        return all;
    }

    private static String partOf(String parameter) {
        if (parameter.contains(".mamba.")) {
            return "state-space mixer";
        }
        if (parameter.contains(".self_attn.")) {
            return "attention";
        }
        if (parameter.contains(".feed_forward.")) {
            return "feed-forward";
        }
        if (parameter.contains("embed_tokens")) {
            return "embedding";
        }
        return parameter.startsWith("lm_head") ? "output head" : "norms";
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
    }
}
