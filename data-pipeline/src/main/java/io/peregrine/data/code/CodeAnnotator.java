package io.peregrine.data.code;

import io.peregrine.data.Document;
import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.code.syntax.SourceScanner;
import io.peregrine.data.code.syntax.SyntaxCheck;
import io.peregrine.data.rules.Annotation;
import io.peregrine.data.rules.Annotator;
import io.peregrine.data.rules.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Measures a source file for the profiles with {@code definitions: code}.
 *
 * <p>The document's location is the file's path. Its language becomes the name of the one that {@link CodeLanguages}
 * finds by path and content; where that finds none, the document keeps its own. The text is left as it is. What a file
 * does not have (comments in JSON, words in an empty file) is NaN, which breaks no rule.
 */
public final class CodeAnnotator implements Annotator {
    private static final int XML_HEAD = 100;
    private static final double MINIFIED_WHITESPACE_MAX = 0.12;
    private static final String XML_PROLOGUE = "<?xml version=";
    private static final List<String> MINIFIABLE = List.of("javascript", "typescript", "css");

    private final CodeConfig config;
    private final SourceScanner scanner = new SourceScanner();
    private final SyntaxCheck syntax = new SyntaxCheck();
    private final EncodedData encoded = new EncodedData();
    private final Repetition repetition;
    private final CodeLines lines = new CodeLines(scanner);
    private double[] values = {};

    public CodeAnnotator(CodeConfig config) {
        this.config = config;
        this.repetition = new Repetition(config.repetitionWordsMax());
    }

    @Override
    public List<Signal> signals() {
        return CodeSignal.SIGNALS;
    }

    @Override
    public Annotation annotate(Document document) {
        String path = document.location();
        String text = document.text();
        Optional<CodeLanguage> found = CodeLanguages.of(path, text);
        Optional<CodeLanguage> language = found.or(() -> CodeLanguages.named(document.language()));
        values = new double[CodeSignal.values().length];
        Arrays.fill(values, Double.NaN);
        Characters characters = characters(text);
        roles(path, text, characters, language);
        if (characters.visible() > 0) {
            shares(text, characters);
            words(text);
            language.ifPresent(known -> source(text, characters, known));
        }
        Document named = found.map(known -> document.withLanguage(known.name())).orElse(document);
        return new Annotation(named, values);
    }

    private void set(CodeSignal signal, double value) {
        values[signal.ordinal()] = value;
    }

    private void set(CodeSignal signal, boolean value) {
        values[signal.ordinal()] = value ? 1 : 0;
    }

    private double get(CodeSignal signal) {
        return values[signal.ordinal()];
    }

    private Characters characters(String text) {
        Characters characters = Characters.of(text);
        set(CodeSignal.BYTES, characters.bytes());
        set(CodeSignal.CHARACTERS, characters.characters());
        set(CodeSignal.VISIBLE, characters.visible());
        set(CodeSignal.LINES, characters.lines());
        set(CodeSignal.LONGEST_LINE, characters.longestLine());
        set(CodeSignal.CONTROL_CHARACTERS, characters.controls());
        return characters;
    }

    /** Shares of a text with something to see in it. */
    private void shares(String text, Characters characters) {
        set(CodeSignal.MEAN_LINE, characters.meanLine());
        set(CodeSignal.ALPHANUMERIC_RATIO, characters.alphanumericRatio());
        set(CodeSignal.ALPHABETIC_RATIO, characters.alphabeticRatio());
        set(CodeSignal.VISIBLE_ALPHABETIC_RATIO, characters.visibleAlphabeticRatio());
        set(CodeSignal.DIGIT_RATIO, characters.digitRatio());
        set(CodeSignal.WHITESPACE_RATIO, characters.whitespaceRatio());
        set(CodeSignal.REPLACEMENT_RATIO, characters.replacementRatio());
        encoded.measure(text);
        set(CodeSignal.ENCODED_LONGEST, encoded.longest());
        set(CodeSignal.ENCODED_RATIO, (double) encoded.covered() / characters.characters());
    }

    private void words(String text) {
        repetition.read(text);
        set(CodeSignal.WORDS, repetition.words());
        if (repetition.words() == 0) {
            return;
        }
        set(CodeSignal.MEAN_WORD, repetition.meanWord());
        set(CodeSignal.UNIQUE_WORD_RATIO, repetition.uniqueRatio());
        for (int n = 2; n <= 4; n++) {
            values[CodeSignal.TOP_2GRAM_RATIO.ordinal() + n - 2] = repetition.topRatio(n);
        }
        for (int n = 5; n <= 10; n++) {
            values[CodeSignal.DUPLICATE_5GRAM_RATIO.ordinal() + n - 5] = repetition.duplicateRatio(n);
        }
    }

    private void roles(String path, String text, Characters characters, Optional<CodeLanguage> language) {
        String head = text.substring(0, text.offsetByCodePoints(0, (int) Math.min(XML_HEAD, characters.characters())));
        set(CodeSignal.XML_PROLOGUE, head.contains(XML_PROLOGUE));
        set(CodeSignal.GENERATED_HEAD, GeneratedMarks.inFirstLines(text));
        set(CodeSignal.GENERATED_WORD, GeneratedMarks.inFirstCharacters(text));
        set(CodeSignal.GENERATED, FileRole.generated(path));
        set(CodeSignal.VENDORED, FileRole.vendored(path));
        set(CodeSignal.DISTRIBUTED, FileRole.distributed(path));
        set(CodeSignal.TEST, FileRole.test(path));
        set(CodeSignal.LOCK_FILE, FileRole.lockFile(path));
        boolean packed =
                language.map(known -> MINIFIABLE.contains(known.name())).orElse(false)
                        && characters.lines() > 0
                        && characters.meanLine() > config.minifiedMeanLineMin()
                        && characters.whitespaceRatio() < MINIFIED_WHITESPACE_MAX;
        set(CodeSignal.MINIFIED, FileRole.minified(path) || packed);
        boolean values = language.map(known ->
                        known.kind() == CodeLanguage.Kind.DATA || known.name().equals("svg"))
                .orElse(false);
        set(CodeSignal.DATA, values || characters.digitRatio() >= config.dataDigitRatioMin());
    }

    /** What has to be scanned as the language. */
    private void source(String text, Characters characters, CodeLanguage language) {
        scanner.scan(text, language);
        lines.read(text);
        set(CodeSignal.SYNTAX_ERRORS, syntax.errors(text, language, scanner));
        if (GeneratedMarks.inComments(text, scanner, language.hasComments(), config.headLines())) {
            set(CodeSignal.GENERATED, 1);
        }
        if (language.hasComments()) {
            set(CodeSignal.COMMENT_RATIO, lines.commentRatio());
        }
        set(CodeSignal.STRING_RATIO, lines.stringRatio());
        set(CodeSignal.LONG_STRING_LINES_RATIO, lines.longStringLinesRatio());
        set(CodeSignal.LONG_STRING_WORD_RATIO, lines.longStringWordRatio());
        set(CodeSignal.HEX_RATIO, lines.hexRatio());
        set(CodeSignal.DUPLICATE_LINE_RATIO, lines.duplicateLineRatio());
        set(CodeSignal.PROMPT_COMMENT_RATIO, lines.promptRatio(characters.lines()));
        set(CodeSignal.ASSERT_RATIO, lines.assertRatio());
        if (language.name().equals("python")) {
            set(CodeSignal.PYTHON_FUNCTION_RATIO, lines.functionRatio());
            set(CodeSignal.PYTHON_PASS_RATIO, lines.passRatio());
            set(CodeSignal.PYTHON_IMPORT_RATIO, lines.importRatio());
            set(CodeSignal.PYTHON_SIMPLE_FUNCTION_RATIO, lines.simpleFunctionRatio());
            set(CodeSignal.PYTHON_PRINT_RATIO, lines.printRatio());
        }
        if (language.name().equals("html")) {
            long visible = VisibleText.characters(text);
            set(CodeSignal.HTML_VISIBLE_CHARACTERS, visible);
            set(CodeSignal.HTML_VISIBLE_RATIO, visible / get(CodeSignal.CHARACTERS));
        }
    }
}
