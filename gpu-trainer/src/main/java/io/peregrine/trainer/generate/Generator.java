package io.peregrine.trainer.generate;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.model.DecodeState;
import io.peregrine.trainer.model.FalconH1Model;
import java.util.function.Consumer;

/**
 * Continues a text: the prompt is read at once, the rest made token by token with the caches of the decode state. A token
 * costs the same wherever it stands, but for attention's look at the keys before it.
 *
 * <p>Thread: one. Ownership: model and tokenizer stay the caller's.
 */
public final class Generator {
    private final FalconH1Model model;
    private final BpeTokenizer tokenizer;

    /**
     * What came of a generation.
     *
     * @param promptTokens tokens of the prompt
     * @param tokens tokens generated, the end-of-text token left out
     * @param ended whether the model ended the text by itself
     */
    public record Result(int promptTokens, int tokens, boolean ended) {}

    public Generator(FalconH1Model model, BpeTokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /**
     * Continues a text.
     *
     * @param prompt not empty: models are trained without a token that begins a text
     * @param maxTokens most tokens to generate
     * @param sampling how each is chosen
     * @param seed one number of it is drawn per token; not looked at when greedy
     * @param text given each piece of the continuation as soon as its characters are whole
     * @throws ConfigException if the prompt is empty, or prompt and continuation exceed the model's positions
     */
    public Result generate(String prompt, int maxTokens, Sampling sampling, SeedStream seed, Consumer<String> text) {
        int[] ids = tokenizer.encode(prompt);
        int positions = model.config().maxPositionEmbeddings();
        if (ids.length == 0) {
            throw new ConfigException("prompt", "\"\"", "must have at least one character");
        }
        if (maxTokens < 1 || (long) ids.length + maxTokens > positions) {
            throw new ConfigException(
                    "max-tokens",
                    maxTokens,
                    "must be at least 1, and at most %d with a prompt of %d tokens: max_position_embeddings is %d"
                            .formatted(positions - ids.length, ids.length, positions));
        }
        DecodeState state = model.newDecodeState(ids.length + maxTokens);
        float[] logits = model.prefill(state, ids);
        Utf8Stream characters = new Utf8Stream();
        int generated = 0;
        boolean ended = false;
        while (generated < maxTokens) {
            int id = sampling.choose(logits, seed.nextDouble());
            ended = isEnd(id);
            if (ended) {
                break;
            }
            generated++;
            text.accept(characters.add(tokenizer.bytes(id)));
            logits = generated < maxTokens ? model.decode(state, id) : logits;
        }
        text.accept(characters.end());
        return new Result(ids.length, generated, ended);
    }

    /** The model's ends of text; ids that the tokenizer does not have (the vocabulary is padded) end it too. */
    private boolean isEnd(int id) {
        return model.config().eosTokenIds().contains(id) || id >= tokenizer.vocabSize();
    }
}
