package io.peregrine.trainer.ops.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whichever operation comes first after a fault, cuBLAS's included, says that the device is lost; and closing ends. */
@Tag("gpu")
class LostDeviceTest {
    @TempDir
    Path folder;

    @Test
    void everyOperationAfterAFaultSaysThatTheDeviceIsLost() throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LostDeviceInOwnProcess.class.getName())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ends").isTrue();
        assertThat(Files.readAllLines(output))
                .containsExactly(
                        "product: CudaFatalException",
                        "new product: CudaFatalException",
                        "sum: CudaFatalException",
                        "allocation: CudaFatalException",
                        "reading: CudaFatalException",
                        "closed");
        assertThat(process.exitValue()).isZero();
    }
}
