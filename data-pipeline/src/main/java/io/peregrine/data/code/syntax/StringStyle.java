package io.peregrine.data.code.syntax;

import java.util.Arrays;
import java.util.Optional;

/** How a literal begins, ends and escapes. The key is the style's name in {@code languages.txt}. */
enum StringStyle {
    /** {@code "..."} on one line, backslash escapes. */
    DOUBLE("dq", '"', Form.ESCAPED),
    /** {@code '...'} on one line, backslash escapes. */
    SINGLE("sq", '\'', Form.ESCAPED),
    /** {@code "..."} over any lines, backslash escapes. */
    DOUBLE_LINES("dqm", '"', Form.ESCAPED_LINES),
    /** {@code '...'} over any lines, backslash escapes. */
    SINGLE_LINES("sqm", '\'', Form.ESCAPED_LINES),
    /** {@code "..."} on one line, a quote is doubled. */
    DOUBLE_DOUBLED("dqd", '"', Form.DOUBLED),
    /** {@code '...'} on one line, a quote is doubled. */
    SINGLE_DOUBLED("sqd", '\'', Form.DOUBLED),
    /** {@code '...'} over any lines, a quote is doubled; without one it has no escapes: SQL, shells. */
    SINGLE_DOUBLED_LINES("sqdm", '\'', Form.DOUBLED_LINES),
    /** {@code '...'} over any lines, no escapes. */
    SINGLE_RAW("sqr", '\'', Form.RAW_LINES),
    /** Back quotes over any lines, backslash escapes. */
    BACK("bt", '`', Form.ESCAPED_LINES),
    /** Back quotes over any lines, no escapes. */
    BACK_RAW("btr", '`', Form.RAW_LINES),
    /** Three double quotes, backslash escapes. */
    TRIPLE_DOUBLE("tdq", '"', Form.TRIPLE_ESCAPED),
    /** Three double quotes, no escapes. */
    TRIPLE_DOUBLE_RAW("tdqr", '"', Form.TRIPLE_RAW),
    /** Three single quotes, backslash escapes. */
    TRIPLE_SINGLE("tsq", '\'', Form.TRIPLE_ESCAPED),
    /** One character in single quotes; any other single quote is none of a literal. */
    CHARACTER("ch", '\'', Form.CHARACTER),
    /** C++'s {@code R"tag(...)tag"}. */
    RAW_CPP("rcpp", '"', Form.RAW_CPP),
    /** Rust's {@code r#"..."#}. */
    RAW_RUST("rrust", '"', Form.RAW_RUST),
    /** C#'s {@code @"..."}, a quote is doubled. */
    VERBATIM("vcs", '"', Form.VERBATIM),
    /** Lua's {@code [==[...]==]}. */
    LUA("lua", '[', Form.LUA),
    /** Nix's two single quotes. */
    NIX("nix", '\'', Form.NIX),
    /** PowerShell's {@code @"} to {@code "@}. */
    HERE_STRING("herestring", '@', Form.HERE_STRING),
    /** {@code <<WORD} to a line that is WORD. */
    HERE_DOCUMENT("here", '<', Form.HERE_DOCUMENT),
    /** {@code /.../} where no operand can have ended. */
    PATTERN("re", '/', Form.PATTERN);

    enum Form {
        ESCAPED,
        ESCAPED_LINES,
        DOUBLED,
        DOUBLED_LINES,
        RAW_LINES,
        TRIPLE_ESCAPED,
        TRIPLE_RAW,
        CHARACTER,
        RAW_CPP,
        RAW_RUST,
        VERBATIM,
        LUA,
        NIX,
        HERE_STRING,
        HERE_DOCUMENT,
        PATTERN
    }

    private final String key;
    private final char open;
    private final Form form;

    StringStyle(String key, char open, Form form) {
        this.key = key;
        this.open = open;
        this.form = form;
    }

    char open() {
        return open;
    }

    Form form() {
        return form;
    }

    static Optional<StringStyle> of(String key) {
        return Arrays.stream(values()).filter(style -> style.key.equals(key)).findFirst();
    }
}
