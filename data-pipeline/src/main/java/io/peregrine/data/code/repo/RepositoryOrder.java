package io.peregrine.data.code.repo;

import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.text.UnicodeText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order of a repository's files for a reader, after data-prep-kit's semantic ordering: documentation, build files, the
 * dominant language, other languages by their size, data; by path within each. But whatever a file imports comes before
 * it, and files that import each other stand together.
 */
public final class RepositoryOrder {
    private static final Set<String> BUILD_LANGUAGES = Set.of(
            "makefile",
            "cmake",
            "dockerfile",
            "gradle",
            "meson",
            "bazel",
            "ninja",
            "go-module",
            "autoconf",
            "dune",
            "opam",
            "nix",
            "pkg-info");
    private static final Set<String> BUILD_NAMES = Set.of(
            "package.json",
            "pom.xml",
            "setup.py",
            "setup.cfg",
            "pyproject.toml",
            "cargo.toml",
            "build.sbt",
            "mix.exs",
            "gemfile",
            "rakefile",
            "composer.json",
            "build.gradle.kts",
            "settings.gradle.kts",
            "requirements.txt",
            "build.zig",
            "package.swift",
            "pubspec.yaml",
            "tsconfig.json",
            "stack.yaml",
            "makefile.pl",
            "build.pl");

    private static final int CODE = 3;

    private final Imports imports = new Imports();

    /** The files that are kept of too many: the first by documentation, build files, dominant language, others. */
    List<RepositoryFile> first(List<RepositoryFile> files, int filesMax) {
        List<RepositoryFile> ranked = ranked(files);
        return ranked.size() <= filesMax ? ranked : ranked.subList(0, filesMax);
    }

    /**
     * Puts files in order.
     *
     * @param files in any order, their paths different
     */
    public List<RepositoryFile> order(List<RepositoryFile> files) {
        List<RepositoryFile> ranked = ranked(files);
        List<RepositoryFile> byPath = new ArrayList<>(files);
        byPath.sort(Comparator.comparing(RepositoryFile::path));
        Map<String, Integer> ranks = new HashMap<>();
        for (int i = 0; i < ranked.size(); i++) {
            ranks.put(ranked.get(i).path(), i);
        }
        ImportResolver resolver = new ImportResolver(byPath);
        List<List<Integer>> needs = new ArrayList<>();
        for (int i = 0; i < ranked.size(); i++) {
            needs.add(List.of());
        }
        for (int i = 0; i < byPath.size(); i++) {
            RepositoryFile file = byPath.get(i);
            needs.set(
                    ranks.get(file.path()),
                    resolver.resolve(i, imports.of(file)).stream()
                            .map(needed -> ranks.get(byPath.get(needed).path()))
                            .toList());
        }
        return DependencyOrder.of(needs).stream().map(ranked::get).toList();
    }

    private static List<RepositoryFile> ranked(List<RepositoryFile> files) {
        Map<String, Long> sizes = new HashMap<>();
        files.forEach(file -> sizes.merge(file.language(), (long) file.text().length(), Long::sum));
        List<RepositoryFile> ranked = new ArrayList<>(files);
        ranked.sort(Comparator.comparingInt(RepositoryOrder::group)
                .thenComparing(file -> group(file) < CODE ? 0L : -sizes.get(file.language()))
                .thenComparing(file -> group(file) < CODE ? "" : file.language())
                .thenComparing(RepositoryFile::path));
        return ranked;
    }

    private static int group(RepositoryFile file) {
        String name = UnicodeText.lower(file.path().substring(file.path().lastIndexOf('/') + 1));
        if (name.startsWith("readme")) {
            return 0;
        }
        if (BUILD_NAMES.contains(name) || BUILD_LANGUAGES.contains(file.language())) {
            return 2;
        }
        CodeLanguage.Kind kind =
                CodeLanguages.named(file.language()).map(CodeLanguage::kind).orElse(CodeLanguage.Kind.DATA);
        return switch (kind) {
            case PROSE -> 1;
            case CODE -> CODE;
            case MARKUP -> CODE + 1;
            case DATA -> CODE + 2;
        };
    }
}
