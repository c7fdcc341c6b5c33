package io.peregrine.trainer.bench;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.cuda.CudaProfile;
import io.peregrine.trainer.generate.GenerationLoop;
import io.peregrine.trainer.model.DecodeState;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.train.Initialization;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Reading one sequence at once, and going on token by token, on a device: {@code bench gpu --generation}. */
final class GpuGenerationBenchmark {
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
        DecodeState one = room(1, rounds);
        Timing reading = prefill(one, rounds);
        out.printf(
                "prefill           %8.1f ms (fastest %.1f, slowest %.1f) for %,d tokens, %,.0f tokens/s%n",
                1e3 * reading.median(),
                1e3 * reading.fastest(),
                1e3 * reading.slowest(),
                tokens.length,
                reading.perSecond(tokens.length));
        printDecoding(one, rounds, profile, out);
        if (sequences > 1) {
            DecodeState many = prompted(sequences, rounds);
            printDecoding(many, rounds, profile, out);
            leaveTheLast(many);
            printDecoding(many, rounds, profile, out);
        }
        out.printf(
                "memory            %8.1f GiB in tensors at most%n", ops.device().mostBytes() / GIBIBYTE);
    }

    /** Prompt tokens read per second. */
    double readPerSecond(int rounds) {
        return prefill(room(1, rounds), rounds).perSecond(tokens.length);
    }

    /** Tokens per second of sequences side by side, all of them together, each behind the prompt. */
    double decodedPerSecond(int sequences, int rounds) {
        return decode(prompted(sequences, rounds), rounds).perSecond((long) DECODED * sequences);
    }

    /** Empty, for the prompt and what {@link #decode} adds. */
    private DecodeState room(int sequences, int rounds) {
        return model.newDecodeState(sequences, tokens.length + DECODED * (rounds + 2));
    }

    private DecodeState prompted(int sequences, int rounds) {
        DecodeState state = room(sequences, rounds);
        for (int sequence = 0; sequence < sequences; sequence++) {
            model.prefill(state, sequence, tokens);
        }
        return state;
    }

    /** As it is when one caller is left: its sequence behind the prompt, all other places at rest. */
    private void leaveTheLast(DecodeState state) {
        int last = state.sequences() - 1;
        state.reset(last);
        model.prefill(state, last, tokens);
        for (int sequence = 0; sequence < last; sequence++) {
            state.rest(sequence);
        }
    }

    /** Times of reading the prompt at once, scores of its last token read back; the state holds it then. */
    private Timing prefill(DecodeState state, int rounds) {
        return Timing.measure(1, rounds, () -> {
            state.reset();
            model.prefill(state, tokens);
        });
    }

    /** Times of {@value #DECODED} steps, as many asked for at once as {@link GenerationLoop} does. */
    private Timing decode(DecodeState state, int rounds) {
        int steps = model.stepsAtOnce(state);
        return Timing.measure(1, rounds, () -> {
            int[] next = new int[state.sequences()];
            for (int i = 0; i < DECODED; i += steps) {
                next = model.decodeGreedily(state, steps, next)[steps - 1];
            }
        });
    }

    private void printDecoding(DecodeState state, int rounds, boolean profile, PrintWriter out) {
        int atOnce = model.stepsAtOnce(state);
        int reading = (int) IntStream.range(0, state.sequences())
                .filter(sequence -> !state.rests(sequence))
                .count();
        Timing decoding = decode(state, rounds);
        out.printf(
                "decoding          %8.3f ms a step (fastest %.3f, slowest %.3f) behind them, %,d of %,d side by side,"
                        + " %,.0f tokens/s, %d steps asked for at once%n",
                1e3 * decoding.median() / DECODED,
                1e3 * decoding.fastest() / DECODED,
                1e3 * decoding.slowest() / DECODED,
                reading,
                state.sequences(),
                decoding.perSecond((long) DECODED * reading),
                atOnce);
        if (profile) {
            CudaProfile times = ops.device().startProfile();
            model.decode(state, new int[state.sequences()]);
            ops.device().stopProfile();
            times.print(out);
        }
    }
}
