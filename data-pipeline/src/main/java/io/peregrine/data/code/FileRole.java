package io.peregrine.data.code;

import io.peregrine.data.text.UnicodeText;
import java.util.List;
import java.util.Set;

/** What a path says of a file. Paths have {@code /} between folders; case does not matter. */
final class FileRole {
    private static final Set<String> VENDOR_FOLDERS = Set.of(
            "node_modules",
            "bower_components",
            "jspm_packages",
            "vendor",
            "vendors",
            "vendored",
            "_vendor",
            "_vendored",
            "third_party",
            "third-party",
            "thirdparty",
            "3rdparty",
            "3rd_party",
            "3rd-party",
            "external",
            "externals",
            "extern",
            "godeps",
            "pods",
            "carthage",
            "site-packages",
            "dist-packages",
            "cargo-vendor",
            ".yarn");
    private static final Set<String> BUILD_FOLDERS =
            Set.of("dist", "build", "out", "_build", "target", "_site", ".next", "cmake-build-debug");
    private static final Set<String> TEST_FOLDERS = Set.of(
            "test",
            "tests",
            "testing",
            "testdata",
            "test-data",
            "test_data",
            "__tests__",
            "__snapshots__",
            "spec",
            "specs",
            "fixtures",
            "fixture",
            "e2e",
            "testthat",
            "integration-tests",
            "unittest",
            "unittests");
    private static final Set<String> LOCK_FILES = Set.of(
            "package-lock.json",
            "npm-shrinkwrap.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "bun.lockb",
            "deno.lock",
            "composer.lock",
            "gemfile.lock",
            "cargo.lock",
            "poetry.lock",
            "pdm.lock",
            "uv.lock",
            "pipfile.lock",
            "go.sum",
            "gopkg.lock",
            "glide.lock",
            "flake.lock",
            "mix.lock",
            "pubspec.lock",
            "podfile.lock",
            "packages.lock.json",
            "cartfile.resolved",
            "package.resolved",
            "conan.lock",
            "gradle.lockfile",
            ".terraform.lock.hcl");
    private static final List<String> GENERATED_ENDINGS = List.of(
            "_pb2.py",
            "_pb2.pyi",
            "_pb2_grpc.py",
            ".pb.go",
            ".pb.gw.go",
            "_grpc.pb.go",
            ".pb.h",
            ".pb.cc",
            ".pb.cpp",
            ".pb.c",
            "_pb.js",
            "_pb.d.ts",
            ".pb.swift",
            ".pb.dart",
            ".g.dart",
            ".freezed.dart",
            ".g.cs",
            ".g.i.cs",
            ".designer.cs",
            ".designer.vb",
            ".generated.cs",
            ".generated.ts",
            ".generated.go",
            "_generated.go",
            "_generated.rs",
            ".generated.h",
            "_string.go",
            ".yy.c",
            ".yy.cc",
            ".tab.c",
            ".tab.h",
            "_wrap.c",
            "_wrap.cpp",
            "_wrap.cxx",
            ".map",
            "bindata.go",
            "moc.cpp",
            ".min.js.map",
            "outerclass.java",
            "assemblyinfo.cs",
            ".xcworkspacedata",
            "-min.map");
    private static final List<String> MINIFIED_ENDINGS =
            List.of(".min.js", ".min.css", ".min.mjs", ".min.cjs", "-min.js", "-min.css", ".min.html", ".pack.js");

    private FileRole() {}

    static boolean vendored(String path) {
        return folder(path, VENDOR_FOLDERS);
    }

    static boolean distributed(String path) {
        return folder(path, BUILD_FOLDERS);
    }

    /** Whether a folder is one of tests, or the name has {@code test} or {@code spec} where test runners look for it. */
    static boolean test(String path) {
        if (folder(path, TEST_FOLDERS)) {
            return true;
        }
        String original = path.substring(path.lastIndexOf('/') + 1);
        int dot = original.indexOf('.');
        String stem = dot < 0 ? original : original.substring(0, dot);
        String name = UnicodeText.lower(original);
        return stem.endsWith("Test")
                || stem.endsWith("Tests")
                || stem.endsWith("_test")
                || stem.endsWith("_spec")
                || stem.startsWith("test_")
                || stem.startsWith("test-")
                || name.contains(".test.")
                || name.contains(".spec.")
                || name.equals("conftest.py")
                || (name.endsWith(".t") && path.indexOf('/') < 0);
    }

    static boolean lockFile(String path) {
        return LOCK_FILES.contains(name(path));
    }

    /** Whether the name is one that a known generator gives. */
    static boolean generated(String path) {
        String name = name(path);
        return lockFile(path) || GENERATED_ENDINGS.stream().anyMatch(name::endsWith);
    }

    static boolean minified(String path) {
        String name = name(path);
        return MINIFIED_ENDINGS.stream().anyMatch(name::endsWith);
    }

    private static String name(String path) {
        return UnicodeText.lower(path.substring(path.lastIndexOf('/') + 1));
    }

    private static boolean folder(String path, Set<String> names) {
        int from = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
            if (names.contains(UnicodeText.lower(path.substring(from, slash)))) {
                return true;
            }
            from = slash + 1;
        }
        return false;
    }
}
