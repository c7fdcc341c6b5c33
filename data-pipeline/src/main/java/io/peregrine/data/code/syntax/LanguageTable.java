package io.peregrine.data.code.syntax;

import com.google.re2j.Pattern;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The content of {@code languages.txt} and {@code hints.txt}, whose heads say how they are written. */
final class LanguageTable {
    static final LanguageTable SHIPPED = new LanguageTable(lines("languages.txt"), lines("hints.txt"));

    /** A pattern that decides for a language where an extension has several. */
    record Hint(CodeLanguage language, Pattern pattern) {}

    private final TreeMap<String, CodeLanguage> languages = new TreeMap<>();
    private final Map<String, CodeLanguage> byExtension = new HashMap<>();
    private final Map<String, CodeLanguage> byFileName = new HashMap<>();
    private final Map<String, CodeLanguage> byInterpreter = new HashMap<>();
    private final Map<String, CodeLanguage> byMode = new HashMap<>();
    private final Map<String, List<Hint>> hints = new HashMap<>();

    LanguageTable(List<String> languageLines, List<String> hintLines) {
        languageLines.forEach(this::language);
        hintLines.forEach(this::hint);
    }

    Map<String, CodeLanguage> languages() {
        return languages;
    }

    Optional<CodeLanguage> byExtension(String extension) {
        return Optional.ofNullable(byExtension.get(extension));
    }

    Optional<CodeLanguage> byFileName(String name) {
        return Optional.ofNullable(byFileName.get(name));
    }

    Optional<CodeLanguage> byInterpreter(String interpreter) {
        return Optional.ofNullable(byInterpreter.get(interpreter));
    }

    /** By the language's name or another name that editors know. */
    Optional<CodeLanguage> byMode(String mode) {
        CodeLanguage named = languages.get(mode);
        return Optional.ofNullable(named == null ? byMode.get(mode) : named);
    }

    List<Hint> hints(String extension) {
        return hints.getOrDefault(extension, List.of());
    }

    private void language(String line) {
        String[] fields = line.split(" (?=(ext|name|run|mode|line|block|str|join|check|with):)");
        String[] head = fields[0].split(" ");
        Map<String, String> keys = new HashMap<>();
        for (String field : Arrays.asList(fields).subList(1, fields.length)) {
            int colon = field.indexOf(':');
            keys.put(field.substring(0, colon), field.substring(colon + 1));
        }
        CodeLanguage language =
                new CodeLanguage(head[0], CodeLanguage.Kind.valueOf(head[1].toUpperCase(Locale.ROOT)), syntax(keys));
        if (languages.put(language.name(), language) != null) {
            throw new IllegalStateException("languages.txt: " + head[0] + " is there twice");
        }
        index(keys.get("ext"), language, byExtension);
        index(keys.get("name"), language, byFileName);
        index(keys.get("run"), language, byInterpreter);
        index(keys.get("mode"), language, byMode);
    }

    private static void index(String names, CodeLanguage language, Map<String, CodeLanguage> index) {
        for (String name : list(names)) {
            CodeLanguage other = index.put(name.strip(), language);
            if (other != null) {
                throw new IllegalStateException(
                        "languages.txt: '%s' is claimed by %s and %s".formatted(name, other, language));
            }
        }
    }

    private static Syntax syntax(Map<String, String> keys) {
        List<Syntax.LineComment> lineComments = new ArrayList<>();
        for (String marker : list(keys.get("line"))) {
            lineComments.add(
                    switch (marker.charAt(0)) {
                        case '~' -> new Syntax.LineComment(marker.substring(1), Syntax.Place.AFTER_SPACE);
                        case '^' -> new Syntax.LineComment(marker.substring(1), Syntax.Place.FIRST);
                        default -> new Syntax.LineComment(marker, Syntax.Place.ANYWHERE);
                    });
        }
        List<Syntax.BlockComment> blockComments = new ArrayList<>();
        for (String pair : list(keys.get("block"))) {
            boolean nests = pair.endsWith("+") && !pair.endsWith("..+/");
            String plain = nests ? pair.substring(0, pair.length() - 1) : pair;
            int dots = plain.indexOf("..");
            blockComments.add(new Syntax.BlockComment(plain.substring(0, dots), plain.substring(dots + 2), nests));
        }
        List<StringStyle> strings = new ArrayList<>();
        for (String key : list(keys.get("str"))) {
            strings.add(StringStyle.of(key.strip()).orElseThrow(() -> new IllegalStateException("style " + key)));
        }
        String with = keys.getOrDefault("with", "");
        String check =
                keys.getOrDefault("check", "none").toUpperCase(Locale.ROOT).replace('-', '_');
        return new Syntax(
                lineComments,
                blockComments,
                strings,
                keys.getOrDefault("join", ""),
                with.equals("preprocessor"),
                with.equals("php"),
                Syntax.Check.valueOf(check));
    }

    private static List<String> list(String commaSeparated) {
        return commaSeparated == null || commaSeparated.isEmpty()
                ? List.of()
                : Arrays.asList(commaSeparated.split(","));
    }

    private void hint(String line) {
        String[] fields = line.split(" ", 3);
        CodeLanguage language = languages.get(fields[1]);
        if (language == null) {
            throw new IllegalStateException("hints.txt: no language " + fields[1]);
        }
        hints.computeIfAbsent(fields[0], extension -> new ArrayList<>())
                .add(new Hint(language, Pattern.compile(fields[2], Pattern.MULTILINE)));
    }

    private static List<String> lines(String resource) {
        try (InputStream in = LanguageTable.class.getResourceAsStream(resource);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read from the jar", e);
        }
    }
}
