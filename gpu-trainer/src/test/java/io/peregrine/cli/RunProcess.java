package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ShortLivedJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code peregrine run} in a process of its own, which a test can kill. */
final class RunProcess {
    private static final Path JVM_OPTIONS = Path.of("..", "conf", "jvm.options");
    private static final long MINUTES_MAX = 10;

    /** Plans are interpreted, which is what they mean compiled: see {@code SparkTest}. */
    private static final List<String> INTERPRETED =
            List.of("-Dspark.sql.codegen.wholeStage=false", "-Dspark.sql.codegen.factoryMode=NO_CODEGEN");

    private final Process process;
    private final Path output;

    private RunProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a command on an embedded Spark with this many cores. */
    static RunProcess start(int cores, Path log, String... arguments) throws IOException {
        return start(log, command(cores, arguments));
    }

    /** The same with plans compiled, as users have them. */
    static RunProcess startCompiling(int cores, Path log, String... arguments) throws IOException {
        List<String> command = command(cores, arguments);
        command.removeAll(INTERPRETED);
        return start(log, command);
    }

    /** The command line that {@link #start(int, Path, String...)} starts. */
    static List<String> command(int cores, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx2g",
                "@" + JVM_OPTIONS,
                "-Dspark.master=local[" + cores + "]"));
        command.addAll(INTERPRETED);
        command.addAll(ShortLivedJvm.ARGUMENTS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.peregrine.cli.Peregrine"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts any command line in the environment that Peregrine needs. */
    static RunProcess start(Path log, List<String> command) throws IOException {
        File out = log.toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out);
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("RUST_FLAVOR", "cpu");
        return new RunProcess(builder.start(), log);
    }

    /** Waits for the end, and returns what was printed. */
    String finish(int exitCode) throws IOException, InterruptedException {
        assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
        String printed = Files.readString(output);
        assertThat(process.exitValue()).as(printed).isEqualTo(exitCode);
        return printed;
    }

    /** Kills the process, as SIGKILL does, as soon as a file is there. */
    void killOnce(Path file) throws IOException, InterruptedException {
        while (!Files.exists(file)) {
            assertThat(process.isAlive())
                    .as("ended before %s was there: %s", file, Files.readString(output))
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        process.destroyForcibly().waitFor();
    }
}
