package io.peregrine.trainer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.cuda.CudaOps;
import io.peregrine.trainer.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device against the public implementation's numbers. */
@Tag("gpu")
class CudaConformanceTest {
    @ParameterizedTest
    @CsvSource({"tiny, F32", "tiny, BF16", "groups2-norm-bias, F32", "groups2-norm-bias, BF16"})
    void theDeviceAgreesWithThePublicImplementation(String name, DType dtype) {
        try (Ops ops = new CudaOps(new CudaDevice(0), dtype)) {
            List<Quantity> quantities =
                    ConformanceCheck.run(ConformanceTest.folder(name), ConformanceTest.goldenFile(name), ops);
            assertThat(quantities).hasSizeGreaterThan(70).allMatch(Quantity::passes, "is within tolerance");
        }
    }
}
