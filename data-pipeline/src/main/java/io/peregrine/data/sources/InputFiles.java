package io.peregrine.data.sources;

import io.peregrine.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the files that a source's paths name. */
public final class InputFiles {
    private static final String GLOB_CHARACTERS = "*?[{";

    private InputFiles() {}

    /**
     * The files of a source, each once, sorted by origin.
     *
     * <p>The files of a folder of program source are the tree of one repository, named as the folder; under a glob every
     * folder below its fixed part is one. Folders are walked; symbolic links to folders inside them are not followed, so a walk ends.
     *
     * @param base folder that relative paths start from
     * @throws DataException if a path does not exist or a glob matches nothing
     */
    public static List<InputFile> of(SourceConfig source, Path base) {
        TreeMap<String, InputFile> files = new TreeMap<>();
        for (String pattern : source.paths()) {
            int before = files.size();
            boolean repeated = false;
            try (Stream<Path> found = expand(pattern, base)) {
                for (Path path : (Iterable<Path>) found::iterator) {
                    String origin = origin(path, base);
                    repeated |= files.putIfAbsent(
                                    origin,
                                    new InputFile(source.name(), origin, repository(source, pattern, path, base), path))
                            != null;
                }
            } catch (IOException | UncheckedIOException e) {
                throw new DataException(
                        "source %s: path '%s' in %s cannot be listed: %s"
                                .formatted(source.name(), pattern, base, e.getMessage()),
                        e);
            }
            if (files.size() == before && !repeated) {
                throw new DataException(
                        "source %s: path '%s' names no file in %s; correct the path or bring the files there"
                                .formatted(source.name(), pattern, base));
            }
        }
        return List.copyOf(files.values());
    }

    private static String repository(SourceConfig source, String pattern, Path file, Path base) {
        if (source.kind() != SourceKind.CODE_ARCHIVE) {
            return "";
        }
        Path root = root(pattern, base);
        if (firstGlobCharacter(pattern) < 0) {
            // A working directory given as '.' has its name only when absolute.
            Path name = root.toAbsolutePath().normalize().getFileName();
            return root.equals(file) || name == null ? "" : name.toString();
        }
        Path below = root.relativize(file);
        return below.getNameCount() > 1 ? below.getName(0).toString() : "";
    }

    /** The folder or file that a pattern without its globs names. */
    private static Path root(String pattern, Path base) {
        int glob = firstGlobCharacter(pattern);
        if (glob < 0) {
            return base.resolve(pattern);
        }
        int slash = pattern.lastIndexOf('/', glob);
        return slash < 0 ? base : base.resolve(pattern.substring(0, Math.max(slash, 1)));
    }

    private static Stream<Path> expand(String pattern, Path base) throws IOException {
        int glob = firstGlobCharacter(pattern);
        if (glob < 0) {
            Path path = root(pattern, base);
            return Files.exists(path) ? walk(path) : Stream.empty();
        }
        int slash = pattern.lastIndexOf('/', glob);
        Path root = root(pattern, base);
        if (!Files.isDirectory(root)) {
            return Stream.empty();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(slash + 1));
        return walk(root).filter(path -> matcher.matches(root.relativize(path)));
    }

    private static Stream<Path> walk(Path path) throws IOException {
        return Files.walk(path).filter(Files::isRegularFile);
    }

    private static int firstGlobCharacter(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            if (GLOB_CHARACTERS.indexOf(pattern.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static String origin(Path path, Path base) {
        Path shown = path.startsWith(base) ? base.relativize(path) : path;
        return shown.toString().replace('\\', '/');
    }
}
