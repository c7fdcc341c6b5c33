package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ShortLivedJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Spark's standalone cluster on this machine: a master and workers in JVMs of their own, from the test's class path. */
final class StandaloneCluster implements AutoCloseable {
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final Path JVM_OPTIONS =
            Path.of("..", "conf", "jvm.options").toAbsolutePath().normalize();

    /** Spark writes its log to the console, and so into files of ours, unless it finds settings in the environment. */
    private static final String LOG_SETTINGS = "LOG4J_CONFIGURATION_FILE";

    private static final long SECONDS_MAX = 60;
    private static final long SUBMIT_MINUTES_MAX = 10;

    private final Path folder;
    private final Path home;
    private final int port;
    private final int webPort;
    private final List<Process> processes = new ArrayList<>();

    private StandaloneCluster(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.home = sparkHome(folder.resolve("spark"));
        this.port = freePort();
        this.webPort = freePort();
    }

    /** Starts a master and workers of one core each, and waits until all have met. */
    static StandaloneCluster start(Path folder, int workers) throws IOException, InterruptedException {
        return start(folder, workers, List.of());
    }

    /**
     * Starts a master and workers of one core each that offer GPUs too.
     *
     * @param gpus their addresses, the same for every worker; Spark believes whoever names them
     */
    static StandaloneCluster start(Path folder, int workers, List<String> gpus)
            throws IOException, InterruptedException {
        StandaloneCluster cluster = new StandaloneCluster(folder);
        try {
            List<String> workerOptions = new ArrayList<>(List.of("-Xmx256m"));
            if (!gpus.isEmpty()) {
                workerOptions.add("-Dspark.worker.resource.gpu.amount=" + gpus.size());
                workerOptions.add(
                        "-Dspark.worker.resource.gpu.discoveryScript=" + discoveryScript(cluster.folder, gpus));
            }
            cluster.launch(
                    "master",
                    List.of("-Xmx256m"),
                    "org.apache.spark.deploy.master.Master",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    String.valueOf(cluster.port),
                    "--webui-port",
                    String.valueOf(cluster.webPort));
            cluster.await("\"aliveworkers\" : 0");
            for (int worker = 0; worker < workers; worker++) {
                cluster.launch(
                        "worker-" + worker,
                        workerOptions,
                        "org.apache.spark.deploy.worker.Worker",
                        "--host",
                        "127.0.0.1",
                        "--cores",
                        "1",
                        "--memory",
                        "1500m",
                        "--webui-port",
                        "0",
                        "--work-dir",
                        folder.resolve("work-" + worker).toString(),
                        cluster.master());
            }
            cluster.await("\"aliveworkers\" : " + workers);
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    /** Address of the master. */
    String master() {
        return "spark://127.0.0.1:" + port;
    }

    /** Runs a peregrine command by plain spark-submit in client mode; returns what was printed. */
    String submit(String log, String... arguments) throws IOException, InterruptedException {
        return submit(log, Map.of(), arguments);
    }

    /** The same with settings of Spark. */
    String submit(String log, Map<String, String> settings, String... arguments)
            throws IOException, InterruptedException {
        List<String> submit = new ArrayList<>(List.of(
                "--master",
                master(),
                "--conf",
                "spark.executor.memory=1g",
                "--conf",
                "spark.driver.host=127.0.0.1",
                "--conf",
                "spark.executor.extraClassPath=" + CLASS_PATH,
                "--conf",
                "spark.executor.extraJavaOptions=" + String.join(" ", ShortLivedJvm.ARGUMENTS),
                // Small tables: a cluster's defaults are for large ones.
                "--conf",
                "spark.sql.shuffle.partitions=8",
                "--conf",
                "spark.databricks.delta.snapshotPartitions=2"));
        settings.forEach((key, value) -> submit.addAll(List.of("--conf", key + "=" + value)));
        submit.addAll(List.of("--class", "io.peregrine.cli.Peregrine", "spark-internal"));
        submit.addAll(List.of(arguments));
        Process process =
                launch(log, List.of("-Xmx1g"), "org.apache.spark.deploy.SparkSubmit", submit.toArray(String[]::new));
        assertThat(process.waitFor(SUBMIT_MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
        String printed = Files.readString(folder.resolve(log + ".log"));
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    /** Folders in which workers have run executors: one for each executor. */
    List<Path> executors() throws IOException {
        try (var paths = Files.find(
                folder, 4, (path, facts) -> path.getFileName().toString().equals("stderr"))) {
            return paths.toList();
        }
    }

    /** What a worker has told of itself and of the executors that it ran. */
    String workerLog(int worker) throws IOException {
        return Files.readString(folder.resolve("worker-" + worker + ".log"));
    }

    /** Kills one executor, as SIGKILL does, as soon as a file is there. */
    Thread killAnExecutorOnce(Path file) {
        Thread killer = new Thread(() -> {
            try {
                while (!Files.exists(file)) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            processes.stream()
                    .flatMap(Process::descendants)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no executor runs"))
                    .destroyForcibly();
        });
        killer.setDaemon(true);
        killer.start();
        return killer;
    }

    private Process launch(String name, List<String> options, String mainClass, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "@" + JVM_OPTIONS));
        command.addAll(ShortLivedJvm.ARGUMENTS);
        command.addAll(options);
        command.addAll(List.of("-cp", CLASS_PATH, mainClass));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().remove(LOG_SETTINGS);
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME", home.toString(),
                        "SPARK_SCALA_VERSION", "2.13",
                        "SPARK_LOCAL_IP", "127.0.0.1",
                        "RUST_FLAVOR", "cpu"));
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Waits until the master's own account of the cluster says so. */
    private void await(String wanted) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webPort + "/json/"))
                .build();
        String seen = "";
        for (long tries = 0; tries < SECONDS_MAX * 5; tries++) {
            try {
                seen = client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
                if (seen.contains(wanted)) {
                    return;
                }
            } catch (java.net.ConnectException e) {
                seen = "nobody listens yet";
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new AssertionError("the master never said %s but: %s%n%s"
                .formatted(wanted, seen, Files.readString(folder.resolve("master.log"))));
    }

    /** What a worker needs of a Spark installation: the jars. */
    private static Path sparkHome(Path home) throws IOException {
        Path jars = Files.createDirectories(home.resolve("jars"));
        Files.writeString(home.resolve("RELEASE"), "");
        for (String entry : CLASS_PATH.split(java.io.File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (entry.endsWith(".jar") && !Files.exists(jars.resolve(path.getFileName()))) {
                Files.createSymbolicLink(jars.resolve(path.getFileName()), path.toAbsolutePath());
            }
        }
        return home;
    }

    /** What tells a worker which GPUs it has. */
    private static Path discoveryScript(Path folder, List<String> gpus) throws IOException {
        String addresses = gpus.stream().map(gpu -> "\"" + gpu + "\"").collect(Collectors.joining(", "));
        Path script = folder.resolve("gpus.sh");
        Files.writeString(script, """
                #!/bin/sh
                echo '{"name": "gpu", "addresses": [%s]}'
                """.formatted(addresses));
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
