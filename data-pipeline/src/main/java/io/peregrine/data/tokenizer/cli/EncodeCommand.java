package io.peregrine.data.tokenizer.cli;

import io.peregrine.data.DataException;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./peregrine tokenizer encode}: the ids of a text, or its tokens one by one. */
@Command(
        name = "encode",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the token ids of a text.",
            "",
            "The text is that of TEXT, or of standard input; names of special tokens in it are ordinary text."
        })
public final class EncodeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--tokenizer",
            required = true,
            paramLabel = "PATH",
            description = "tokenizer.json, or a folder that has one, such as RUN/50-tokenizer")
    private Path tokenizer;

    @Option(names = "--tokens", description = "prints one token a line: id, and its text with escapes")
    private boolean tokens;

    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "a file in UTF-8")
    private Path text;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path file = Files.isDirectory(tokenizer) ? tokenizer.resolve(TokenizerFiles.TOKENIZER_JSON) : tokenizer;
        try (BpeTokenizer bpe = BpeTokenizer.load(file)) {
            int[] ids = bpe.encode(text());
            if (tokens) {
                for (int id : ids) {
                    out.println(id + "\t" + escaped(bpe.bytes(id)));
                }
            } else {
                out.println(Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
            }
        }
        return 0;
    }

    private String text() throws IOException {
        String name = text == null ? "standard input" : text.toString();
        try {
            byte[] bytes = text == null ? System.in.readAllBytes() : Files.readAllBytes(text);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            throw new DataException(name + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new DataException(name + ": is not UTF-8; convert it first", e);
        }
    }

    /** Readable where the bytes are: printable ASCII as it is, everything else as {@code \n}, {@code \t} or hexadecimal. */
    private static String escaped(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') < 0 && text.codePoints().noneMatch(Character::isISOControl)) {
            return text.replace("\\", "\\\\");
        }
        StringBuilder escaped = new StringBuilder();
        for (byte b : bytes) {
            switch (b) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> escaped.append(b >= ' ' && b < 0x7F ? String.valueOf((char) b) : "\\x%02x".formatted(b));
            }
        }
        return escaped.toString();
    }
}
