package io.peregrine.data.code.repo;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.code.syntax.SourceScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a file says that it needs: the words of its imports and includes, read line by line outside comments. No macro is
 * expanded and no path of a compiler is known.
 */
final class Imports {
    private static final int LINE_MAX = 500;
    private static final int IMPORTS_MAX = 2000;
    private static final String PYTHON_NAMES = "([\\w.]+(?:\\s+as\\s+\\w+)?(?:\\s*,\\s*[\\w.]+(?:\\s+as\\s+\\w+)?)*)";
    private static final List<Pattern> JAVA =
            patterns("^\\s*import\\s+(?:static\\s+)?((?:\\w+\\.)*(?:\\w+|\\*))", "^\\s*import\\s+([\\w.]+)\\.\\{");
    private static final List<Pattern> PYTHON = patterns(
            "^\\s*from\\s+(\\.*[\\w.]*)\\s+import\\s+\\(?\\s*([\\w\\s,*]*)",
            "^\\s*(?:cimport|import)\\s+" + PYTHON_NAMES);
    private static final List<Pattern> JAVASCRIPT = patterns(
            "(?:^|[\\s;}])(?:import|export)\\b[^'\"]*['\"]([^'\"]+)['\"]",
            "\\bfrom\\s*['\"]([^'\"]+)['\"]",
            "\\b(?:require|import)\\s*\\(\\s*['\"]([^'\"]+)['\"]\\s*\\)");
    private static final List<Pattern> C = patterns("^\\s*#\\s*(?:include|import)\\s*[\"<]([^\">]+)[\">]");
    private static final List<Pattern> GO =
            patterns("^\\s*import\\s+(?:[\\w.]+\\s+)?\"([^\"]+)\"", "^\\s*(?:[\\w.]+\\s+)?\"([^\"\\s]+)\"\\s*$");
    private static final List<Pattern> RUST = patterns(
            "^\\s*(?:pub(?:\\([^)]*\\))?\\s+)?(mod\\s+\\w+)\\s*;",
            "^\\s*(?:pub(?:\\([^)]*\\))?\\s+)?use\\s+((?:crate|super|self)(?:::\\w+)+)");
    private static final List<Pattern> RUBY = patterns(
            "^\\s*require_relative\\s*\\(?\\s*['\"]([^'\"]+)['\"]",
            "^\\s*(?:require|load)\\s*\\(?\\s*['\"]([^'\"]+)['\"]");
    private static final List<Pattern> PHP = patterns(
            "^\\s*use\\s+(?:function\\s+|const\\s+)?([\\w\\\\]+)",
            "\\b(?:require|include)(?:_once)?\\b[^'\"]*['\"]([^'\"]+)['\"]");
    private static final List<Pattern> HASKELL = patterns("^\\s*import\\s+(?:qualified\\s+)?([\\w.]+)");
    private static final List<Pattern> QUOTED =
            patterns("^\\s*@?(?:import|use|forward|part|export)\\b[^'\"]*['\"]([^'\"]+)['\"]");
    private static final List<Pattern> LUA = patterns("\\brequire\\s*\\(?\\s*['\"]([^'\"]+)['\"]");
    private static final Map<String, List<Pattern>> BY_LANGUAGE = Map.ofEntries(
            Map.entry("java", JAVA),
            Map.entry("kotlin", JAVA),
            Map.entry("scala", JAVA),
            Map.entry("groovy", JAVA),
            Map.entry("python", PYTHON),
            Map.entry("cython", PYTHON),
            Map.entry("javascript", JAVASCRIPT),
            Map.entry("typescript", JAVASCRIPT),
            Map.entry("c", C),
            Map.entry("cpp", C),
            Map.entry("cuda", C),
            Map.entry("objectivec", C),
            Map.entry("go", GO),
            Map.entry("rust", RUST),
            Map.entry("ruby", RUBY),
            Map.entry("php", PHP),
            Map.entry("haskell", HASKELL),
            Map.entry("lua", LUA),
            Map.entry("dart", QUOTED),
            Map.entry("protobuf", QUOTED),
            Map.entry("css", QUOTED),
            Map.entry("scss", QUOTED),
            Map.entry("less", QUOTED));

    /**
     * One thing that a file needs.
     *
     * @param target as written: {@code a.b.C}, {@code ./x}, {@code crate::a}
     * @param names what is taken from there, comma separated; Python only
     */
    record Import(String target, String names) {}

    private final SourceScanner scanner = new SourceScanner();

    private static List<Pattern> patterns(String... patterns) {
        List<Pattern> compiled = new ArrayList<>();
        for (String pattern : patterns) {
            compiled.add(Pattern.compile(pattern));
        }
        return List.copyOf(compiled);
    }

    /** The imports of a file, in the order of its lines. */
    List<Import> of(RepositoryFile file) {
        List<Pattern> patterns = BY_LANGUAGE.get(file.language());
        Optional<CodeLanguage> language = CodeLanguages.named(file.language());
        if (patterns == null || language.isEmpty()) {
            return List.of();
        }
        String text = file.text();
        scanner.scan(text, language.get());
        List<Import> imports = new ArrayList<>();
        int from = 0;
        while (from < text.length() && imports.size() < IMPORTS_MAX) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            int first = from;
            while (first < end && text.charAt(first) <= ' ') {
                first++;
            }
            if (first < end && end - first <= LINE_MAX && scanner.kind(first) != SourceScanner.COMMENT) {
                find(text.substring(first, end), patterns, imports);
            }
            from = end + 1;
        }
        return imports;
    }

    private static void find(String line, List<Pattern> patterns, List<Import> imports) {
        for (Pattern pattern : patterns) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                boolean names = matcher.groupCount() > 1;
                imports.add(new Import(matcher.group(1), names ? matcher.group(2) : ""));
                return;
            }
        }
    }
}
