package io.peregrine.data.tokenizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.progress.Progress;
import io.peregrine.data.tokenizer.BpeTrainer;
import io.peregrine.data.tokenizer.PretokenCount;
import io.peregrine.data.tokenizer.TokenizerConfig;
import io.peregrine.data.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TokenizerCommandsTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private Exception failure;

    @BeforeEach
    void train() {
        TokenizerConfig config = new TokenizerConfig(384, 16, 1_000, 1, 1);
        TokenizerFiles.write(BpeTrainer.train(List.of(new PretokenCount("ab", 3)), config, Progress.SILENT), folder);
    }

    private int run(Object command, String... arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setExecutionExceptionHandler((thrown, line, parsed) -> {
                    failure = thrown;
                    return 2;
                })
                .execute(arguments);
    }

    @Test
    void encodePrintsIdsOrTokens() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "ab\n\u00E9");
        assertThat(run(new EncodeCommand(), "--tokenizer", folder.toString(), text.toString()))
                .isZero();
        assertThat(out.toString().split("\\s+")).hasSize(4).startsWith("272");
        out.getBuffer().setLength(0);
        assertThat(run(new EncodeCommand(), "--tokens", "--tokenizer", folder.toString(), text.toString()))
                .isZero();
        assertThat(out.toString().lines().map(line -> line.split("\t")[1]))
                .containsExactly("ab", "\\n", "\\xc3", "\\xa9");
    }

    @Test
    void whatIsNotTextIsNamed() throws IOException {
        Path text = Files.write(folder.resolve("text"), new byte[] {'a', (byte) 0xFF});
        assertThat(run(new EncodeCommand(), "--tokenizer", folder.toString(), text.toString()))
                .isEqualTo(2);
        assertThat(failure).hasMessage(text + ": is not UTF-8; convert it first");
        Path missing = folder.resolve("missing");
        assertThat(run(new EncodeCommand(), "--tokenizer", folder.toString(), missing.toString()))
                .isEqualTo(2);
        assertThat(failure).hasMessage(missing + ": no such file");
        assertThat(run(new EncodeCommand(), "--tokenizer", missing.toString(), text.toString()))
                .isEqualTo(2);
        assertThat(failure).hasMessageStartingWith(missing + ": no such file; train a tokenizer first");
    }
}
