package io.peregrine.cli.bundle;

import io.peregrine.data.DataException;
import io.peregrine.data.MachineException;
import io.peregrine.data.config.ShippedFiles;
import io.peregrine.trainer.cuda.CudaLibrary;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * A folder {@value #FOLDER} with {@code runtime} (a Java runtime by jlink), {@code jars}, {@code conf} and the launcher
 * {@code peregrine}, as a compressed archive.
 *
 * <p>The same build gives the same bytes: entries are sorted and have no times.
 */
public final class TrainerBundle {
    static final String FOLDER = "peregrine-trainer";

    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;

    /** What the trainer's libraries ask for, seen by running them. */
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.compiler",
            "java.desktop",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.rmi",
            "java.scripting",
            "java.security.jgss",
            "java.security.sasl",
            "java.sql",
            "java.xml",
            "jdk.charsets",
            "jdk.crypto.ec",
            "jdk.httpserver",
            "jdk.management",
            "jdk.security.auth",
            "jdk.unsupported",
            "jdk.zipfs");

    private static final String LAUNCHER = """
            #!/bin/sh
            # Peregrine's trainer without Spark: ./peregrine COMMAND [ARGUMENTS]
            #
            #   PEREGRINE_MEMORY  heap, such as 16g; without it, half of the memory
            here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd -P)
            export PEREGRINE_HOME="$here"
            if [ -n "${PEREGRINE_MEMORY:-}" ]; then heap=-Xmx$PEREGRINE_MEMORY; else heap=-XX:MaxRAMPercentage=50; fi
            exec "$here/runtime/bin/java" "$heap" "@$here/conf/jvm.options" -cp "$here/jars/*" %s "$@"
            """;

    private TrainerBundle() {}

    /**
     * What an archive has.
     *
     * @param bytes of the archive
     * @param jars in it
     * @param kernels whether the build has the CUDA kernels
     */
    public record Contents(long bytes, int jars, boolean kernels) {}

    /**
     * Writes an archive, whole or not at all.
     *
     * @param mainClass what its launcher runs
     * @throws DataException if this process does not run from jars
     * @throws MachineException if the JDK cannot make a runtime
     */
    public static Contents write(Path archive, String mainClass) {
        List<Path> jars = BundledJars.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
        Path temporary = null;
        try {
            temporary = Files.createTempDirectory("peregrine-bundle-");
            Path folder = temporary.resolve(FOLDER);
            makeRuntime(Files.createDirectories(folder).resolve("runtime"));
            Path jarFolder = Files.createDirectories(folder.resolve("jars"));
            for (Path jar : jars) {
                Files.copy(jar, jarFolder.resolve(jar.getFileName()));
            }
            copyConf(folder.resolve("conf"));
            Files.writeString(folder.resolve("peregrine"), LAUNCHER.formatted(mainClass));
            // packed beside the archive, so that there never is half of one
            Files.createDirectories(archive.toAbsolutePath().getParent());
            Path partial = archive.resolveSibling(archive.getFileName() + ".partial");
            pack(folder, partial);
            Files.move(partial, archive, StandardCopyOption.ATOMIC_MOVE);
            return new Contents(Files.size(archive), jars.size(), CudaLibrary.isBuilt());
        } catch (IOException e) {
            throw new DataException("%s: cannot be written: %s".formatted(archive, e), e);
        } finally {
            delete(temporary);
        }
    }

    private static void makeRuntime(Path target) {
        String cure = "install the whole JDK 17 (Debian: openjdk-17-jdk-headless), with its jmods";
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new MachineException("this Java has no jlink; " + cure));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int status = jlink.run(
                out,
                out,
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--add-modules",
                String.join(",", MODULES),
                "--output",
                target.toString());
        if (status != 0) {
            throw new MachineException(
                    "jlink failed: %s; %s".formatted(said.toString().strip(), cure));
        }
    }

    /** The settings that commands look for: JVM options and models. */
    private static void copyConf(Path target) throws IOException {
        Path conf = ShippedFiles.conf();
        if (!Files.isRegularFile(conf.resolve("jvm.options"))) {
            throw new DataException(
                    "%s: has no jvm.options; run this command by the launcher ./peregrine".formatted(conf));
        }
        Files.createDirectories(target.resolve("model"));
        Files.copy(conf.resolve("jvm.options"), target.resolve("jvm.options"));
        try (Stream<Path> models = Files.list(conf.resolve("model"))) {
            for (Path model :
                    models.filter(file -> file.toString().endsWith(".json")).toList()) {
                Files.copy(model, target.resolve("model").resolve(model.getFileName()));
            }
        }
    }

    private static void pack(Path folder, Path archive) throws IOException {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive));
                GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(file, new GzipParameters());
                TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, StandardCharsets.UTF_8.name());
                Stream<Path> walk = Files.walk(folder)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.getParent().relativize(path).toString();
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setSize(Files.size(path));
                entry.setModTime(0);
                entry.setMode(isExecutable(folder.relativize(path)) ? EXECUTABLE : PLAIN);
                tar.putArchiveEntry(entry);
                Files.copy(path, tar);
                tar.closeArchiveEntry();
            }
        }
    }

    private static boolean isExecutable(Path path) {
        return path.equals(Path.of("peregrine"))
                || path.startsWith(Path.of("runtime", "bin"))
                || path.equals(Path.of("runtime", "lib", "jspawnhelper"));
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new DataException("%s: cannot be removed: %s".formatted(folder, e), e);
        }
    }
}
