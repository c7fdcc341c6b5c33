package io.peregrine.data.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ShortLivedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
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
 *
 * <p>Java functions (MapPartitions and the conversions about it: the rules over texts, MinHash, the digest of every
 * written table) stay on the CPU by their nature. All that is SQL does not: a change that moves a limit, a join or a
 * count back to the CPU fails here, with the reason. Plans over Delta's log, which are not ours, are left out.
 */
@Tag("rapids")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RapidsPlanTest {
    private static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();
    private static final Path PLUGIN = Path.of(System.getProperty("rapids.jar", "target/rapids/rapids-4-spark.jar"));

    /** Before a plan, which goes on to an empty line. */
    private static final String PLAN = "GpuOverrides - ";

    /** Runs on the GPU: *, on the CPU: ! or @, is left out of a plan for the GPU: #. */
    private static final Pattern OPERATOR =
            Pattern.compile(" *([*!#@])(?:(?:Exec |Command )<(\\w+?)(?:Exec)?>| <(\\w+)Exec>)(.*)");

    private static final Pattern REASONS = Pattern.compile(" (?:cannot run on GPU because|could run on GPU) ?(.*)");

    /** Names of the operator's class and of columns, which the operator's name and the plan say already. */
    private static final Pattern DETAILS = Pattern.compile(" (?:class )?org\\.apache\\.[\\w.]+| \\[\\w+(?:#\\d+L?)?]");

    /** Columns of Delta's log. */
    private static final Pattern OF_DELTA = Pattern.compile("\\b(?:add|protocol|commitInfo|stats|version)#\\d");

    /** The limits by language and the names of rules, some dozen rows that the driver hands out, and their columns. */
    private static final Pattern OF_SMALL_TABLE =
            Pattern.compile("! <LocalTableScanExec>|@Expression <AttributeReference>");

    private static final Pattern RELATIONAL = Pattern.compile("FileSourceScan|\\w+Join|\\w*Aggregate|Window\\w*|Union");

    private final Map<String, List<List<String>>> plans = new LinkedHashMap<>();

    private static final class Placed {
        private int onGpu;
        private int onCpu;
        private final TreeSet<String> reasons = new TreeSet<>();
    }

    @BeforeAll
    void explain(@TempDir Path folder) throws IOException, InterruptedException {
        assertThat(PLUGIN).as("the plugin, which -Prapids fetches").exists();
        Path log = folder.resolve("explained.log");
        Path console = folder.resolve("console.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + CONF.resolve("jvm.options"),
                "-Xmx2g"));
        command.addAll(ShortLivedJvm.ARGUMENTS);
        command.addAll(List.of(
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
                "--conf",
                "spark.ui.enabled=false",
                "--jars",
                PLUGIN.toAbsolutePath().toString(),
                "--class",
                RapidsPlanMain.class.getName(),
                "spark-internal",
                folder.resolve("run").toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(console.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment()
                .put(
                        "LOG4J_CONFIGURATION_FILE",
                        CONF.resolve("log4j2.properties").toString());
        builder.environment().put("PEREGRINE_LOG", log.toString());
        Process process = builder.start();
        boolean ended = process.waitFor(20, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as("spark-submit ends within 20 minutes").isTrue();
        assertThat(process.exitValue()).as(Files.readString(console)).isZero();
        read(Files.readAllLines(log));
        plans.keySet().forEach(stage -> System.out.println(stage + "\n" + operators(stage)));
    }

    private void read(List<String> lines) {
        List<List<String>> ofStage = new ArrayList<>();
        List<String> plan = new ArrayList<>();
        for (String line : lines) {
            int begin = line.indexOf(RapidsPlanMain.BEGIN);
            if (begin >= 0) {
                ofStage = new ArrayList<>();
                plans.put(line.substring(begin + RapidsPlanMain.BEGIN.length()), ofStage);
            } else if (line.endsWith(PLAN) || line.isEmpty()) {
                plan = new ArrayList<>();
                ofStage.add(plan);
            } else {
                plan.add(line);
            }
        }
        plans.values()
                .forEach(all -> all.removeIf(one ->
                        one.stream().anyMatch(line -> OF_DELTA.matcher(line).find())));
    }

    /** Operator by operator, how many would run where, and why not on the GPU. */
    private String operators(String stage) {
        StringBuilder text = new StringBuilder();
        placed(stage).forEach((operator, placed) -> {
            text.append(operator).append(':');
            if (placed.onGpu > 0) {
                text.append(' ').append(placed.onGpu).append(" GPU");
            }
            if (placed.onCpu > 0) {
                text.append(' ').append(placed.onCpu).append(" CPU ").append(placed.reasons);
            }
            text.append('\n');
        });
        return text.toString();
    }

    private Map<String, Placed> placed(String stage) {
        Map<String, Placed> operators = new TreeMap<>();
        for (List<String> plan : plans.get(stage)) {
            for (String line : plan) {
                Matcher operator = OPERATOR.matcher(line);
                if (operator.matches() && !operator.group(1).equals("#")) {
                    String name = operator.group(2) == null ? operator.group(3) : operator.group(2);
                    Placed placed = operators.computeIfAbsent(name, unseen -> new Placed());
                    if (operator.group(1).equals("*")) {
                        placed.onGpu++;
                    } else {
                        placed.onCpu++;
                        placed.reasons.addAll(reasons(operator.group(4)));
                    }
                }
            }
        }
        return operators;
    }

    private static List<String> reasons(String explained) {
        Matcher reasons = REASONS.matcher(explained);
        assertThat(reasons.matches()).as(explained).isTrue();
        return List.of(DETAILS.matcher(reasons.group(1)).replaceAll("").split("; "));
    }

    @Test
    void ofTheSignalsAllButTheRulesAndTheDigestRunsOnTheGpu() {
        assertThat(operators("15-signals")).isEqualTo("""
                DeserializeToObject: 3 CPU [GPU does not currently support the operator, not all expressions can be replaced]
                ExecutedCommand: 1 GPU
                FileSourceScan: 5 GPU
                HashAggregate: 6 GPU
                MapPartitions: 3 CPU [GPU does not currently support the operator, not all expressions can be replaced]
                Project: 1 GPU
                SaveIntoDataSourceCommand: 1 GPU
                SerializeFromObject: 3 CPU [GPU does not currently support the operator, not all expressions can be replaced]
                ShuffleExchange: 4 GPU 1 CPU [Columnar exchange without columnar children is inefficient]
                Sort: 2 GPU 1 CPU [not all expressions can be replaced]
                """);
    }

    @Test
    void ofTheFiltersAllButTheDigestRunsOnTheGpu() {
        assertThat(operators("20-filters")).isEqualTo("""
                BroadcastExchange: 4 GPU
                BroadcastHashJoin: 4 GPU
                DeserializeToObject: 4 CPU [GPU does not currently support the operator, not all expressions can be replaced]
                ExecutedCommand: 2 GPU
                FileSourceScan: 5 GPU
                Filter: 2 GPU
                HashAggregate: 2 GPU
                LocalTableScan: 4 CPU [GPU does not currently support the operator]
                MapPartitions: 4 CPU [GPU does not currently support the operator, not all expressions can be replaced]
                Project: 4 GPU
                SaveIntoDataSourceCommand: 2 GPU
                SerializeFromObject: 4 CPU [GPU does not currently support the operator, not all expressions can be replaced]
                ShuffleExchange: 1 GPU 2 CPU [Columnar exchange without columnar children is inefficient]
                Sort: 2 GPU 2 CPU [not all expressions can be replaced]
                """);
    }

    @Test
    void noExpressionOfADecisionStaysOnTheCpu() {
        List<List<String>> decisions = plans.get("20-filters").stream()
                .filter(plan -> plan.stream().anyMatch(line -> line.contains("Expression <CaseWhen>")))
                .toList();
        // The documents kept, those dropped, and the funnel.
        assertThat(decisions)
                .hasSize(3)
                .allSatisfy(plan -> assertThat(plan)
                        .anyMatch(line -> line.contains("Expression <GreaterThan>"))
                        .anyMatch(line -> line.contains("Expression <LessThan>"))
                        .allMatch(line -> line.stripLeading().startsWith("*")
                                || OF_SMALL_TABLE.matcher(line).find()));
    }

    /** Without counts: how often which join is taken follows from the sizes of tables. */
    @Test
    void ofDeduplicationNoScanJoinAggregateOrWindowStaysOnTheCpu() {
        Map<String, Placed> deduplication = placed("30-dedup");
        deduplication.keySet().removeIf(name -> !RELATIONAL.matcher(name).matches());
        assertThat(deduplication).containsKeys("FileSourceScan", "HashAggregate", "BroadcastHashJoin");
        assertThat(deduplication)
                .allSatisfy((name, placed) -> assertThat(placed.onCpu)
                        .as("%s: %s", name, placed.reasons)
                        .isZero());
    }
}
