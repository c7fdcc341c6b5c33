package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.DocumentBoundaries;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.model.Parameters;
import io.peregrine.trainer.model.Recompute;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.ops.plan.PlanningOps;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.ParameterGroups;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryPlanTest {
    private static final double GIBIBYTE = 1L << 30;

    /** The real operations, whose allocations are counted as they happen. */
    private static Ops counting(Ops real, AtomicLong bytes) {
        return (Ops) Proxy.newProxyInstance(
                Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(real, arguments);
                        if (result instanceof Tensor tensor && arguments[0] instanceof Shape) {
                            bytes.addAndGet(
                                    tensor.shape().elements() * tensor.dtype().bytes());
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Recompute.class)
    void thePlanIsWhatIsAllocated(Recompute recompute) {
        for (Backend backend : new Backend[] {Backend.REFERENCE, Backend.CPU}) {
            try (Ops real = backend.open(backend.defaultDType(), 2)) {
                FalconH1Config config = HashSeededModel.config(true);
                AtomicLong bytes = new AtomicLong();
                Ops ops = counting(real, bytes);
                MemoryPlan plan = MemoryPlan.of(config, ops, 2, 19, recompute);
                assertThat(bytes.get()).isZero();
                Parameters parameters = Parameters.zeros(config, ops);
                assertThat(bytes.get()).isEqualTo(plan.parameters());
                new AdamW(parameters, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops);
                assertThat(bytes.get()).isEqualTo(plan.parameters() + plan.moments());
                FalconH1Model model = new FalconH1Model(config, parameters, ops, DocumentBoundaries.ALL, recompute);
                TokenBatch batch = TokenBatch.ofWholeRows(2, 19, HashSeededModel.tokens(38, 64));
                model.lossAndGradients(batch, 1);
                assertThat(bytes.get()).isEqualTo(plan.total());
                model.loss(batch);
                model.lossAndGradients(batch, 1);
                assertThat(bytes.get()).as("a second step allocates nothing").isEqualTo(plan.total());
            }
        }
    }

    /** What the model of the paper's smallest size needs in float32, for 8 sequences of 4,096 tokens. */
    @Test
    void fewerActivationsTakeLess() {
        FalconH1Config config = FalconH1Config.read(Path.of("../conf/model/falcon-h1-0.5b.json"));
        try (Ops ops = Backend.CPU.open(Backend.CPU.defaultDType(), 1)) {
            double none = MemoryPlan.of(config, ops, 8, 4096, Recompute.NONE).activations() / GIBIBYTE;
            double selective =
                    MemoryPlan.of(config, ops, 8, 4096, Recompute.SELECTIVE).activations() / GIBIBYTE;
            double block = MemoryPlan.of(config, ops, 8, 4096, Recompute.BLOCK).activations() / GIBIBYTE;
            assertThat(none).isGreaterThan(1.25 * selective);
            assertThat(selective).isGreaterThan(3 * block);
            MemoryPlan plan = MemoryPlan.of(config, ops, 1, 4096, Recompute.BLOCK);
            assertThat(plan.parameters() + plan.moments())
                    .isCloseTo(
                            16L * Parameters.zeros(config, new PlanningOps(ops)).count(), within(1L << 20));
            assertThat(plan.toString()).contains("GiB: parameters and gradients", "moments", "activations");
        }
    }

    /** Of the paper's smallest size; what is not planned are ids, document edges and rotary angles. */
    @ParameterizedTest
    @EnumSource(Recompute.class)
    @Tag("gpu")
    void thePlanIsWhatADeviceHolds(Recompute recompute) {
        FalconH1Config config = FalconH1Config.read(Path.of("../conf/model/falcon-h1-0.5b.json"));
        CudaDevice device = new CudaDevice(0);
        try (Ops ops = new CudaOps(device, DType.BF16)) {
            MemoryPlan plan = MemoryPlan.of(config, ops, 2, 2048, recompute);
            Parameters parameters = Parameters.zeros(config, ops);
            AdamW optimizer = new AdamW(parameters, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops);
            FalconH1Model model = new FalconH1Model(config, parameters, ops, DocumentBoundaries.ALL, recompute);
            TokenBatch batch = TokenBatch.ofWholeRows(2, 2048, new int[2 * 2048]);
            for (int step = 0; step < 2; step++) {
                model.lossAndGradients(batch, 1);
                optimizer.step(1e-4, 0.1, 1);
            }
            assertThat((double) device.mostBytes() / plan.total()).isBetween(0.97, 1.005);
        }
    }
}
