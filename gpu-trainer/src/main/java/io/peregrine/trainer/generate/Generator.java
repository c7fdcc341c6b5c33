package io.peregrine.trainer.generate;

import io.peregrine.data.ConfigException;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.model.FalconH1Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Continues texts: one, told while it is made, or many side by side.
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
     * @param text the continuation
     */
    public record Result(int promptTokens, int tokens, boolean ended, String text) {}

    public Generator(FalconH1Model model, BpeTokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    /**
     * Continues a text.
     *
     * @param prompt not empty
     * @param maxTokens most tokens to generate
     * @param sampling how each is chosen
     * @param seed one number of it is drawn per token; not looked at when greedy
     * @param text given each piece of the continuation as soon as its characters are whole
     * @throws ConfigException if the prompt is empty, or prompt and continuation exceed the model's positions
     */
    public Result generate(String prompt, int maxTokens, Sampling sampling, SeedStream seed, Consumer<String> text) {
        GenerationRequest request = request("prompt", prompt, maxTokens, sampling, seed);
        GenerationLoop loop = new GenerationLoop(model, tokenizer, 1, Math.toIntExact(request.positions()));
        Collected collected = new Collected(request, text);
        loop.begin(request, collected);
        while (loop.running() > 0) {
            loop.step();
        }
        return collected.result();
    }

    /**
     * Continues many texts, {@code sequences} at a time; each as {@link #generate} would with {@code seed}'s child of its
     * number.
     *
     * @return a result for each prompt, in their order
     */
    public List<Result> generateAll(
            List<String> prompts, int maxTokens, Sampling sampling, SeedStream seed, int sequences) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (String prompt : prompts) {
            int before = requests.size();
            SeedStream own = seed.child(Integer.toString(before));
            requests.add(request("prompt " + (before + 1), prompt, maxTokens, sampling, own));
        }
        long longest =
                requests.stream().mapToLong(GenerationRequest::positions).max().orElse(1);
        int together = Math.max(1, Math.min(sequences, requests.size()));
        GenerationLoop loop = new GenerationLoop(model, tokenizer, together, Math.toIntExact(longest));
        List<Collected> all =
                requests.stream().map(it -> new Collected(it, piece -> {})).toList();
        int begun = 0;
        while (begun < requests.size() || loop.running() > 0) {
            while (begun < requests.size() && loop.hasRoom()) {
                loop.begin(requests.get(begun), all.get(begun));
                begun++;
            }
            loop.step();
        }
        return all.stream().map(Collected::result).toList();
    }

    private GenerationRequest request(String name, String prompt, int maxTokens, Sampling sampling, SeedStream seed) {
        List<Integer> ids = Arrays.stream(tokenizer.encode(prompt)).boxed().toList();
        int positions = model.config().maxPositionEmbeddings();
        if (ids.size() >= positions) {
            throw new ConfigException(
                    name,
                    ids.size() + " tokens",
                    "must have fewer than %d, the model's max_position_embeddings, to leave room for a continuation"
                            .formatted(positions));
        }
        if (!ids.isEmpty() && (maxTokens < 1 || (long) ids.size() + maxTokens > positions)) {
            throw new ConfigException(
                    "max-tokens",
                    maxTokens,
                    "must be at least 1, and at most %d with a prompt of %d tokens: max_position_embeddings is %d"
                            .formatted(positions - ids.size(), ids.size(), positions));
        }
        return new GenerationRequest(ids, maxTokens, sampling, seed, List.of(), OptionalInt.empty());
    }

    /** Gathers a continuation. */
    private static final class Collected implements GenerationListener {
        private final GenerationRequest request;
        private final Consumer<String> pieces;
        private final StringBuilder text = new StringBuilder();
        private int tokens;
        private boolean ended;

        Collected(GenerationRequest request, Consumer<String> pieces) {
            this.request = request;
            this.pieces = pieces;
        }

        @Override
        public void token(TokenChoice token, String piece) {
            tokens++;
            add(piece);
        }

        @Override
        public void finished(Finish finish, String piece) {
            ended = finish == Finish.STOP;
            add(piece);
        }

        private void add(String piece) {
            text.append(piece);
            pieces.accept(piece);
        }

        Result result() {
            return new Result(request.prompt().size(), tokens, ended, text.toString());
        }
    }
}
