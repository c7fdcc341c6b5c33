package io.peregrine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.peregrine.data.manifest.RunLayout;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.manifest.StageManifest;
import io.peregrine.data.seed.SeedStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run on a disk that is full in the middle of a stage, and the same run once there is room: a file system in memory of a
 * few megabytes, which only the run's own process sees.
 */
@Tag("spark")
class FullDiskSparkTest {
    private static final int DOCUMENTS = 100;
    private static final int WORDS = 6_000;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    /** The documents, 5.4 MB of random letters that no codec makes smaller than 3.6, fit once and not twice. */
    private static final String ROOM = "7m";

    private static final String CANNOT_MOUNT = "77";

    /** $1 is the folder to mount on and $2 where the first run's manifests go; the rest is the command. */
    private static final String SCRIPT = """
            root=$1 kept=$2
            shift 2
            mount -t tmpfs -o size=%s tmpfs "$root" || exit %s
            "$@" >"$kept/first.log" 2>&1
            echo $? >"$kept/first.code"
            (cd "$root" && ls -d run/*/manifest.json) >"$kept/first.manifests"
            mount -o remount,size=512m "$root" || exit 3
            "$@" >"$kept/second.log" 2>&1
            echo $? >"$kept/second.code"
            cp -r "$root/run" "$kept/run"
            """.formatted(ROOM, CANNOT_MOUNT);

    @TempDir
    Path folder;

    private static String pages() {
        StringBuilder lines = new StringBuilder();
        SeedStream random = SeedStream.of(3);
        for (int page = 0; page < DOCUMENTS; page++) {
            lines.append("{\"text\": \"");
            for (int word = 0; word < WORDS; word++) {
                for (int letter = 0; letter < 8; letter++) {
                    lines.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
                }
                lines.append(' ');
            }
            lines.append("\"}\n");
        }
        return lines.toString();
    }

    private Path runFile() throws IOException {
        Path pages = Files.writeString(folder.resolve("pages.jsonl"), pages());
        return Files.writeString(folder.resolve("run.yaml"), """
                run: a full disk
                root: none
                seed: 7
                sources:
                  - {name: pages, kind: jsonl, domain: web, licence: none, language: en, paths: [%s]}
                filter: {english: {families: [language, text], profile: gopher}}
                mixture: {epochs: 1, streams: {web: {weight: 1.0}}}
                train: {model: %s, steps: 1}
                """.formatted(
                pages,
                Path.of("src", "test", "resources", "runs", "tiny-model.json").toAbsolutePath()));
    }

    private static boolean canMount(Path folder) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder("unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", folder.toString())
                    .redirectErrorStream(true)
                    .start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    @Test
    void oneLineSaysSoNothingHalfWrittenIsUsedAndARerunCompletes() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(canMount(disk), "this user may not mount a tmpfs in a name space of its own (unshare -Urm)");
        String runFile = runFile().toString();
        String[] here = {"run", runFile, "--set", "root=" + folder.resolve("here"), "--until", "filters"};
        RunProcess.start(2, folder.resolve("here.log"), here).finish(0);

        Path kept = Files.createDirectories(folder.resolve("kept"));
        List<String> command =
                new ArrayList<>(List.of("unshare", "-Urm", "sh", "-c", SCRIPT, "sh", disk.toString(), kept.toString()));
        command.addAll(
                RunProcess.command(2, "run", runFile, "--set", "root=" + disk.resolve("run"), "--until", "filters"));
        RunProcess.start(folder.resolve("script.log"), command).finish(0);

        String first = Files.readString(kept.resolve("first.log"));
        assertThat(Files.readString(kept.resolve("first.code"))).as(first).isEqualTo("2\n");
        assertThat(first.lines().filter(line -> line.startsWith("peregrine: ")))
                .singleElement()
                .asString()
                .startsWith("peregrine: 15-signals: a disk is full (No space left on device)")
                .contains(disk.resolve("run").toString(), "Make room", "run the same command again");
        assertThat(Files.readString(kept.resolve("first.manifests"))).isEqualTo("run/10-documents/manifest.json\n");

        String second = Files.readString(kept.resolve("second.log"));
        assertThat(Files.readString(kept.resolve("second.code"))).as(second).isEqualTo("0\n");
        assertThat(second).contains("10-documents: done before").doesNotContain("15-signals: done before");
        assertThat(digests(kept.resolve("run"))).isEqualTo(digests(folder.resolve("here")));
    }

    private static Map<String, String> digests(Path root) {
        Map<String, String> digests = new TreeMap<>();
        for (Stage stage : List.of(Stage.DOCUMENTS, Stage.SIGNALS, Stage.FILTERS)) {
            StageManifest.require(new RunLayout(root), stage)
                    .outputs()
                    .forEach((name, table) -> digests.put(stage.folder() + "/" + name, table.payloadDigest()));
        }
        return digests;
    }
}
