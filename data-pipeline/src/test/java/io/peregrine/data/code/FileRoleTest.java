package io.peregrine.data.code;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileRoleTest {
    @ParameterizedTest
    @CsvSource({
        "a/node_modules/x/y.js, true",
        "src/_vendor/idna/core.py, true",
        "Third_Party/z.c, true",
        "src/vendor.js, false",
        "vendoring/a.c, false",
    })
    void foldersOfOtherPeoplesCode(String path, boolean vendored) {
        assertThat(FileRole.vendored(path)).isEqualTo(vendored);
    }

    @ParameterizedTest
    @CsvSource({"dist/a.js, true", "lib/build/b.js, true", "dist.js, false", "src/builder/c.js, false"})
    void foldersOfABuild(String path, boolean distributed) {
        assertThat(FileRole.distributed(path)).isEqualTo(distributed);
    }

    @ParameterizedTest
    @CsvSource({
        "tests/a.py, true",
        "src/LampTest.java, true",
        "pkg/lamp_test.go, true",
        "test_lamp.py, true",
        "a/lamp.spec.ts, true",
        "conftest.py, true",
        "src/latest.py, false",
        "src/contest.c, false",
        "protest/a.c, false",
    })
    void tests(String path, boolean test) {
        assertThat(FileRole.test(path)).isEqualTo(test);
    }

    @ParameterizedTest
    @CsvSource({
        "a/lamp_pb2.py, true",
        "lamp.pb.go, true",
        "yarn.lock, true",
        "Form1.Designer.cs, true",
        "a.min.js.map, true",
        "lamp.py, false",
        "pb2.py, false",
    })
    void namesThatGeneratorsGive(String path, boolean generated) {
        assertThat(FileRole.generated(path)).isEqualTo(generated);
    }

    @ParameterizedTest
    @CsvSource({"a.min.js, true", "b-min.css, true", "admin.js, false", "min.js, false"})
    void minifiedNames(String path, boolean minified) {
        assertThat(FileRole.minified(path)).isEqualTo(minified);
    }
}
