package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.testing.TestClasses;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library's portable code, which any card but a Hopper runs, on whatever card there is.
 *
 * <p>A library with nothing else is compiled for it (needs nvcc), and found before the usual one in a process of its own. The
 * driver's own switch ({@code CUDA_FORCE_PTX_JIT}) would refuse cuBLAS, which has machine code only.
 */
@Tag("gpu")
class CudaPortableCodeTest {
    private static final Path BUILD = Path.of("src", "main", "cuda", "build.sh");
    private static final Path OBJECTS =
            Path.of("target", "cuda-portable"); // kept, so that only what has changed is compiled
    private static final Path CLASSES = Path.of("target", "cuda-portable-classes");
    private static final Path LIBRARY =
            CLASSES.resolve(Path.of("io", "peregrine", "trainer", "cuda", "libperegrine_cuda.so"));

    @TempDir
    Path folder;

    /** Says which code runs, then runs tests. */
    static final class InOwnProcess {
        private InOwnProcess() {}

        /** @param tests as {@link TestClasses} takes them */
        public static void main(String[] tests) {
            try (CudaDevice device = new CudaDevice(0)) {
                System.out.println("on wgmma: " + Native.attentionOnWgmma(device.handle(), 64));
            }
            TestClasses.main(tests);
        }
    }

    @Test
    void operationsAgreeWithTheReference() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"));
        assertThat(run(
                        List.of("bash", BUILD.toString(), absolute(OBJECTS), absolute(LIBRARY), java.toString()),
                        Map.of("PEREGRINE_CUDA_TARGETS", "-gencode arch=compute_80,code=compute_80")))
                .satisfies(built -> assertThat(built.status).as(built.said).isZero());
        assumeThat(LIBRARY).as("an nvcc that makes it").exists();
        Outcome outcome = run(
                List.of(
                        java.resolve(Path.of("bin", "java")).toString(),
                        "-cp",
                        CLASSES + File.pathSeparator + System.getProperty("java.class.path"),
                        InOwnProcess.class.getName(),
                        CudaOpsTest.class.getName(),
                        CudaDecodeTest.class.getName()),
                Map.of());
        assertThat(outcome.said).startsWith("on wgmma: false");
        assertThat(outcome.status).as(outcome.said).isZero();
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().toString();
    }

    /** How a process ended, and all that it said. */
    private record Outcome(int status, String said) {}

    private Outcome run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(15, TimeUnit.MINUTES);
        process.destroyForcibly();
        String said = Files.readString(output);
        assertThat(ended).as("ends: %s", said).isTrue();
        return new Outcome(process.exitValue(), said);
    }
}
