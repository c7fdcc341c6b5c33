package io.peregrine.trainer.bench;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.ParameterGroups;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import io.peregrine.trainer.train.Initialization;
import io.peregrine.trainer.train.ModelFlops;
import java.util.Arrays;

/**
 * The rate of matrix products that a backend reaches, and the rate of a whole training step in the same unit.
 *
 * <p>Both are medians, and the two are measured in turns, so that another program that takes a core from one takes it from
 * the other too.
 */
final class CpuBenchmark {
    /** A product that fits the caches and the kernels well: what the machine can do. */
    private static final int PRODUCT_ROWS = 4096;

    private static final int PRODUCT_WIDTH = 1024;
    private static final int PRODUCTS_PER_ROUND = 10;
    private static final double MULTIPLY_ADD = 2;
    private static final double NANOS = 1e9;
    private static final long SEED = 1;

    /**
     * What was measured.
     *
     * @param matmulFlops operations per second of matrix products
     * @param tokensPerSecond tokens trained on per second
     * @param flopsPerToken operations that the model asks for per token
     */
    record Result(double matmulFlops, double tokensPerSecond, double flopsPerToken) {
        /** Operations per second of the training step. */
        double trainingFlops() {
            return tokensPerSecond * flopsPerToken;
        }

        /** Share of the matrix products' rate that training sustains. */
        double share() {
            return trainingFlops() / matmulFlops;
        }
    }

    private CpuBenchmark() {}

    /**
     * Measures.
     *
     * @param batch sequences of a step
     * @param seqLen tokens of a sequence
     * @param rounds measurements of which the median is taken; one more comes first, to warm up
     */
    static Result run(FalconH1Config config, Ops ops, int batch, int seqLen, int rounds) {
        Parameters parameters = Parameters.zeros(config, ops);
        Initialization.initialize(parameters, SeedStream.of(SEED));
        FalconH1Model model = new FalconH1Model(config, parameters, ops);
        AdamW optimizer = new AdamW(parameters, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops);
        TokenBatch tokens = randomTokens(batch, seqLen, config.vocabSize());
        Tensor x = ops.allocate(Shape.of(PRODUCT_ROWS, PRODUCT_WIDTH));
        Tensor w = ops.allocate(Shape.of(PRODUCT_WIDTH, PRODUCT_WIDTH));
        Tensor y = ops.allocate(Shape.of(PRODUCT_ROWS, PRODUCT_WIDTH));
        x.fill(1);
        w.fill(1);

        double[] products = new double[rounds];
        double[] steps = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            double product = seconds(() -> {
                for (int i = 0; i < PRODUCTS_PER_ROUND; i++) {
                    ops.matmul().forward(x, w, 1, y);
                }
            });
            double step = seconds(() -> {
                parameters.zeroGradients();
                model.lossAndGradients(tokens, 1.0 / tokens.predictions());
                optimizer.step(1e-3, 0.1, 1);
            });
            if (round >= 0) {
                products[round] = product;
                steps[round] = step;
            }
        }
        double flops = MULTIPLY_ADD * PRODUCTS_PER_ROUND * PRODUCT_ROWS * PRODUCT_WIDTH * PRODUCT_WIDTH;
        return new Result(
                flops / median(products),
                (double) batch * seqLen / median(steps),
                ModelFlops.perTrainedToken(config, seqLen));
    }

    private static TokenBatch randomTokens(int batch, int seqLen, int vocab) {
        SeedStream draws = SeedStream.of(SEED).child("tokens");
        int[] ids = new int[batch * seqLen];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = draws.nextInt(vocab);
        }
        return TokenBatch.ofWholeRows(batch, seqLen, ids);
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / NANOS;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
