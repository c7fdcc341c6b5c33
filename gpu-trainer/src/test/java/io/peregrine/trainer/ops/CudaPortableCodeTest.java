package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.testing.TestClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library's portable code, which any card but a Hopper runs, on whatever card there is.
 *
 * <p>The driver is told to compile it before it is loaded, hence a process of its own. It then compiles nothing else: without
 * cuBLAS, whose machine code is refused, so that matrix products are left out.
 */
@Tag("gpu")
class CudaPortableCodeTest {
    private static final List<String> TRAINING = List.of(
            "embeddings",
            "norms",
            "gates",
            "convolutions",
            "stepSizes",
            "scans",
            "scansAsInitialized",
            "attention",
            "losses");
    private static final List<String> DECODING =
            List.of("mixers", "windowsBehindARead", "attention", "mixerAndAttentionSideBySide");

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
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                InOwnProcess.class.getName()));
        TRAINING.forEach(name -> command.add(CudaOpsTest.class.getName() + "#" + name));
        DECODING.forEach(name -> command.add(CudaDecodeTest.class.getName() + "#" + name));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("CUDA_FORCE_PTX_JIT", "1");
        Process process = builder.start();
        boolean ended = process.waitFor(15, TimeUnit.MINUTES);
        process.destroyForcibly();
        String said = Files.readString(output);
        assertThat(ended).as("ends: %s", said).isTrue();
        assertThat(said).startsWith("on wgmma: false");
        assertThat(process.exitValue()).as(said).isZero();
    }
}
