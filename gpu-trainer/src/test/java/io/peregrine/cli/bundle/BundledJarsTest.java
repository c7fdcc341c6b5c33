package io.peregrine.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledJarsTest {
    @TempDir
    Path folder;

    @Test
    void sparksJarsStayBehind() throws IOException {
        List<String> names = List.of(
                "gpu-trainer-0.1.0.jar",
                "delta-kernel-api-4.4.0.jar",
                "delta-storage-4.1.0.jar",
                "delta-spark_4.1_2.13-4.1.0.jar",
                "spark-sql_2.13-4.1.1.jar",
                "openai-java-core-4.101.0.jar",
                "parquet-hadoop-1.16.0.jar",
                "scala-library-2.13.17.jar",
                "hadoop-client-api-3.4.2.jar");
        String[] classPath = new String[names.size() + 1];
        for (int i = 0; i < names.size(); i++) {
            classPath[i] = Files.createFile(folder.resolve(names.get(i))).toString();
        }
        classPath[names.size()] = folder.resolve("gone.jar").toString();
        assertThat(BundledJars.of(classPath))
                .extracting(path -> path.getFileName().toString())
                .containsExactly(
                        "gpu-trainer-0.1.0.jar",
                        "delta-kernel-api-4.4.0.jar",
                        "delta-storage-4.1.0.jar",
                        "parquet-hadoop-1.16.0.jar",
                        "hadoop-client-api-3.4.2.jar");
    }

    @Test
    void aJarThatTheLauncherNamesTwiceIsThereOnce() throws IOException {
        String jar = Files.createFile(folder.resolve("data-pipeline-0.1.0.jar")).toString();
        assertThat(BundledJars.of(new String[] {jar, jar})).containsExactly(Path.of(jar));
    }

    @Test
    void aFolderOfClassesIsRefused() {
        assertThatThrownBy(() -> BundledJars.of(new String[] {folder.toString()}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a bundle is made of jars; run this command by the launcher ./peregrine");
    }
}
