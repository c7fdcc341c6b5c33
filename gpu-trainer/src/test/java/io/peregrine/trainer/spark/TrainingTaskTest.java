package io.peregrine.trainer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.cuda.CudaException;
import io.peregrine.trainer.cuda.CudaFailures;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;

class TrainingTaskTest {
    @Test
    void theDeviceIsTheFirstThatSparkAssigned() {
        assertThat(TrainingTask.device(gpus("3", "1"), false)).isEqualTo(3);
        assertThat(TrainingTask.device(gpus("3", "1"), true)).isEqualTo(3);
    }

    @Test
    void onlyInOneProcessMayThereBeNone() {
        assertThat(TrainingTask.device(Map.of(), true)).isZero();
        assertThatThrownBy(() -> TrainingTask.device(Map.of(), false))
                .isInstanceOf(CudaException.class)
                .hasMessage("train.place = executor with train.backend = cuda: Spark assigned no GPU to the task; set"
                        + " spark.task.resource.gpu.amount=1, spark.executor.resource.gpu.amount=1 and"
                        + " spark.executor.resource.gpu.discoveryScript");
    }

    @Test
    void aDeviceThatHasNoNumberIsRefused() {
        assertThatThrownBy(() -> TrainingTask.device(gpus("GPU-8932f937"), false))
                .isInstanceOf(CudaException.class)
                .hasMessage("train.place = executor: Spark assigned the GPU 'GPU-8932f937' to the task; the discovery"
                        + " script must give GPUs their numbers, 0, 1, and so on");
    }

    /** Were it an executor, this process would end here. */
    @Test
    void aDeviceThatIsLostDoesNotEndTheDriver() {
        assertThat(TrainingTask.faults(true, () -> {
                    throw CudaFailures.fatal();
                }))
                .containsExactly(CudaFailures.fatal().getMessage());
    }

    private static Map<String, ResourceInformation> gpus(String... addresses) {
        return Map.of("gpu", new ResourceInformation("gpu", addresses));
    }
}
