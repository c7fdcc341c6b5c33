package io.peregrine.data.code.repo;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.testing.ForAll;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepositoryOrderTest {
    private static RepositoryFile file(String path, String text) {
        String language = CodeLanguages.of(path, text).map(CodeLanguage::name).orElse("und");
        return new RepositoryFile(path, language, "", text);
    }

    private static List<String> ordered(String... pathsAndTexts) {
        List<RepositoryFile> files = new ArrayList<>();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            files.add(file(pathsAndTexts[i], pathsAndTexts[i + 1]));
        }
        return new RepositoryOrder()
                .order(files).stream().map(RepositoryFile::path).toList();
    }

    @Test
    void documentationBuildFilesDominantLanguageOthersData() {
        assertThat(ordered(
                        "z.json",
                        "{}",
                        "b.py",
                        "x = 1",
                        "a.sh",
                        "ls",
                        "a.py",
                        "y = 2",
                        "Makefile",
                        "all:",
                        "docs/use.md",
                        "words",
                        "sub/README.md",
                        "more",
                        "README.md",
                        "Lamp"))
                .containsExactly(
                        "README.md", "sub/README.md", "docs/use.md", "Makefile", "a.py", "b.py", "a.sh", "z.json");
    }

    @Test
    void java() {
        assertThat(ordered(
                        "src/lamp/App.java",
                                "package lamp;\nimport lamp.bulb.Bulb;\nimport static lamp.zoo.Tools.on;\n",
                        "src/lamp/bulb/Bulb.java", "package lamp.bulb;\nimport lamp.wire.*;\n",
                        "src/lamp/wire/Wire.java", "package lamp.wire;\n",
                        "src/lamp/zoo/Tools.java", "package lamp.zoo;\n// import lamp.App;\n"))
                .containsExactly(
                        "src/lamp/wire/Wire.java",
                        "src/lamp/bulb/Bulb.java",
                        "src/lamp/zoo/Tools.java",
                        "src/lamp/App.java");
    }

    @Test
    void python() {
        assertThat(ordered(
                        "lamp/__init__.py", "from .app import main\n",
                        "lamp/app.py", "import os\nfrom lamp import wire\nfrom .bulb.glass import shine\n",
                        "lamp/bulb/glass.py", "from .. import wire\n",
                        "lamp/wire.py", "'''import lamp.app'''\n",
                        "run.py", "import sys, lamp\n"))
                .containsExactly("lamp/wire.py", "lamp/bulb/glass.py", "lamp/app.py", "lamp/__init__.py", "run.py");
    }

    @Test
    void scripts() {
        assertThat(ordered(
                        "src/app.ts", "import { on } from './bulb';\nimport x from 'react';\n",
                        "src/bulb/index.ts", "export * from '../wire.js';\n",
                        "src/wire.ts", "const plug = require('./zplug.json');\n",
                        "src/zplug.json", "{}"))
                .containsExactly("src/zplug.json", "src/wire.ts", "src/bulb/index.ts", "src/app.ts");
    }

    @Test
    void includes() {
        assertThat(ordered(
                        "src/app.c", "#include <stdio.h>\n#include \"lamp/bulb.h\"\n",
                        "include/lamp/bulb.h", "#include \"wire.h\"\n",
                        "include/lamp/wire.h", "int wire(void);\n"))
                .containsExactly("include/lamp/wire.h", "include/lamp/bulb.h", "src/app.c");
    }

    @Test
    void goPackages() {
        assertThat(ordered(
                        "app.go", "package main\nimport (\n\t\"fmt\"\n\t\"example.org/lamp/pkg/bulb\"\n)\n",
                        "pkg/bulb/z.go", "package bulb\n",
                        "pkg/bulb/z_test.go", "package bulb\n",
                        "go.mod", "module example.org/lamp\n"))
                .containsExactly("go.mod", "pkg/bulb/z.go", "app.go", "pkg/bulb/z_test.go");
    }

    @Test
    void rust() {
        assertThat(ordered(
                        "src/lib.rs", "mod bulb;\npub mod wire;\n",
                        "src/bulb.rs", "mod glass;\nuse crate::wire::Wire;\n",
                        "src/bulb/glass.rs", "pub fn shine() {}\n",
                        "src/wire/mod.rs", "pub struct Wire;\n"))
                .containsExactly("src/bulb/glass.rs", "src/wire/mod.rs", "src/bulb.rs", "src/lib.rs");
    }

    @Test
    void others() {
        assertThat(ordered("a.rb", "require_relative 'lib/z'\n", "lib/z.rb", "x = 1\n"))
                .containsExactly("lib/z.rb", "a.rb");
        assertThat(ordered("a.php", "<?php\nuse Lamp\\Bulb\\Glass;\n", "src/Bulb/Glass.php", "<?php\n"))
                .containsExactly("src/Bulb/Glass.php", "a.php");
        assertThat(ordered("a.proto", "import \"z.proto\";\n", "z.proto", "message Z {}\n"))
                .containsExactly("z.proto", "a.proto");
        assertThat(ordered("a.scss", "@use 'parts/wire';\n", "parts/_wire.scss", "p {}\n"))
                .containsExactly("parts/_wire.scss", "a.scss");
        assertThat(ordered(
                        "App.hs", "import qualified Lamp.Wire as W\n", "src/Lamp/Wire.hs", "module Lamp.Wire where\n"))
                .containsExactly("src/Lamp/Wire.hs", "App.hs");
    }

    @Test
    void cyclesStandTogether() {
        assertThat(ordered("a.py", "import c\n", "b.py", "import x\n", "c.py", "import a\n", "x.py", "import c\n"))
                .containsExactly("a.py", "c.py", "x.py", "b.py");
    }

    @Test
    void theOrderOfTheInputDoesNotMatter() {
        List<RepositoryFile> files = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            files.add(file("m" + i + ".py", "import m" + (i * 7 + 3) % 20 + "\nimport m" + (i * 5 + 1) % 20 + "\n"));
        }
        List<RepositoryFile> expected = new RepositoryOrder().order(files);
        ForAll.forAll(50, gen -> {
            List<RepositoryFile> shuffled = new ArrayList<>(files);
            for (int i = shuffled.size() - 1; i > 0; i--) {
                Collections.swap(shuffled, i, gen.between(0, i));
            }
            assertThat(new RepositoryOrder().order(shuffled)).isEqualTo(expected);
        });
    }
}
