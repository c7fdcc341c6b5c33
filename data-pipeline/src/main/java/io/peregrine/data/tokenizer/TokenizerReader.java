package io.peregrine.data.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a {@code tokenizer.json} of {@link TokenizerFiles} back, and believes nothing that it has not checked. */
final class TokenizerReader {
    private static final String CURE = "; restore the file or train the tokenizer again";

    private final String name;
    private final JsonNode root;

    private TokenizerReader(String name, JsonNode root) {
        this.name = name;
        this.root = root;
    }

    /** The file's bytes. */
    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new DataException(
                    "%s: no such file; train a tokenizer first (peregrine tokenizer train)".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }

    /**
     * The model in a file's bytes.
     *
     * @param name the file's name, for messages
     * @throws DataException if it is no JSON, or not a tokenizer of ours, naming the place
     */
    static TokenizerModel read(byte[] json, String name) {
        JsonNode root;
        try {
            root = TokenizerFiles.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            String at =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new DataException("%s: not valid JSON (%s%s)%s".formatted(name, e.getOriginalMessage(), at, CURE), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(name, e), e);
        }
        return new TokenizerReader(name, root).model();
    }

    private TokenizerModel model() {
        require(root.at("/model/type").asText().equals("BPE"), "/model/type", "must be BPE");
        SplitRules split = splitRules();
        List<String> tokens = tokens();
        SpecialTokens special = specialTokens(tokens);
        for (int id = special.count(); id < tokens.size(); id++) {
            requireBytes(tokens.get(id));
        }
        List<TokenizerModel.Merge> merges = merges(tokens);
        return new TokenizerModel(tokens, merges, special, injected(tokens.size() - special.count(), merges), split);
    }

    private SplitRules splitRules() {
        String pattern = root.at("/pre_tokenizer/pretokenizers/0/pattern/Regex").asText();
        for (SplitRules rules : SplitRules.all()) {
            if (new PreTokenizer(rules).pattern().equals(pattern)) {
                return rules;
            }
        }
        throw new DataException("%s: /pre_tokenizer: must split by a pattern of this version%s".formatted(name, CURE));
    }

    /** Tokens that are neither special, nor bytes, nor products of merges. */
    private int injected(int notSpecial, List<TokenizerModel.Merge> merges) {
        Set<Integer> merged = new HashSet<>();
        merges.forEach(merge -> merged.add(merge.merged()));
        int injected = notSpecial - ByteAlphabet.BYTES - merged.size();
        require(
                injected == 0 || root.at("/model/ignore_merges").asBoolean(),
                "/model/ignore_merges",
                "must be true, since %d tokens are made by no merge".formatted(injected));
        return injected;
    }

    private List<String> tokens() {
        JsonNode vocab = root.at("/model/vocab");
        require(vocab.isObject() && !vocab.isEmpty(), "/model/vocab", "must be an object of tokens and their ids");
        String[] tokens = new String[vocab.size()];
        vocab.properties().forEach(entry -> {
            int id = entry.getValue().asInt(-1);
            require(
                    entry.getValue().isInt() && id >= 0 && id < tokens.length && tokens[id] == null,
                    "/model/vocab/" + entry.getKey(),
                    "ids must be 0 to %d, each of them once".formatted(tokens.length - 1));
            tokens[id] = entry.getKey();
        });
        return Arrays.asList(tokens);
    }

    private SpecialTokens specialTokens(List<String> tokens) {
        JsonNode added = root.at("/added_tokens");
        require(added.size() < tokens.size(), "/added_tokens", "must not fill the vocabulary");
        for (int id = 0; id < added.size(); id++) {
            JsonNode token = added.get(id);
            require(
                    token.path("id").asInt(-1) == id
                            && token.path("content").asText().equals(tokens.get(id))
                            && token.path("special").asBoolean(),
                    "/added_tokens/" + id,
                    "must be the special token %s with id %d".formatted(tokens.get(id), id));
        }
        List<String> names = tokens.subList(0, added.size());
        for (String role : SpecialTokens.FALCON_H1.keySet()) {
            require(names.contains(role), "/added_tokens", "must have " + role);
        }
        return new SpecialTokens(names);
    }

    private void requireBytes(String token) {
        try {
            ByteAlphabet.read(token);
        } catch (CharacterCodingException e) {
            throw new DataException(
                    "%s: /model/vocab/%s: must be written in the byte alphabet%s".formatted(name, token, CURE), e);
        }
    }

    private List<TokenizerModel.Merge> merges(List<String> tokens) {
        JsonNode listed = root.at("/model/merges");
        require(listed.isArray(), "/model/merges", "must be a list");
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        List<TokenizerModel.Merge> merges = new ArrayList<>(listed.size());
        for (int i = 0; i < listed.size(); i++) {
            String merge = listed.get(i).asText();
            int space = merge.indexOf(' ');
            Integer left = space < 0 ? null : ids.get(merge.substring(0, space));
            Integer right = ids.get(merge.substring(space + 1));
            Integer merged = space < 0 ? null : ids.get(merge.substring(0, space) + merge.substring(space + 1));
            require(
                    left != null && right != null && merged != null,
                    "/model/merges/" + i,
                    "must be two tokens with a space between them, which together are a token");
            merges.add(new TokenizerModel.Merge(left, right, merged));
        }
        return merges;
    }

    private void require(boolean holds, String place, String rule) {
        if (!holds) {
            throw new DataException("%s: %s: %s%s".formatted(name, place, rule, CURE));
        }
    }
}
