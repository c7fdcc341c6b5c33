package io.peregrine.rewrite.accept;

import com.sun.source.util.JavacTask;
import io.peregrine.data.MachineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Whether a text is Java, by the parser of the JDK's compiler: the language's own, which breaks off where brackets are
 * nested by the thousand; generated parsers with syntactic lookahead may take exponential time there. Only parsed: nothing
 * is resolved, loaded or run.
 *
 * <p>A listing in a document is often a part of a file, so members and statements are taken, too.
 */
final class JavaSyntax {
    private final JavaCompiler compiler;
    private final JavaFileManager files;

    JavaSyntax() {
        compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new MachineException(
                    "this Java has no compiler, which the check 'syntax' parses Java with: run on a JDK"
                            + " 17 in place of a JRE, or leave 'syntax' out of the checks");
        }
        // Opens no file as long as nothing is resolved.
        files = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
    }

    /** Whether a text is a file, members of a class, or statements. */
    boolean parses(String text) {
        return isFile(text)
                || isFile("class Listing {\n" + text + "\n}")
                || isFile("class Listing { void run() throws Exception {\n" + text + "\n} }");
    }

    private boolean isFile(String text) {
        DiagnosticCollector<JavaFileObject> faults = new DiagnosticCollector<>();
        JavacTask task = (JavacTask) compiler.getTask(
                Writer.nullWriter(),
                files,
                faults,
                List.of("-proc:none", "-Xlint:none"),
                null,
                List.of(new Source(text)));
        try {
            task.parse();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be read", e);
        } catch (IllegalStateException e) {
            // How the compiler says that it broke off: it descends for each bracket, and nobody nests thousands of
            // them.
            return false;
        }
        return faults.getDiagnostics().stream().noneMatch(fault -> fault.getKind() == Diagnostic.Kind.ERROR);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Listing.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
