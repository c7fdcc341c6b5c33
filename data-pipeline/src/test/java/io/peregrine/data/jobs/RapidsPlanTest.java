package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark RAPIDS would run on a GPU, read from its own explanation: the plugin is on, and only explains. Run by {@code
 * mvn verify -Prapids}, which fetches the plugin.
 */
@Tag("rapids")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RapidsPlanTest {
    private static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();
    private static final Path PLUGIN = Path.of(System.getProperty("rapids.jar", "target/rapids/rapids-4-spark.jar"));
    private static final Pattern OPERATOR = Pattern.compile(
            "([*!#@])(?:Exec|Command) <(\\w+)>(?: (?:cannot run on GPU because |could run on GPU but )(.*))?");

    /** By stage, by operator: how often it would run on the GPU, and how often not with the reasons. */
    private final Map<String, Map<String, Operators>> stages = new TreeMap<>();

    private static final class Operators {
        private int onGpu;
        private int onCpu;
        private final List<String> reasons = new ArrayList<>();

        @Override
        public String toString() {
            return onGpu + " GPU, " + onCpu + " CPU";
        }
    }

    @BeforeAll
    void explain(@TempDir Path folder) throws IOException, InterruptedException {
        assertThat(PLUGIN).as("the plugin, which -Prapids fetches").exists();
        Path log = folder.resolve("explained.log");
        Path console = folder.resolve("console.log");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + CONF.resolve("jvm.options"),
                "-Xmx2g",
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--properties-file",
                CONF.resolve("spark-rapids.conf").toString(),
                "--conf",
                "spark.rapids.sql.mode=explainOnly",
                "--conf",
                "spark.rapids.sql.explain=ALL",
                // Adaptive plans are explained anew at every step, as often as the machine's timing has it.
                "--conf",
                "spark.sql.adaptive.enabled=false",
                "--jars",
                PLUGIN.toAbsolutePath().toString(),
                "--class",
                RapidsPlanMain.class.getName(),
                "spark-internal",
                folder.resolve("run").toString());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(console.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment()
                .put(
                        "LOG4J_CONFIGURATION_FILE",
                        CONF.resolve("log4j2.properties").toString());
        builder.environment().put("PEREGRINE_LOG", log.toString());
        Process process = builder.start();
        assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(console)).isZero();
        read(Files.readAllLines(log));
        print();
    }

    private void read(List<String> lines) {
        Map<String, Operators> stage = new TreeMap<>();
        for (String line : lines) {
            int begin = line.indexOf(RapidsPlanMain.BEGIN);
            if (begin >= 0) {
                stage = stages.computeIfAbsent(
                        line.substring(begin + RapidsPlanMain.BEGIN.length()), name -> new TreeMap<>());
            }
            Matcher operator = OPERATOR.matcher(line);
            if (operator.find()) {
                Operators counted = stage.computeIfAbsent(operator.group(2), name -> new Operators());
                if (operator.group(1).equals("*")) {
                    counted.onGpu++;
                } else {
                    counted.onCpu++;
                    counted.reasons.add(String.valueOf(operator.group(3)));
                }
            }
        }
    }

    private void print() {
        stages.forEach((stage, operators) -> {
            System.out.println(stage);
            operators.forEach((name, counted) -> {
                System.out.printf("  %-36s %3d on the GPU %3d on the CPU%n", name, counted.onGpu, counted.onCpu);
                counted.reasons.stream().distinct().sorted().forEach(reason -> System.out.println("      " + reason));
            });
        });
    }

    @Test
    void decisionsRunOnTheGpuAsAWhole() {
        assertThat(stages.get("20-filters").toString()).isEqualTo("pinned");
    }
}
