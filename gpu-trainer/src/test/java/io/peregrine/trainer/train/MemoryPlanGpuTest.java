package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.DocumentBoundaries;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.GradientClip;
import io.peregrine.trainer.optim.ParameterGroups;
import io.peregrine.trainer.tensor.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("gpu")
class MemoryPlanGpuTest {
    private static final int SEQUENCES = 2;
    private static final int SEQ_LEN = 512;

    /** Tensors, tables and scratch memory of two steps: no more than planned, and not much less. */
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void aStepTakesNoMoreThanIsPlanned(DType dtype) {
        FalconH1Config config = HashSeededModel.config(320, 256, 512, 3, 4, 2, 64, 4, 64, 1, 128, 128, true);
        try (CudaOps ops = new CudaOps(new CudaDevice(0), dtype)) {
            MemoryPlan plan = MemoryPlan.of(config, ops, SEQUENCES, SEQ_LEN, Recompute.NONE);
            Parameters parameters = Parameters.zeros(config, ops);
            AdamW optimizer = new AdamW(parameters, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops);
            FalconH1Model model = new FalconH1Model(config, parameters, ops, DocumentBoundaries.ALL, Recompute.NONE);
            int[] ids = HashSeededModel.tokens(SEQUENCES * SEQ_LEN, 320);
            TokenBatch batch = TokenBatch.ofWholeRows(SEQUENCES, SEQ_LEN, ids);
            for (int step = 0; step < 2; step++) {
                parameters.zeroGradients();
                model.lossAndGradients(batch, 1.0 / batch.predictions());
                GradientClip.globalNorm(parameters, ops.optim());
                optimizer.step(1e-3, 0.1, 1);
            }
            long taken = ops.device().mostBytes() + ops.device().scratchBytes();
            assertThat(ops.device().scratchBytes()).isPositive();
            assertThat(taken).isBetween(plan.total() * 9 / 10, plan.total());
        }
    }
}
