package io.peregrine.data.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Hugging Face's library on a {@code tokenizer.json}, called as anybody would. */
final class LibraryTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer library;

    LibraryTokenizer(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            library = HuggingFaceTokenizer.newInstance(
                    in, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        }
    }

    int encode(String text) {
        return library.encode(text, false, false).getIds().length;
    }

    @Override
    public void close() {
        library.close();
    }
}
