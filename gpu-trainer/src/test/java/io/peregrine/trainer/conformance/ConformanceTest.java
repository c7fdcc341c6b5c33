package io.peregrine.trainer.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.cpu.CpuOps;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ConformanceTest {
    @ParameterizedTest
    @CsvSource({"tiny, F64", "tiny, F32", "groups2-norm-bias, F64", "groups2-norm-bias, F32"})
    void theReferenceAgreesWithThePublicImplementation(String name, DType dtype) {
        try (Ops ops = new ReferenceOps(dtype)) {
            List<Quantity> quantities = ConformanceCheck.run(folder(name), goldenFile(name), ops);
            assertThat(quantities).hasSizeGreaterThan(70).allMatch(Quantity::passes, "is within tolerance");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "groups2-norm-bias"})
    void theCpuBackendAgreesWithThePublicImplementation(String name) {
        try (Ops ops = new CpuOps(2)) {
            List<Quantity> quantities = ConformanceCheck.run(folder(name), goldenFile(name), ops);
            assertThat(quantities).hasSizeGreaterThan(70).allMatch(Quantity::passes, "is within tolerance");
        }
    }

    @Test
    void theCommandPrintsATableAndEndsWithZero() {
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new ConformanceCommand()).setOut(new PrintWriter(out));
        int exitCode = command.execute(
                "--model", folder("tiny").toString(),
                "--golden", goldenFile("tiny").toString(),
                "--backend", "reference");
        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains("logits")
                .contains("5e-06")
                .contains("PASS: ")
                .doesNotContain("FAIL");
    }

    @Test
    void aGoldenFileOfAnotherModelIsRefused() {
        try (Ops ops = new ReferenceOps(DType.F64)) {
            assertThatThrownBy(() -> ConformanceCheck.run(folder("groups2-norm-bias"), goldenFile("tiny"), ops))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(
                            "golden.safetensors: tensor logits has shape [2, 37, 256], expected [2, 37, 320]");
        }
    }

    @Test
    void anErrorThatIsNotANumberFails() {
        assertThat(new Quantity("loss", Double.NaN, 1).passes()).isFalse();
    }

    @Test
    void relativeErrorIsOverTheWholeTensor() {
        Tensor expected = Tensor.zeros(DType.F64, Shape.of(2));
        expected.set(0, 0, 3);
        expected.set(0, 1, 4);
        Tensor actual = Tensor.zeros(DType.F64, Shape.of(2));
        actual.set(0, 0, 3);
        actual.set(0, 1, 4.5);
        assertThat(ConformanceCheck.relativeError(actual, expected)).isEqualTo(0.1);
    }

    static Path folder(String name) {
        try {
            return Path.of(ConformanceTest.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path goldenFile(String name) {
        return folder(name).resolve("golden.safetensors");
    }
}
