package io.peregrine.data.code.repo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The paths of a repository, by every ending that begins at a folder. */
final class PathIndex {
    private static final int CANDIDATES_MAX = 64;
    private static final int DEPTH_MAX = 32;

    private final Map<String, Integer> whole = new HashMap<>();
    private final Map<String, List<Integer>> endings = new HashMap<>();
    private final Map<String, List<Integer>> folders = new HashMap<>();
    private final TreeMap<String, List<String>> folderEndings = new TreeMap<>();
    private final List<String> paths;

    /** @param paths sorted */
    PathIndex(List<String> paths) {
        this.paths = paths;
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            whole.put(path, i);
            folders.computeIfAbsent(folder(path), folder -> new ArrayList<>()).add(i);
            String ending = path;
            for (int depth = 0; depth < DEPTH_MAX; depth++) {
                List<Integer> list = endings.computeIfAbsent(ending, e -> new ArrayList<>(1));
                if (list.size() < CANDIDATES_MAX) {
                    list.add(i);
                }
                int slash = ending.indexOf('/');
                if (slash < 0) {
                    break;
                }
                ending = ending.substring(slash + 1);
            }
        }
        folders.keySet().stream().sorted().forEach(this::indexFolder);
    }

    private void indexFolder(String folder) {
        String ending = folder;
        for (int depth = 0; depth < DEPTH_MAX; depth++) {
            folderEndings.computeIfAbsent(ending, e -> new ArrayList<>(1)).add(folder);
            int slash = ending.indexOf('/');
            if (slash < 0) {
                return;
            }
            ending = ending.substring(slash + 1);
        }
    }

    /** The file with this path; {@code .} and {@code ..} are resolved. */
    Optional<Integer> at(String path) {
        return Optional.ofNullable(whole.get(normal(path)));
    }

    /** The file whose path ends so and has most folders in common with another; the first of several. */
    Optional<Integer> endingWith(String ending, String near) {
        int best = -1;
        int bestShared = -1;
        for (int candidate : endings.getOrDefault(ending, List.of())) {
            int shared = shared(paths.get(candidate), near);
            if (shared > bestShared) {
                best = candidate;
                bestShared = shared;
            }
        }
        return best < 0 ? Optional.empty() : Optional.of(best);
    }

    /** The files directly in the folder whose path ends so; of several folders the first. */
    List<Integer> inFolder(String ending) {
        List<String> candidates = folderEndings.get(ending);
        return candidates == null ? List.of() : folders.get(candidates.get(0));
    }

    static String folder(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    /** A path below a folder. */
    static String below(String folder, String path) {
        return folder.isEmpty() ? path : folder + "/" + path;
    }

    private static String normal(String path) {
        if (!path.contains("./") && !path.endsWith("/.") && !path.endsWith("..") && !path.contains("//")) {
            return path;
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return "..";
                }
                parts.remove(parts.size() - 1);
            } else if (!part.equals(".") && !part.isEmpty()) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private static int shared(String a, String b) {
        int shared = 0;
        for (int i = 0; i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i); i++) {
            shared += a.charAt(i) == '/' ? 1 : 0;
        }
        return shared;
    }
}
