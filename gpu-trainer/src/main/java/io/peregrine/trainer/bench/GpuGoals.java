package io.peregrine.trainer.bench;

import io.peregrine.data.config.ShippedFiles;
import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the GPU trainer is to reach on one H200 in bf16, beside what its peers reach there: {@code bench gpu --table}.
 *
 * <p>The peers are {@code transformers} with the kernels of {@code mamba_ssm}, and cuDNN for attention.
 */
final class GpuGoals {
    private static final double GIBIBYTE = 1L << 30;
    private static final Path SMALL = ShippedFiles.conf("model", "falcon-h1-0.5b.json");
    private static final Path LARGE = ShippedFiles.conf("model", "falcon-h1-1.5b.json");

    private final int device;
    private final int rounds;
    private final List<SpeedTable.Line> lines = new ArrayList<>();

    private GpuGoals(int device, int rounds) {
        this.device = device;
        this.rounds = rounds;
    }

    /** Measures all of it, some minutes; each part on a device that nothing else is on. */
    static SpeedTable measure(int device, int rounds) {
        FalconH1Config small = FalconH1Config.read(SMALL);
        FalconH1Config large = FalconH1Config.read(LARGE);
        GpuGoals goals = new GpuGoals(device, rounds);
        goals.onDevice(ops -> goals.trainingSmall(ops, small));
        goals.onDevice(ops -> goals.trainingLarge(ops, large));
        goals.onDevice(goals::kernels);
        goals.onDevice(ops -> goals.prefill(ops, small));
        goals.onDevice(ops -> goals.decoding(ops, small));
        return new SpeedTable(goals.lines);
    }

    private void onDevice(Consumer<CudaOps> part) {
        try (CudaOps ops = new CudaOps(new CudaDevice(device), DType.BF16)) {
            part.accept(ops);
        }
    }

    private void line(String what, Unit unit, double peer, double goal, double here) {
        lines.add(new SpeedTable.Line(what, unit, peer, goal, here));
    }

    private void trainingSmall(CudaOps ops, FalconH1Config config) {
        line("training 0.5B, 8 x 4096 tokens a step", Unit.TOKENS_PER_SECOND, 65_178, 136_000, trained(ops, config, 8));
        line(
                "the same, in tensors at most",
                Unit.GIBIBYTES,
                67.1,
                67,
                ops.device().mostBytes() / GIBIBYTE);
    }

    private void trainingLarge(CudaOps ops, FalconH1Config config) {
        line("training 1.5B, 4 x 4096 tokens a step", Unit.TOKENS_PER_SECOND, 29_839, 51_000, trained(ops, config, 4));
    }

    private double trained(CudaOps ops, FalconH1Config config, int batch) {
        GpuTrainingBenchmark training = new GpuTrainingBenchmark(config, ops, batch, 4096, Recompute.NONE);
        return training.tokensPerSecond(training.measure(rounds));
    }

    private void kernels(CudaOps ops) {
        GpuKernelBenchmark kernels = new GpuKernelBenchmark(ops, rounds);
        GpuKernelBenchmark.Times scan = kernels.scan(8, 4096, new ScanOps.Dims(24, 64, 1, 128, 128));
        line("scan forward, B8 L4096 H24 P64 N128", Unit.MILLISECONDS, 0.529, 0.35, scan.forward());
        line("scan forward and backward", Unit.MILLISECONDS, 3.654, 1.2, scan.both());
        GpuKernelBenchmark.Times attention = kernels.attention(8, 4096, new AttentionOps.Dims(8, 2, 64));
        line(
                "attention forward and backward, B8 L4096, 8/2 heads of 64",
                Unit.MILLISECONDS,
                1.307,
                1.4,
                attention.both());
    }

    private void prefill(CudaOps ops, FalconH1Config config) {
        double read = new GpuGenerationBenchmark(config, ops, 131_072).readPerSecond(rounds);
        line("prefill 0.5B, 131,072 tokens", Unit.TOKENS_PER_SECOND, 67_700, 200_000, read);
    }

    private void decoding(CudaOps ops, FalconH1Config config) {
        GpuGenerationBenchmark generation = new GpuGenerationBenchmark(config, ops, 512);
        double one = generation.decodedPerSecond(1, rounds);
        line("decoding 0.5B, one sequence behind 512 tokens", Unit.TOKENS_PER_SECOND, 13, 2450, one);
        double many = generation.decodedPerSecond(32, rounds);
        line("decoding 0.5B, 32 sequences", Unit.TOKENS_PER_SECOND, 364, 25_000, many);
    }
}
