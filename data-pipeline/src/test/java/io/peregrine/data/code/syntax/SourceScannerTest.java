package io.peregrine.data.code.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.testing.ForAll;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceScannerTest {
    private final SourceScanner scanner = new SourceScanner();

    /** The text with {@code c} for units of comments, {@code s} for literals, {@code .} for code; line ends stay. */
    private String kinds(String language, String text) {
        scanner.scan(text, CodeLanguages.named(language).orElseThrow());
        StringBuilder kinds = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            kinds.append(text.charAt(i) == '\n' ? '\n' : ".cs".charAt(scanner.kind(i)));
        }
        return kinds.toString();
    }

    private long errors(String language, String text) {
        scanner.scan(text, CodeLanguages.named(language).orElseThrow());
        return scanner.errors();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "java | a/*b*/c//d | .ccccc.ccc",
                "java | \"//\"+'\"' | ssss.sss",
                "java | \"\\\"\"//x | ssssccc",
                "rust | /*a/*b*/c*/d | ccccccccccc.",
                "rust | fn f<'a>(x:&'a u8)'x' | ..................sss",
                "rust | r#\"a\"b\"#c | ..ssssss.",
                "cpp | 1'000'000;'x' | ..........sss",
                "cpp | R\"x(a)\"b)x\"c | .ssssssssss.",
                "python | x='#'#y | ..ssscc",
                "lua | --[[a]]b--c | ccccccc.ccc",
                "shell | ${x#y} #z | .......cc",
                "javascript | a/b/c;x=/'/;y | ........sss..",
                "javascript | `a${b+`c`}d`e | ssss..ssssss.",
                "sql | 'it''s'--x | sssssssccc",
                "ruby | \"a#{b[\"c\"]}d\" | ssss..sss.sss",
                "csharp | @\"a\"\"b\\\"c | .sssssss.",
                "html | a<!--b-->c | .cccccccc.",
                "haskell | {-a-}f x'--b | ccccc....ccc",
            })
    void commentsAndLiterals(String language, String text, String kinds) {
        assertThat(kinds(language, text)).isEqualTo(kinds);
    }

    @Test
    void aStringThatIsAStatementOfPythonIsAComment() {
        assertThat(kinds("python", "def f():\n  \"\"\"x\n  y\"\"\"\n  g('z')\n"))
                .isEqualTo("........\n..cccc\ncccccc\n....sss.\n");
        assertThat(kinds("python", "'a'.join(x)\n")).isEqualTo("sss........\n");
    }

    @Test
    void hereDocumentsEndAtTheirWord() {
        assertThat(kinds("shell", "cat <<EOF\n'x\nEOF\ny # z\n")).isEqualTo("....sssss\nss\nsss\n..ccc\n");
        assertThat(kinds("shell", "a <<EOF\n'x'\n")).endsWith("\nsss\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "java | class A { int[] f(int x) { return new int[]{x}; } } | 0",
                "java | class A { int f( { } } | 2",
                "java | class A { | 1",
                "java | class A { } } | 1",
                "java | char c = '{'; // ( | 0",
                "java | String s = \"unfinished; | 1",
                "java | /* never closed | 1",
                "go | x := `raw {` | 0",
                "javascript | f(`${g({})}`) | 0",
                "javascript | f(`${g({})`) | 3",
                "swift | let x = \"a\\(b(\"c\"))d\" | 0",
                "kotlin | val x = \"${m[\"k\"]}\" | 0",
                "php | <p>don't { worry</p><?php f(1); ?> } | 0",
            })
    void bracketsLiteralsAndComments(String language, String text, long errors) {
        assertThat(errors(language, text)).isEqualTo(errors);
    }

    @Test
    void alternativesOfThePreprocessorBeginAlike() {
        String both = "#if A\nint f(int a) {\n#else\nint f(void) {\n#endif\n}\n";
        assertThat(errors("c", both)).isZero();
        assertThat(errors("c", both + "}")).isEqualTo(1);
        assertThat(errors("c", "#error don't\n#define OPEN {\nint x;\n")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if a:\n    b\nelif c:\n\td\nelse: e\n",
                "x = [\n  1,\n 2]\nclass A:\n  def f(self):\n    return 1\n\n  # note\n  y = 2\n",
                "x = 1 + \\\n        2\ny = 3\n",
                "def f(): pass\n",
                "s = '''\n  ( \n'''\n",
                "if a:\r\n    b\r\nc\r\n",
            })
    void pythonThatIndentsWell(String text) {
        assertThat(errors("python", text)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\n  b\n",
                "if a:\nb\n",
                "if a:\n    b\n  c\n",
                "if a:",
                "x = (1\n",
                "x = 1)\n",
                "s = 'open\n",
                "if a:\n\tb\n        c\n",
            })
    void pythonThatDoesNot(String text) {
        assertThat(errors("python", text)).isEqualTo(1);
    }

    @Test
    void takingOneBracketAwayIsSeen() {
        String whole = "class A {\n  void f(int[] x) {\n    if (x[0] > 1) { g(x); }\n  }\n}\n";
        assertThat(errors("java", whole)).isZero();
        for (int i = 0; i < whole.length(); i++) {
            if ("(){}[]".indexOf(whole.charAt(i)) >= 0) {
                assertThat(errors("java", whole.substring(0, i) + whole.substring(i + 1)))
                        .isPositive();
            }
        }
    }

    @Test
    void anyTextInAnyLanguageIsScannedToItsEnd() {
        ForAll.forAll(120, gen -> {
            String text = gen.text() + "/*\"'`#{(" + gen.text();
            for (CodeLanguage language : CodeLanguages.all()) {
                scanner.scan(text, language);
                assertThat(scanner.errors()).isBetween(0L, (long) text.length());
            }
        });
    }

    @Test
    void baitIsScannedInLinearTime() {
        List<String> bait = List.of(
                "(", "\"", "'", "/*", "=/[", "<<A\n", "`${", "r#\"", "R\"(", "\\", "#if\n(", "[[", "{-", "\"\"\"", "<?",
                "<<", " \n\t", "--[==[", "@\"", "''");
        for (String piece : bait) {
            String text = piece.repeat(400_000 / piece.length());
            for (String language : List.of("javascript", "cpp", "python", "rust", "shell", "lua", "haskell", "php")) {
                scanner.scan(text, CodeLanguages.named(language).orElseThrow());
                assertThat(scanner.length()).isEqualTo(text.length());
            }
        }
    }
}
