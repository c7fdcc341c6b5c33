package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher itself, in a clone made for it, with a java, a mvn and a spark-submit that say what they were asked. */
class LauncherTest {
    private static final List<String> MODULES =
            List.of("data-pipeline", "rewrite-jobs", "mixture-planner", "gpu-trainer");

    @TempDir
    Path folder;

    private Path clone;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private record Outcome(int exitCode, String out, String err) {}

    @BeforeEach
    void makeAClone() throws IOException {
        folder = folder.toRealPath();
        clone = folder.resolve("a clone");
        Path origin = Path.of("..").toRealPath();
        write(clone.resolve("pom.xml"), "");
        write(clone.resolve("conf/jvm.options"), "");
        write(clone.resolve("conf/quickstart/pom.xml"), "");
        Files.copy(origin.resolve("peregrine"), clone.resolve("peregrine"));
        clone.resolve("peregrine").toFile().setExecutable(true);
        for (String module : MODULES) {
            write(clone.resolve(module + "/pom.xml"), "");
            write(clone.resolve(module + "/src/main/java/A.java"), "");
            write(jar(module), "");
        }
        write(
                clone.resolve("gpu-trainer/target/launcher.classpath"),
                jar("data-pipeline") + ":" + write(folder.resolve("m2/delta-spark_4.1.jar"), ""));
        write(
                clone.resolve("gpu-trainer/target/submit.classpath"),
                write(folder.resolve("m2/picocli.jar"), "") + ":" + write(folder.resolve("m2/slf4j.jar"), ""));
        script(folder.resolve("jdk/bin/java"), """
                if [ "$1" = -version ]; then echo "openjdk version \\"${FAKE_JAVA:-17.0.15}\\"" >&2; exit 0; fi
                printf '%s\\n' "$@"
                echo "log $PEREGRINE_LOG"; echo "ip ${SPARK_LOCAL_IP:-none}"; pwd
                exit "${FAKE_EXIT:-0}"
                """);
        script(folder.resolve("bin/mvn"), """
                echo "mvn $*" >>"$FAKE_LOG"
                case "$*" in
                    *corpora*) mkdir -p work/corpora/web && : >work/corpora/web/a.jar ;;
                    *) echo '[ERROR] Foo.java:[3,1] cannot find symbol'; exit "${FAKE_MVN_EXIT:-0}" ;;
                esac
                """);
        environment.put("JAVA_HOME", folder.resolve("jdk").toString());
        environment.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        environment.put("FAKE_LOG", folder.resolve("mvn.log").toString());
        long older = Instant.now().minusSeconds(60).toEpochMilli();
        for (String module : MODULES) {
            age(clone.resolve(module), older);
            Files.setLastModifiedTime(jar(module), FileTime.fromMillis(older + 10_000));
        }
        Files.setLastModifiedTime(clone.resolve("pom.xml"), FileTime.fromMillis(older));
    }

    @Test
    void runsTheClassOnTheEmbeddedSparkAndHandsBackItsExitCode() throws Exception {
        environment.put("FAKE_EXIT", "7");
        Outcome outcome = launch("run", "my run.yaml", "--set", "seed=7");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.out().lines())
                .containsSequence(
                        "-Dspark.master=local[*]",
                        "io.peregrine.cli.Peregrine",
                        "run",
                        "my run.yaml",
                        "--set",
                        "seed=7");
        assertThat(outcome.out())
                .contains(
                        "-XX:MaxRAMPercentage=50",
                        "@" + clone + "/conf/jvm.options",
                        "log " + clone + "/target/logs/",
                        "ip 127.0.0.1");
        assertThat(mavenCalls()).isEmpty();
    }

    @Test
    void sparksOptionsBecomeSystemProperties() throws Exception {
        Outcome outcome = launch(
                "--master",
                "local[2]",
                "--conf",
                "spark.a=b=c",
                "--driver-memory",
                "3g",
                "--executor-memory=1g",
                "ingest");
        assertThat(outcome.out().lines())
                .contains("-Xmx3g")
                .containsSequence(
                        "-Dspark.master=local[2]",
                        "-Dspark.a=b=c",
                        "-Dspark.driver.memory=3g",
                        "-Dspark.executor.memory=1g",
                        "io.peregrine.cli.Peregrine",
                        "ingest");
    }

    @Test
    void whatOnlySparkSubmitUnderstandsGoesThroughIt() throws Exception {
        Outcome outcome = launch("--packages", "a:b:1", "--jars", "x.jar", "ingest");
        assertThat(outcome.out().lines())
                .containsSequence(
                        "org.apache.spark.deploy.SparkSubmit",
                        "--class",
                        "io.peregrine.cli.Peregrine",
                        "--jars",
                        "x.jar")
                .containsSequence(
                        "--master",
                        "local[*]",
                        "--packages",
                        "a:b:1",
                        jar("gpu-trainer").toString(),
                        "ingest");
    }

    @Test
    void clusterIsSentOurJars() throws Exception {
        Outcome outcome = launch("--master", "spark://h:7077", "ingest");
        assertThat(outcome.out())
                .contains(
                        "org.apache.spark.deploy.SparkSubmit",
                        "m2/picocli.jar,",
                        "m2/slf4j.jar,",
                        "m2/delta-spark_4.1.jar\n")
                .contains("ip none");
    }

    @Test
    void givenSparkIsSubmittedToWithWhatItLacks() throws Exception {
        script(folder.resolve("spark/bin/spark-submit"), "printf '%s\\n' submit \"$@\"");
        write(folder.resolve("spark/jars/slf4j.jar"), "");
        environment.put("SPARK_HOME", folder.resolve("spark").toString());
        Outcome outcome = launch("--master", "yarn", "filter", "x.yaml");
        assertThat(outcome.out().lines())
                .containsSequence("submit", "--class", "io.peregrine.cli.Peregrine", "--jars")
                .containsSequence("--master", "yarn", jar("gpu-trainer").toString(), "filter", "x.yaml");
        assertThat(outcome.out()).contains("picocli.jar").doesNotContain("slf4j.jar");
    }

    @Test
    void newerSourceIsBuiltOnce() throws Exception {
        write(clone.resolve("rewrite-jobs/src/main/java/B.java"), "");
        Outcome outcome = launch("--version");
        assertThat(outcome.err()).contains("building, once");
        assertThat(mavenCalls()).singleElement().asString().contains("-DskipTests package");
        // The fake build leaves the jars as they are, as the real one does when it finds nothing to change.
        assertThat(launch("--version").err()).isEmpty();
        assertThat(mavenCalls()).hasSize(1);
    }

    @Test
    void movedCloneIsBuiltAgain() throws Exception {
        Path moved = folder.resolve("moved");
        Files.move(clone, moved);
        clone = moved;
        launch("--version");
        assertThat(mavenCalls()).hasSize(1);
    }

    @Test
    void failedBuildShowsItsErrorsAndItsLog() throws Exception {
        write(clone.resolve("gpu-trainer/src/main/java/B.java"), "");
        environment.put("FAKE_MVN_EXIT", "1");
        Outcome outcome = launch("--version");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("cannot find symbol", "the build failed; its log is " + clone + "/target/logs/build.log");
        assertThat(outcome.out()).isEmpty();
        assertThat(launch("--version").exitCode()).as("and is tried again").isEqualTo(1);
    }

    @Test
    void otherJavaIsRefusedWithTheCure() throws Exception {
        environment.put("FAKE_JAVA", "21.0.2");
        Outcome outcome = launch("--version");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("is Java 21.0.2", "needs Java 17", "point JAVA_HOME at it");
    }

    @Test
    void unknownOptionIsRefused() throws Exception {
        Outcome outcome = launch("--mastr", "local", "ingest");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("unknown option before the command: --mastr");
    }

    @Test
    void settingThatIsNotSparksIsRefused() throws Exception {
        Outcome outcome = launch("--conf", "seed=7", "run");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("--conf seed=7: Spark's settings begin with 'spark.'");
    }

    @Test
    void quickstartFetchesItsCorporaWhenTheyAreMissing() throws Exception {
        assertThat(launch("quickstart").out()).contains("\n" + clone + "\n");
        assertThat(mavenCalls()).singleElement().asString().contains("dependency:copy@corpora", "work/corpora");
        launch("quickstart");
        assertThat(mavenCalls()).as("they are there").hasSize(1);
        Files.delete(clone.resolve("work/corpora/web/a.jar"));
        launch("quickstart");
        assertThat(mavenCalls()).as("one was deleted").hasSize(2);
    }

    @Test
    void corporaThatAreNoLongerPinnedGo() throws Exception {
        launch("quickstart");
        Path list = clone.resolve("work/corpora/.fetched");
        Files.writeString(list, Files.readString(list) + "./old.jar\n");
        Path old = write(clone.resolve("work/corpora/old.jar"), "");
        Path own = write(clone.resolve("work/corpora/own.jsonl"), "");
        age(list, Instant.now().minusSeconds(3600).toEpochMilli());
        launch("quickstart");
        assertThat(mavenCalls()).as("the pom is newer").hasSize(2);
        assertThat(old).doesNotExist();
        assertThat(own).exists();
    }

    @Test
    void worksThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a clone/peregrine"));
        assertThat(execute(link, "--version").out()).contains(jar("gpu-trainer").toString());
    }

    private Outcome launch(String... args) throws IOException, InterruptedException {
        return execute(clone.resolve("peregrine"), args);
    }

    private Outcome execute(Path launcher, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(args));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        List.of("SPARK_HOME", "SPARK_LOCAL_IP", "PEREGRINE_LOG", "PEREGRINE_MEMORY", "PEREGRINE_MAVEN")
                .forEach(process.environment()::remove);
        process.environment().putAll(environment);
        int exitCode = process.start().waitFor();
        return new Outcome(exitCode, Files.readString(out), Files.readString(err));
    }

    private List<String> mavenCalls() throws IOException {
        Path log = folder.resolve("mvn.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    private Path jar(String module) {
        return clone.resolve(module + "/target/" + module + "-0.1.0.jar");
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void script(Path file, String body) throws IOException {
        write(file, "#!/usr/bin/env bash\n" + body);
        file.toFile().setExecutable(true);
    }

    private static void age(Path root, long millis) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
            }
        }
    }
}
