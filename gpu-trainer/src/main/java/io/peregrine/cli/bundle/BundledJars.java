package io.peregrine.cli.bundle;

import io.peregrine.data.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which jars of a class path the trainer needs: all but Spark's and what only Spark and the data jobs use. Delta Kernel, which
 * reads the shards, asks for delta-storage and jts.
 */
final class BundledJars {
    private static final Pattern LEFT_OUT = Pattern.compile(
            "(spark-|delta-spark|delta-contribs|scala-|scala3|chill|kryo|hive-|orc-|rocksdbjni|netty-|zookeeper|"
                    + "curator-|jersey-|jakarta\\.|hk2-|osgi-|aopalliance|janino|commons-compiler|json4s|arrow-|datasketches|"
                    + "leveldbjni|breeze|py4j|pickle|univocity|avro|antlr|stream-|metrics-|jline|tink|ivy|xbean|"
                    + "lucene|opennlp|icu4j|aparapi|re2j|jsoup|jwarc|openai-java|okhttp|okio|kotlin-|swagger-).*\\.jar");

    private BundledJars() {}

    /**
     * The jars, each once, in the class path's order.
     *
     * @throws DataException if an entry of ours is a folder of classes, as when an IDE runs the program
     */
    static List<Path> of(String[] classPath) {
        Set<Path> jars = new LinkedHashSet<>(); // the launcher's class path may name a jar twice
        for (String entry : classPath) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                throw new DataException(
                        "%s: a bundle is made of jars; run this command by the launcher ./peregrine".formatted(path));
            }
            if (entry.endsWith(".jar")
                    && Files.isRegularFile(path)
                    && !LEFT_OUT.matcher(path.getFileName().toString()).matches()) {
                jars.add(path);
            }
        }
        return List.copyOf(jars);
    }
}
