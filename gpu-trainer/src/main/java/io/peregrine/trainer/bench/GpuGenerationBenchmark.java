package io.peregrine.trainer.bench;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.model.DecodeState;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.train.Initialization;
import java.io.PrintWriter;
import java.util.Arrays;

/** Reading one sequence at once, and going on token by token, on a device: {@code bench gpu --generation}. */
final class GpuGenerationBenchmark {
    private static final double NANOS = 1e9;
    private static final double GIBIBYTE = 1L << 30;
    private static final int DECODED = 64;

    private final CudaOps ops;
    private final FalconH1Model model;
    private final int[] tokens;

    GpuGenerationBenchmark(FalconH1Config config, CudaOps ops, int promptTokens) {
        this.ops = ops;
        Parameters parameters = Parameters.zeros(config, ops);
        SeedStream seed = SeedStream.of(1);
        Initialization.initialize(parameters, seed.child("init"));
        this.model = new FalconH1Model(config, parameters, ops);
        SeedStream draws = seed.child("tokens");
        this.tokens = new int[promptTokens];
        Arrays.setAll(tokens, i -> draws.nextInt(config.vocabSize()));
    }

    void run(int rounds, PrintWriter out) {
        DecodeState state = model.newDecodeState(tokens.length + DECODED * (rounds + 1));
        double[] reading = new double[rounds];
        for (int round = -1; round < rounds; round++) { // the first warms up
            state.reset();
            long began = System.nanoTime();
            model.prefill(state, tokens);
            if (round >= 0) {
                reading[round] = (System.nanoTime() - began) / NANOS;
            }
        }
        double[] decoding = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            long began = System.nanoTime();
            for (int i = 0; i < DECODED; i++) {
                model.decode(state, tokens[i % tokens.length]);
            }
            if (round >= 0) {
                decoding[round] = (System.nanoTime() - began) / NANOS;
            }
        }
        Arrays.sort(reading);
        Arrays.sort(decoding);
        out.printf(
                "prefill           %8.1f ms (fastest %.1f, slowest %.1f) for %,d tokens, %,.0f tokens/s%n",
                1e3 * reading[rounds / 2],
                1e3 * reading[0],
                1e3 * reading[rounds - 1],
                tokens.length,
                tokens.length / reading[rounds / 2]);
        out.printf(
                "decoding          %8.2f ms a token behind them, %,.0f tokens/s, one sequence, scores read back%n",
                1e3 * decoding[rounds / 2] / DECODED, DECODED / decoding[rounds / 2]);
        out.printf(
                "memory            %8.1f GiB in tensors at most%n", ops.device().mostBytes() / GIBIBYTE);
    }
}
