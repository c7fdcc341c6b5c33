package io.peregrine.data.dedup.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.peregrine.data.ConfigException;
import io.peregrine.data.dedup.Coefficients;
import io.peregrine.data.dedup.JavaMinima;
import io.peregrine.data.dedup.MinHashConfig;
import io.peregrine.data.dedup.MinHashDevice;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenClMinimaTest {
    @TempDir
    Path folder;

    /** The jars and folders that the probe's classes came from: test runners hide them from java.class.path. */
    private static String classPath() {
        Stream<Class<?>> classes = Stream.of(
                OpenClProbe.class,
                OpenClMinima.class,
                com.aparapi.Kernel.class,
                com.aparapi.natives.NativeLoader.class,
                org.apache.bcel.classfile.JavaClass.class,
                com.fasterxml.jackson.annotation.JsonValue.class);
        return classes.map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(location.getPath()).toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String probe(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                classPath(),
                OpenClProbe.class.getName()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("probe.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(folder.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    /** Every device that is there must give the twin's bits; a machine without OpenCL skips this, and says so. */
    @Test
    void theKernelGivesTheBitsOfPlainJavaOnEveryDevice() throws IOException, InterruptedException {
        String devices = probe();
        boolean gpu = devices.contains("GPU ");
        boolean cpu = devices.contains("CPU ");
        assumeTrue(gpu || cpu, "OpenCL lists no device here: install a driver, or pocl-opencl-icd for the CPU");
        for (MinHashDevice device : List.of(MinHashDevice.OPENCL_CPU, MinHashDevice.OPENCL_GPU)) {
            if (device == MinHashDevice.OPENCL_CPU ? cpu : gpu) {
                assertThat(probe(device.name())).contains("equal 1\n", "equal 112\n", "equal 260\n", "equal 600\n");
            }
        }
    }

    @Test
    void aDeviceThatIsNotThereIsAnErrorAndNotSomethingElse() {
        List<String> devices = OpenClMinima.devices();
        assumeTrue(devices.stream().noneMatch(name -> name.startsWith("GPU")), "this machine has a GPU: " + devices);
        assertThatThrownBy(() -> new OpenClMinima(new Coefficients(1, 8), MinHashDevice.OPENCL_GPU))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("minhash.device")
                .hasMessageContaining("opencl-gpu")
                .hasMessageContaining("must be a device that OpenCL lists on this machine");
    }

    @Test
    void plainJavaIsChosenByName() {
        assertThat(OpenClMinima.of(MinHashConfig.DEFAULTS)).isInstanceOf(JavaMinima.class);
    }
}
