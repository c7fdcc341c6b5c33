package io.peregrine.data.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Encodes with Hugging Face's own library, through DJL, and decodes.
 *
 * <p>{@code decode(encode(x))} is {@code x} for every well-formed text. No text gives a special token: the names of
 * special tokens are ordinary text here. Nothing is cut off, padded or added.
 *
 * <p>Long texts are encoded in pieces that end where a pre-token ends, which changes no id, so memory is bounded by the
 * text and its ids. Only a single pre-token longer than {@value #PIECE_CHARS} characters is cut inside; its ids may
 * differ near the cut from those of a library that holds it whole.
 *
 * <p>Thread: safe. Ownership: holds native memory; close it.
 */
public final class BpeTokenizer implements AutoCloseable {
    /** Most characters handed to the library at once. */
    static final int PIECE_CHARS = 1 << 16;

    // The library would look for a GPU and then download a build of itself for it; tokenizing has no use for one.
    private static final String FLAVOR = "RUST_FLAVOR";

    private static final Map<String, String> OPTIONS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final TokenizerModel model;
    private final PreTokenizer preTokenizer;
    private final HuggingFaceTokenizer library;

    private BpeTokenizer(TokenizerModel model, HuggingFaceTokenizer library) {
        this.model = model;
        this.preTokenizer = new PreTokenizer(model.split());
        this.library = library;
    }

    /**
     * Opens a tokenizer.
     *
     * @param file a {@code tokenizer.json} that {@link TokenizerFiles} wrote
     * @throws io.peregrine.data.DataException if the file is missing, no JSON, or not such a tokenizer
     */
    public static BpeTokenizer load(Path file) {
        return of(TokenizerReader.bytes(file), file.toString());
    }

    /** As {@link #load}, from the file's bytes: what travels to the machines of a cluster. */
    public static BpeTokenizer of(byte[] json, String name) {
        TokenizerModel model = TokenizerReader.read(json, name);
        if (System.getenv(FLAVOR) == null && System.getProperty(FLAVOR) == null) {
            System.setProperty(FLAVOR, "cpu");
        }
        byte[] encoder = TokenizerFiles.encoderJson(model).getBytes(StandardCharsets.UTF_8);
        try {
            return new BpeTokenizer(
                    model, HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(encoder), OPTIONS));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot hand the tokenizer to the library", e);
        }
    }

    /** Entries of the vocabulary; every id is below it. */
    public int vocabSize() {
        return model.tokens().size();
    }

    /** Whether an id is one that no text gives: padding, the ends of texts, reserved ones. */
    public boolean isSpecial(int id) {
        return id < model.special().count();
    }

    /** The id that ends every document. */
    public int endOfText() {
        return model.special().endOfText();
    }

    /** What cuts texts into the pieces that no token crosses. */
    public PreTokenizer preTokenizer() {
        return preTokenizer;
    }

    /** The ids of a text; lone surrogates are taken as U+FFFD. No end-of-text token is added. */
    public int[] encode(String text) {
        String wellFormed = WellFormed.of(text);
        int[] ids = new int[Math.max(16, wellFormed.length() / 2)];
        int size = 0;
        int start = 0;
        while (start < wellFormed.length()) {
            int end = pieceEnd(wellFormed, start);
            long[] piece = idsOf(wellFormed.substring(start, end));
            if (size + piece.length > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(size + piece.length, ids.length + (ids.length >> 1)));
            }
            for (long id : piece) {
                ids[size++] = (int) id;
            }
            start = end;
        }
        return Arrays.copyOf(ids, size);
    }

    /** Of the library's encoding only the ids: its own method makes objects of every token, its place and its masks, too. */
    private long[] idsOf(String piece) {
        long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), piece, false);
        try {
            return TokenizersLibrary.LIB.getTokenIds(encoding);
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    /** The text of ids. Bytes that are no UTF-8, as in half a character, become U+FFFD; special tokens give their names. */
    public String decode(int[] ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * ids.length);
        for (int id : ids) {
            bytes.writeBytes(bytes(id));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * The bytes that an id stands for.
     *
     * @throws IllegalArgumentException if the vocabulary has no such id
     */
    public byte[] bytes(int id) {
        if (id < 0 || id >= vocabSize()) {
            throw new IllegalArgumentException("token id %d: must be in [0, %d)".formatted(id, vocabSize()));
        }
        String token = model.tokens().get(id);
        if (isSpecial(id)) {
            return token.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return ByteAlphabet.read(token);
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("the reader lets no such token in", e);
        }
    }

    /** How many bytes an id of the vocabulary stands for. */
    int byteLength(int id) {
        return model.tokens().get(id).length();
    }

    @Override
    public void close() {
        library.close();
    }

    /** The last end of a pre-token within {@link #PIECE_CHARS}, or a cut inside a pre-token that is longer. */
    private int pieceEnd(String text, int start) {
        if (text.length() - start <= PIECE_CHARS) {
            return text.length();
        }
        int limit = start + PIECE_CHARS;
        int end = start;
        while (true) {
            int next = preTokenizer.end(text, end);
            if (next > limit) {
                break;
            }
            end = next;
        }
        if (end > start) {
            return end;
        }
        return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
    }
}
