package io.peregrine.trainer.bench;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.cuda.CudaProfile;
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
        Parameters parameters = Parameters.withoutGradients(config, ops);
        SeedStream seed = SeedStream.of(1);
        Initialization.initialize(parameters, seed.child("init"));
        this.model = new FalconH1Model(config, parameters, ops);
        SeedStream draws = seed.child("tokens");
        this.tokens = new int[promptTokens];
        Arrays.setAll(tokens, i -> draws.nextInt(config.vocabSize()));
    }

    /** @param sequences to be decoded side by side, besides one alone */
    void run(int sequences, int rounds, boolean profile, PrintWriter out) {
        double[] reading = new double[rounds];
        DecodeState state = model.newDecodeState(1, tokens.length + DECODED * (rounds + 2));
        for (int round = -1; round < rounds; round++) { // the first warms up
            state.reset();
            long began = System.nanoTime();
            model.prefill(state, tokens);
            if (round >= 0) {
                reading[round] = (System.nanoTime() - began) / NANOS;
            }
        }
        Arrays.sort(reading);
        out.printf(
                "prefill           %8.1f ms (fastest %.1f, slowest %.1f) for %,d tokens, %,.0f tokens/s%n",
                1e3 * reading[rounds / 2],
                1e3 * reading[0],
                1e3 * reading[rounds - 1],
                tokens.length,
                tokens.length / reading[rounds / 2]);
        decode(state, rounds, profile, out);
        if (sequences > 1) {
            DecodeState many = model.newDecodeState(sequences, state.capacity());
            for (int sequence = 0; sequence < sequences; sequence++) {
                model.prefill(many, sequence, tokens);
            }
            decode(many, rounds, profile, out);
        }
        out.printf(
                "memory            %8.1f GiB in tensors at most%n", ops.device().mostBytes() / GIBIBYTE);
    }

    private void decode(DecodeState state, int rounds, boolean profile, PrintWriter out) {
        double[] decoding = new double[rounds];
        int[] next = new int[state.sequences()];
        for (int round = -1; round < rounds; round++) {
            long began = System.nanoTime();
            for (int i = 0; i < DECODED; i++) {
                next = model.decode(state, next);
            }
            if (round >= 0) {
                decoding[round] = (System.nanoTime() - began) / NANOS;
            }
        }
        Arrays.sort(decoding);
        double median = decoding[rounds / 2];
        out.printf(
                "decoding          %8.3f ms a step (fastest %.3f, slowest %.3f) behind them, %,d side by side, %,.0f"
                        + " tokens/s, ids read back%n",
                1e3 * median / DECODED,
                1e3 * decoding[0] / DECODED,
                1e3 * decoding[rounds - 1] / DECODED,
                state.sequences(),
                DECODED * state.sequences() / median);
        if (profile) {
            CudaProfile times = ops.device().startProfile();
            model.decode(state, next);
            ops.device().stopProfile();
            times.print(out);
        }
    }
}
