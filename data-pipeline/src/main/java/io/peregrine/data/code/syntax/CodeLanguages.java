package io.peregrine.data.code.syntax;

import io.peregrine.data.text.UnicodeText;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the language of a file: by its name, its extension and, where these leave a choice or say nothing, its content.
 *
 * <p>In this order: the whole name ({@code Dockerfile}); an editor's mode line that names a language; the extension, where
 * several languages share it after a look at the first {@value #HEAD} characters; the interpreter of a {@code #!} line;
 * a few unmistakable beginnings. Endings such as {@code .in} and {@code .example} are taken off names that say nothing
 * otherwise. The table is {@code languages.txt}, the choices {@code hints.txt}, beside this class.
 *
 * <p>Pure; one pass over a bounded head, patterns in linear time.
 */
public final class CodeLanguages {
    /** Characters of a file that are looked at. */
    static final int HEAD = 16_384;

    private static final LanguageTable TABLE = LanguageTable.SHIPPED;
    private static final Set<String> WRAPPERS =
            Set.of("in", "dist", "example", "sample", "orig", "bak", "default", "tpl", "template", "tmpl", "erb");
    private static final List<String> DOCUMENT_NAMES = List.of("license", "licence", "copying", "readme", "changelog");
    private static final int MODE_LINES = 5;

    private CodeLanguages() {}

    /** All languages, by name. */
    public static Collection<CodeLanguage> all() {
        return TABLE.languages().values();
    }

    /** The language of this name. */
    public static Optional<CodeLanguage> named(String name) {
        return Optional.ofNullable(TABLE.languages().get(name));
    }

    /** The language of a file by its path alone; of several that share an extension, the most common. */
    public static Optional<CodeLanguage> ofPath(String path) {
        return of(path, "");
    }

    /**
     * The language of a file.
     *
     * @param path path of the file, with {@code /} between folders; may be an address or empty
     * @param text content of the file, or its beginning
     */
    public static Optional<CodeLanguage> of(String path, CharSequence text) {
        String name = UnicodeText.lower(path.substring(path.lastIndexOf('/') + 1));
        String head = text.subSequence(0, Math.min(text.length(), HEAD)).toString();
        return TABLE.byFileName(name)
                .or(() -> byModeLine(head))
                .or(() -> byExtension(name, head))
                .or(() -> byInterpreter(head))
                .or(() -> byBeginning(name, head));
    }

    private static Optional<CodeLanguage> byExtension(String name, String head) {
        String rest = name;
        while (true) {
            int dot = rest.lastIndexOf('.');
            if (dot < 0) {
                return TABLE.byFileName(rest);
            }
            String extension = rest.substring(dot + 1);
            boolean wrapped = dot > 0 && WRAPPERS.contains(extension);
            if (wrapped) {
                String inner = rest.substring(0, dot);
                Optional<CodeLanguage> whole = TABLE.byFileName(inner);
                if (whole.isPresent() || inner.indexOf('.') >= 0) {
                    rest = inner;
                    continue;
                }
            }
            if (!head.isEmpty()) {
                for (LanguageTable.Hint hint : TABLE.hints(extension)) {
                    if (hint.pattern().matcher(head).find()) {
                        return Optional.of(hint.language());
                    }
                }
            }
            return TABLE.byExtension(extension);
        }
    }

    private static Optional<CodeLanguage> byInterpreter(String head) {
        if (!head.startsWith("#!")) {
            return Optional.empty();
        }
        String[] words = firstLine(head).substring(2).strip().split("\\s+");
        for (String word : words) {
            String program = word.substring(word.lastIndexOf('/') + 1);
            if (!program.equals("env") && !program.startsWith("-") && program.indexOf('=') < 0) {
                String plain = UnicodeText.lower(withoutVersion(program));
                return TABLE.byInterpreter(plain);
            }
        }
        return Optional.empty();
    }

    private static String withoutVersion(String program) {
        int end = program.length();
        while (end > 0 && (program.charAt(end - 1) == '.' || "0123456789".indexOf(program.charAt(end - 1)) >= 0)) {
            end--;
        }
        return program.substring(0, end);
    }

    /** {@code -*- mode: x -*-} and {@code -*- x -*-} for Emacs, {@code vim: ft=x} for Vim, in the first lines. */
    private static Optional<CodeLanguage> byModeLine(String head) {
        int from = 0;
        for (int line = 0; line < MODE_LINES && from < head.length(); line++) {
            int end = head.indexOf('\n', from);
            end = end < 0 ? head.length() : end;
            if (end - from < 400) {
                Optional<CodeLanguage> mode = byMode(UnicodeText.lower(head.substring(from, end)));
                if (mode.isPresent()) {
                    return mode;
                }
            }
            from = end + 1;
        }
        return Optional.empty();
    }

    private static Optional<CodeLanguage> byMode(String line) {
        int open = line.indexOf("-*-");
        int close = open < 0 ? -1 : line.indexOf("-*-", open + 3);
        if (close > 0) {
            String inside = line.substring(open + 3, close);
            int mode = inside.indexOf("mode:");
            String name = mode >= 0 ? inside.substring(mode + 5) : inside.indexOf(':') < 0 ? inside : "";
            return TABLE.byMode(untilSeparator(name.strip()));
        }
        if (line.contains("vim:") || line.contains("vi:")) {
            for (String key : List.of("filetype=", "ft=", "syntax=")) {
                int at = line.indexOf(key);
                if (at >= 0) {
                    return TABLE.byMode(untilSeparator(line.substring(at + key.length())));
                }
            }
        }
        return Optional.empty();
    }

    private static String untilSeparator(String name) {
        int end = 0;
        while (end < name.length() && " ;:\t".indexOf(name.charAt(end)) < 0) {
            end++;
        }
        return name.substring(0, end);
    }

    private static Optional<CodeLanguage> byBeginning(String name, String head) {
        String start = head.stripLeading();
        String lower = UnicodeText.lower(start.substring(0, Math.min(start.length(), 64)));
        if (lower.startsWith("<?php")) {
            return named("php");
        }
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
            return named("html");
        }
        if (lower.startsWith("<?xml")) {
            return named("xml");
        }
        if (lower.startsWith("diff --git ") || lower.startsWith("--- a/")) {
            return named("diff");
        }
        boolean document = DOCUMENT_NAMES.stream().anyMatch(name::startsWith);
        return document ? named("text") : Optional.empty();
    }

    private static String firstLine(String head) {
        int end = head.indexOf('\n');
        return end < 0 ? head : head.substring(0, end);
    }
}
