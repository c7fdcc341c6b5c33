package io.peregrine.data.code.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeLanguagesTest {
    private static String detected(String path, String text) {
        return CodeLanguages.of(path, text).map(CodeLanguage::name).orElse("-");
    }

    @ParameterizedTest
    @CsvSource({
        "src/Main.java, java",
        "a/b.PY, python",
        "Dockerfile, dockerfile",
        "x/CMakeLists.txt, cmake",
        "notes.txt, text",
        "Makefile.am, makefile",
        "config.h.in, c",
        "phpunit.xml.dist, xml",
        "LICENSE, text",
        "LICENSE.APACHE, text",
        "README, text",
        "data.json, json",
        "app.min.js.map, json",
        "types.d.ts, typescript",
        "Cargo.lock, toml",
        "unknown.zzz, -",
        "noextension, -",
        "'', -",
        ".gitignore, gitignore",
    })
    void byName(String path, String language) {
        assertThat(detected(path, "")).isEqualTo(language);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.h | int add(int a, int b); | c",
                "a.h | #include <vector> | cpp",
                "a.h | namespace geo { | cpp",
                "a.h | template <typename T> T twice(T x); | cpp",
                "a.h | @interface Lamp : NSObject | objectivec",
                "a.m | @implementation Lamp | objectivec",
                "a.m | x = linspace(0, 1, 5); | matlab",
                "a.m | (* a note *) f[x_] := x^2 | mathematica",
                "a.pl | use strict; my $x = 1; | perl",
                "a.pl | parent(tom, bob). | prolog",
                "a.v | module adder(input a, output b); | verilog",
                "a.v | Theorem plus_zero : forall n, n + 0 = n. | coq",
                "a.ts | export const x = 1; | typescript",
                "a.ts | <!DOCTYPE TS><TS version=\"2.1\"> | qt-translation",
                "a.cls | \\ProvidesClass{letter} | tex",
                "a.cls | public with sharing class Invoice { | apex",
                "a.cls | VERSION 1.0 CLASS | vba",
                "a.inc | <?php echo 1; | php",
                "a.inc | #define WIDTH 3 | c",
                "a.fs | #version 330 core | glsl",
                "a.fs | let twice x = 2 * x | fsharp",
                "a.r | x <- 3 | r",
                "a.cl | __kernel void add(__global float *a) {} | opencl",
                "a.cl | (defun add (a b) (+ a b)) | lisp",
                "a.ml | let add a b = a + b | ocaml",
                "a.mod | module example.org/lamp | go-module",
                "run | #!/usr/bin/env python3 | python",
                "run | #!/bin/bash -e | shell",
                "run | #!/usr/bin/env -S node --no-warnings | javascript",
                "run | #!/usr/local/bin/unheard-of | -",
                "rules.x | # -*- mode: ruby; coding: utf-8 -*- | ruby",
                "rules.x | // -*- C++ -*- | cpp",
                "rules.x | # vim: set ft=python : | python",
                "page | <!DOCTYPE html><title>x</title> | html",
                "page | <?xml version=\"1.0\"?><a/> | xml",
                "page | hello | -",
            })
    void byContentWhereTheNameLeavesAChoice(String path, String text, String language) {
        assertThat(detected(path, text)).isEqualTo(language);
    }

    @Test
    void theTableIsLargeAndItsNamesAreWords() {
        assertThat(CodeLanguages.all()).hasSizeGreaterThan(150);
        assertThat(CodeLanguages.all())
                .allSatisfy(language -> assertThat(language.name()).matches("[a-z][a-z0-9-]*"));
    }

    @Test
    void everyLanguageWritesCommentsThatItReadsAsComments() {
        SourceScanner scanner = new SourceScanner();
        for (CodeLanguage language : CodeLanguages.all()) {
            if (language.hasComments() && !language.name().equals("php")) {
                String line = language.comment("file: a/b.txt");
                scanner.scan(line, language);
                assertThat(scanner.kind(line.indexOf("a/b"))).as(line).isEqualTo(SourceScanner.COMMENT);
            }
        }
    }

    @Test
    void anyTextHasAtMostOneLanguageAndNoTextBreaksTheSearch() {
        ForAll.forAll(200, gen -> {
            String text = gen.text();
            assertThat(CodeLanguages.of("x.h", text)).isEqualTo(CodeLanguages.of("dir/x.h", text));
            assertThat(CodeLanguages.of(text, text)).isEqualTo(CodeLanguages.of(text, text));
        });
    }
}
