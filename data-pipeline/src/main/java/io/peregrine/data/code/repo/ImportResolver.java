package io.peregrine.data.code.repo;

import io.peregrine.data.code.repo.Imports.Import;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the files of a repository that an import means. What is not in the repository is passed over. */
final class ImportResolver {
    private static final String[] SCRIPTS = {
        "", ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", "/index.ts", "/index.js", "/index.tsx"
    };
    private static final String[] STYLES = {"", ".scss", ".css", ".less", "/_index.scss", "/index.scss"};
    private static final int FOLDER_FILES_MAX = 100;

    private final List<RepositoryFile> files;
    private final PathIndex index;

    /** @param files sorted by path */
    ImportResolver(List<RepositoryFile> files) {
        this.files = files;
        this.index = new PathIndex(files.stream().map(RepositoryFile::path).toList());
    }

    /** The files that a file needs, by position; itself left out. */
    List<Integer> resolve(int importer, List<Import> imports) {
        RepositoryFile file = files.get(importer);
        TreeSet<Integer> needed = new TreeSet<>();
        for (Import wanted : imports) {
            needed.addAll(
                    switch (file.language()) {
                        case "java", "kotlin", "scala", "groovy" -> packaged(file, wanted.target());
                        case "python", "cython" -> python(file, wanted);
                        case "javascript", "typescript" -> relative(file, wanted.target(), SCRIPTS);
                        case "c", "cpp", "cuda", "objectivec" -> beside(file, wanted.target());
                        case "go" -> go(file, wanted.target());
                        case "rust" -> rust(file, wanted.target());
                        case "ruby" -> beside(file, withEnding(wanted.target(), ".rb"));
                        case "php" -> php(file, wanted.target());
                        case "haskell" -> ending(file, wanted.target().replace('.', '/') + ".hs");
                        case "lua" -> ending(file, wanted.target().replace('.', '/') + ".lua");
                        case "css", "scss", "less" -> style(file, wanted.target());
                        default -> beside(file, wanted.target());
                    });
        }
        needed.remove(importer);
        return new ArrayList<>(needed);
    }

    private List<Integer> packaged(RepositoryFile file, String target) {
        String ending = file.path().substring(file.path().lastIndexOf('.') + 1);
        String name = target.replaceAll("\\.[*_]$", "").replace('.', '/');
        boolean wildcard = target.endsWith("*") || target.endsWith("_");
        for (int strip = 0; strip < 3 && !name.isEmpty(); strip++) {
            for (String extension : new String[] {"." + ending, ".java", ".kt", ".scala"}) {
                Optional<Integer> found = index.endingWith(name + extension, file.path());
                if (found.isPresent()) {
                    return List.of(found.get());
                }
            }
            if (wildcard && strip == 0) {
                List<Integer> all = sameLanguage(file, index.inFolder(name));
                if (!all.isEmpty()) {
                    return all;
                }
            }
            name = PathIndex.folder(name);
        }
        return List.of();
    }

    private List<Integer> python(RepositoryFile file, Import wanted) {
        String target = wanted.target();
        int dots = 0;
        while (dots < target.length() && target.charAt(dots) == '.') {
            dots++;
        }
        String rest = target.substring(dots).replace('.', '/');
        List<Integer> found = new ArrayList<>();
        if (wanted.names().isEmpty() && dots == 0) {
            for (String module : target.split(",")) {
                String name = module.strip().replaceAll("\\s.*", "").replace('.', '/');
                module(file, name).ifPresent(found::add);
            }
            return found;
        }
        String folder = PathIndex.folder(file.path());
        for (int up = 1; up < dots; up++) {
            folder = PathIndex.folder(folder);
        }
        String base = dots == 0 ? rest : rest.isEmpty() ? folder : PathIndex.below(folder, rest);
        for (String part : wanted.names().split(",")) {
            String name = part.strip().replaceAll("\\s.*", "");
            Optional<Integer> module = name.isEmpty() || name.equals("*")
                    ? Optional.empty()
                    : dots == 0 ? module(file, base + "/" + name) : exact(PathIndex.below(base, name));
            module.ifPresent(found::add);
        }
        if (found.isEmpty()) {
            (dots == 0 ? module(file, base) : exact(base)).ifPresent(found::add);
        }
        return found;
    }

    private Optional<Integer> module(RepositoryFile file, String name) {
        return name.isEmpty()
                ? Optional.empty()
                : index.endingWith(name + ".py", file.path())
                        .or(() -> index.endingWith(name + "/__init__.py", file.path()))
                        .or(() -> index.endingWith(name + ".pyi", file.path()));
    }

    private Optional<Integer> exact(String name) {
        return index.at(name + ".py")
                .or(() -> index.at(PathIndex.below(name, "__init__.py")))
                .or(() -> index.at(name + ".pyi"));
    }

    private List<Integer> relative(RepositoryFile file, String target, String[] endings) {
        if (!target.startsWith(".")) {
            return List.of();
        }
        String path = PathIndex.below(PathIndex.folder(file.path()), target);
        String bare = path.replaceAll("\\.[cm]?jsx?$", "");
        for (String candidate : new String[] {path, bare}) {
            for (String ending : endings) {
                Optional<Integer> found = index.at(candidate + ending);
                if (found.isPresent()) {
                    return List.of(found.get());
                }
            }
        }
        return List.of();
    }

    /** Relative to the file's folder, else anywhere in the repository. */
    private List<Integer> beside(RepositoryFile file, String target) {
        Optional<Integer> near = index.at(PathIndex.below(PathIndex.folder(file.path()), target));
        return near.or(() -> index.endingWith(target, file.path()))
                .map(List::of)
                .orElse(List.of());
    }

    private List<Integer> ending(RepositoryFile file, String target) {
        return index.endingWith(target, file.path()).map(List::of).orElse(List.of());
    }

    /** A package is a folder: the longest ending of the import path that is one, with two names at least or at the root. */
    private List<Integer> go(RepositoryFile file, String target) {
        if (target.indexOf('.') < 0 || target.indexOf('/') < 0) {
            return List.of();
        }
        String ending = target.substring(target.indexOf('/') + 1);
        while (true) {
            List<Integer> found = sameLanguage(file, index.inFolder(ending));
            if (!found.isEmpty() && !PathIndex.folder(file.path()).endsWith(ending)) {
                return found.stream()
                        .filter(i -> !files.get(i).path().endsWith("_test.go"))
                        .toList();
            }
            int slash = ending.indexOf('/');
            if (slash < 0) {
                return List.of();
            }
            ending = ending.substring(slash + 1);
        }
    }

    private List<Integer> rust(RepositoryFile file, String target) {
        String folder = PathIndex.folder(file.path());
        String name = file.path().substring(folder.isEmpty() ? 0 : folder.length() + 1);
        boolean root = name.equals("mod.rs") || name.equals("lib.rs") || name.equals("main.rs");
        String own = root ? folder : PathIndex.below(folder, name.replaceAll("\\.rs$", ""));
        if (target.startsWith("mod ")) {
            return rustModule(own, target.substring(4).strip());
        }
        String[] parts = target.split("::");
        String base = parts[0].equals("crate") ? crate(folder) : parts[0].equals("self") ? own : PathIndex.folder(own);
        String path = String.join("/", List.of(parts).subList(1, parts.length));
        while (!path.isEmpty()) {
            List<Integer> found = rustModule(base, path);
            if (!found.isEmpty()) {
                return found;
            }
            path = PathIndex.folder(path);
        }
        return List.of();
    }

    private List<Integer> rustModule(String folder, String name) {
        String path = PathIndex.below(folder, name);
        return index.at(path + ".rs")
                .or(() -> index.at(path + "/mod.rs"))
                .map(List::of)
                .orElse(List.of());
    }

    private String crate(String folder) {
        String at = folder;
        while (!at.isEmpty()
                && index.at(at + "/lib.rs").isEmpty()
                && index.at(at + "/main.rs").isEmpty()) {
            at = PathIndex.folder(at);
        }
        return at.isEmpty() ? folder : at;
    }

    private List<Integer> php(RepositoryFile file, String target) {
        if (target.endsWith(".php")) {
            return beside(file, target.startsWith("/") ? target.substring(1) : target);
        }
        String ending = target.replace('\\', '/') + ".php";
        while (true) {
            Optional<Integer> found = index.endingWith(ending, file.path());
            int slash = ending.indexOf('/');
            if (found.isPresent() || slash < 0) {
                return found.map(List::of).orElse(List.of());
            }
            ending = ending.substring(slash + 1);
        }
    }

    private List<Integer> style(RepositoryFile file, String target) {
        String folder = PathIndex.folder(file.path());
        int slash = target.lastIndexOf('/');
        String partial = target.substring(0, slash + 1) + "_" + target.substring(slash + 1);
        for (String name : new String[] {target, partial}) {
            for (String ending : STYLES) {
                Optional<Integer> found = index.at(PathIndex.below(folder, name + ending));
                if (found.isPresent()) {
                    return List.of(found.get());
                }
            }
        }
        return List.of();
    }

    private List<Integer> sameLanguage(RepositoryFile file, List<Integer> candidates) {
        return candidates.stream()
                .filter(i -> files.get(i).language().equals(file.language()))
                .limit(FOLDER_FILES_MAX)
                .toList();
    }

    private static String withEnding(String target, String ending) {
        return target.endsWith(ending) ? target : target + ending;
    }
}
