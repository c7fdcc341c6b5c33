package io.peregrine.rewrite.accept;

import io.peregrine.data.code.syntax.CodeLanguage;
import io.peregrine.data.code.syntax.CodeLanguages;
import io.peregrine.data.code.syntax.SourceScanner;
import io.peregrine.data.code.syntax.SyntaxCheck;
import io.peregrine.data.text.UnicodeText;
import java.util.List;
import java.util.Optional;

/**
 * Counts the listings that are not code of their language: Java by a parser, JSON and XML by theirs, other languages and
 * Java of more than {@value #PARSED_MAX} characters by brackets, literals and Python's indentation. For one thread.
 */
final class CodeSyntax {
    /**
     * The parser looks ahead at each of some thousand nested brackets: hostile text of this length takes it 3 s on two busy
     * cores, text of four times the length 20 s. No answer of a model comes near it.
     */
    static final int PARSED_MAX = 100_000;

    private final SourceScanner scanner = new SourceScanner();
    private final SyntaxCheck check = new SyntaxCheck();
    private Optional<JavaSyntax> java = Optional.empty();

    /**
     * Listings that are wrong: the fenced blocks that name a language known here; in an answer without fences to a
     * document of code, the whole answer.
     *
     * @param language that of the document
     */
    int wrong(String answer, String language) {
        List<Fences.Fence> fences = Fences.of(answer);
        if (fences.isEmpty()) {
            return CodeLanguages.named(UnicodeText.lower(language))
                    .filter(code -> code.kind() != CodeLanguage.Kind.PROSE)
                    .map(code -> isWrong(answer, code) ? 1 : 0)
                    .orElse(0);
        }
        int wrong = 0;
        for (Fences.Fence fence : fences) {
            boolean refused =
                    named(fence.info()).map(code -> isWrong(fence.body(), code)).orElse(false);
            wrong += refused || !fence.closed() ? 1 : 0;
        }
        return wrong;
    }

    private boolean isWrong(String text, CodeLanguage language) {
        if (language.name().equals("java") && text.length() <= PARSED_MAX) {
            if (java.isEmpty()) {
                java = Optional.of(new JavaSyntax());
            }
            return !java.get().parses(text);
        }
        scanner.scan(text, language);
        return check.errors(text, language, scanner) > 0;
    }

    /** The language behind a fence, by its name or as the extension of a file. */
    private static Optional<CodeLanguage> named(String info) {
        int end = 0;
        while (end < info.length() && " \t{,:".indexOf(info.charAt(end)) < 0) {
            end++;
        }
        String name = UnicodeText.lower(info.substring(0, Math.min(end, 40)));
        return name.isEmpty()
                ? Optional.empty()
                : CodeLanguages.named(name).or(() -> CodeLanguages.ofPath("listing." + name));
    }
}
