package io.peregrine.trainer.bench;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ShippedFiles;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.cpu.CpuOps;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./peregrine bench cpu}: the machine's rate of matrix products, and what share of it training sustains. */
@Command(
        name = "cpu",
        mixinStandardHelpOptions = true,
        description = {
            "Measures matrix products and training steps on this machine's CPU.",
            "",
            "Prints the rate of single-precision matrix products on all cores, the training step's tokens/s and GFLOP/s",
            "(operations the model asks for; a multiply-add is two, backward is twice forward), and the ratio."
        })
public final class BenchCpuCommand implements Callable<Integer> {
    private static final double GIGA = 1e9;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "the model's config.json (default: the conf/model/quickstart.json that comes with Peregrine)")
    private Optional<Path> model;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "8",
            description = "sequences per step (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(
            names = "--seq-len",
            paramLabel = "N",
            defaultValue = "512",
            description = "tokens per sequence (default: ${DEFAULT-VALUE})")
    private int seqLen;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "9",
            description = "measurements, of which the median counts (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--threads", paramLabel = "N", description = "threads (default: all cores)")
    private Integer threads;

    @Override
    public Integer call() {
        positive("--batch", batch);
        positive("--seq-len", seqLen);
        positive("--rounds", rounds);
        int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        positive("--threads", used);
        Path file = model.orElse(ShippedFiles.conf("model", "quickstart.json"));
        FalconH1Config config = FalconH1Config.read(file);
        PrintWriter out = spec.commandLine().getOut();
        try (Ops ops = new CpuOps(used)) {
            CpuBenchmark.Result result = CpuBenchmark.run(config, ops, batch, seqLen, rounds);
            out.printf("matrix products   %8.1f GFLOP/s on %d threads%n", result.matmulFlops() / GIGA, used);
            out.printf(
                    "training step     %8.1f GFLOP/s, %.0f tokens/s (%s, %d x %d tokens, %.1f MFLOP per token)%n",
                    result.trainingFlops() / GIGA,
                    result.tokensPerSecond(),
                    file,
                    batch,
                    seqLen,
                    result.flopsPerToken() / 1e6);
            out.printf("ratio             %8.1f %%%n", 100 * result.share());
            out.flush();
        }
        return 0;
    }

    private static void positive(String option, int value) {
        if (value < 1) {
            throw new ConfigException(option, value, "must be >= 1");
        }
    }
}
