package io.peregrine.data.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.manifest.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a tokenizer as the three files that Hugging Face's {@code AutoTokenizer} reads from a folder.
 *
 * <p>{@code tokenizer.json} is complete by itself: pre-tokenizer ({@code Split} by {@link PreTokenizer#pattern}, each match
 * by itself, then bytes), model, decoder, special tokens. All of it is ASCII, so that no editor and no Unicode
 * normalization can change the character ranges of the pattern unseen. The other two files name the special tokens.
 */
public final class TokenizerFiles {
    /** The file that holds the tokenizer. */
    public static final String TOKENIZER_JSON = "tokenizer.json";

    private static final String TOKENIZER_CONFIG_JSON = "tokenizer_config.json";
    private static final String SPECIAL_TOKENS_MAP_JSON = "special_tokens_map.json";

    /** Every file that {@link #write} leaves in a folder. */
    public static final List<String> NAMES = List.of(TOKENIZER_JSON, TOKENIZER_CONFIG_JSON, SPECIAL_TOKENS_MAP_JSON);

    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private TokenizerFiles() {}

    /**
     * Where a run's tokenizer of one size lies: that which documents are tokenized with in the stage's own folder, each
     * other one in a folder below it.
     */
    public static Path folder(Path stageFolder, TokenizerConfig config, int vocabSize) {
        return vocabSize == config.vocabSize() ? stageFolder : stageFolder.resolve("vocab-" + vocabSize);
    }

    /** Writes the three files, each of them whole or not at all, {@code tokenizer.json} last. */
    public static void write(TokenizerModel model, Path folder) {
        write(folder.resolve(SPECIAL_TOKENS_MAP_JSON), specialTokensMap());
        write(folder.resolve(TOKENIZER_CONFIG_JSON), tokenizerConfig());
        write(folder.resolve(TOKENIZER_JSON), tokenizer(model, addedTokens(model.special())));
    }

    /**
     * The {@code tokenizer.json} that encodes text from outside: no special token is declared, so that the library does
     * not look for their names in the text. Ids are the same.
     */
    static String encoderJson(TokenizerModel model) {
        return text(tokenizer(model, NODES.arrayNode()));
    }

    private static void write(Path file, ObjectNode content) {
        try {
            AtomicFiles.write(file, (text(content) + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String text(ObjectNode content) {
        try {
            return JSON.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree in memory cannot be malformed", e);
        }
    }

    private static ObjectNode tokenizer(TokenizerModel model, ArrayNode addedTokens) {
        ObjectNode root = NODES.objectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        root.set("added_tokens", addedTokens);
        root.putNull("normalizer");
        root.set("pre_tokenizer", preTokenizer(new PreTokenizer(model.split())));
        root.putNull("post_processor");
        root.set("decoder", byteLevel());
        root.set("model", bpe(model));
        return root;
    }

    private static ArrayNode addedTokens(SpecialTokens special) {
        ArrayNode tokens = NODES.arrayNode();
        for (int id = 0; id < special.count(); id++) {
            tokens.addObject()
                    .put("id", id)
                    .put("content", special.names().get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        return tokens;
    }

    private static ObjectNode preTokenizer(PreTokenizer preTokenizer) {
        ObjectNode split = NODES.objectNode().put("type", "Split");
        split.putObject("pattern").put("Regex", preTokenizer.pattern());
        split.put("behavior", "Isolated").put("invert", false);
        ObjectNode sequence = NODES.objectNode().put("type", "Sequence");
        sequence.putArray("pretokenizers").add(split).add(byteLevel());
        return sequence;
    }

    private static ObjectNode byteLevel() {
        return NODES.objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    private static ObjectNode bpe(TokenizerModel model) {
        ObjectNode bpe = NODES.objectNode().put("type", "BPE");
        bpe.putNull("dropout");
        bpe.putNull("unk_token");
        bpe.putNull("continuing_subword_prefix");
        bpe.putNull("end_of_word_suffix");
        bpe.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", model.injected() > 0);
        ObjectNode vocab = bpe.putObject("vocab");
        List<String> tokens = model.tokens();
        for (int id = 0; id < tokens.size(); id++) {
            vocab.put(tokens.get(id), id);
        }
        ArrayNode merges = bpe.putArray("merges");
        for (TokenizerModel.Merge merge : model.merges()) {
            // The form that every version of the library reads; no token has a space in it.
            merges.add(tokens.get(merge.left()) + " " + tokens.get(merge.right()));
        }
        return bpe;
    }

    private static ObjectNode specialTokensMap() {
        return NODES.objectNode()
                .put("bos_token", SpecialTokens.BEGIN_OF_TEXT)
                .put("eos_token", SpecialTokens.END_OF_TEXT)
                .put("pad_token", SpecialTokens.PAD);
    }

    private static ObjectNode tokenizerConfig() {
        ObjectNode config = specialTokensMap();
        return config.put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("add_bos_token", false)
                .put("add_eos_token", false)
                .put("clean_up_tokenization_spaces", false);
    }
}
