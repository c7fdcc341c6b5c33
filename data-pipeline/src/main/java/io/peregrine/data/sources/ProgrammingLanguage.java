package io.peregrine.data.sources;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names of programming languages, by file name. */
final class ProgrammingLanguage {
    private static final Map<String, String> BY_EXTENSION = new HashMap<>();
    private static final Map<String, String> BY_NAME = Map.of(
            "makefile", "makefile", "dockerfile", "dockerfile", "cmakelists.txt", "cmake", "jenkinsfile", "groovy");

    static {
        extensions("assembly", "asm s");
        extensions("c", "c h");
        extensions("clojure", "clj cljs cljc edn");
        extensions("cpp", "cc cpp cxx hh hpp hxx inl");
        extensions("csharp", "cs");
        extensions("css", "css scss less");
        extensions("cuda", "cu cuh");
        extensions("dart", "dart");
        extensions("elixir", "ex exs");
        extensions("erlang", "erl hrl");
        extensions("fortran", "f f90 f95 f03");
        extensions("fsharp", "fs fsi fsx");
        extensions("go", "go");
        extensions("gradle", "gradle");
        extensions("groovy", "groovy");
        extensions("haskell", "hs lhs");
        extensions("html", "html htm");
        extensions("java", "java");
        extensions("javascript", "js jsx mjs cjs");
        extensions("json", "json");
        extensions("julia", "jl");
        extensions("kotlin", "kt kts");
        extensions("lisp", "lisp lsp el cl");
        extensions("lua", "lua");
        extensions("markdown", "md markdown");
        extensions("matlab", "m");
        extensions("ocaml", "ml mli");
        extensions("pascal", "pas pp");
        extensions("perl", "pl pm");
        extensions("php", "php");
        extensions("powershell", "ps1 psm1");
        extensions("protobuf", "proto");
        extensions("python", "py pyi pyx");
        extensions("r", "r");
        extensions("restructuredtext", "rst");
        extensions("ruby", "rb rake gemspec");
        extensions("rust", "rs");
        extensions("scala", "scala sc");
        extensions("scheme", "scm ss rkt");
        extensions("shell", "sh bash zsh");
        extensions("sql", "sql");
        extensions("swift", "swift");
        extensions("tcl", "tcl");
        extensions("tex", "tex sty bib");
        extensions("toml", "toml");
        extensions("typescript", "ts tsx");
        extensions("verilog", "v sv");
        extensions("vhdl", "vhd vhdl");
        extensions("xml", "xml xsd xsl xslt");
        extensions("yaml", "yaml yml");
        extensions("zig", "zig");
    }

    private ProgrammingLanguage() {}

    private static void extensions(String language, String extensions) {
        for (String extension : extensions.split(" ")) {
            BY_EXTENSION.put(extension, language);
        }
    }

    /** The language of a file, by its name or extension; empty for files that are no source. */
    static Optional<String> ofFile(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String byName = BY_NAME.get(name);
        if (byName != null) {
            return Optional.of(byName);
        }
        int dot = name.lastIndexOf('.');
        return dot < 0 ? Optional.empty() : Optional.ofNullable(BY_EXTENSION.get(name.substring(dot + 1)));
    }
}
