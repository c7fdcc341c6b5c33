package io.peregrine.trainer.generate;

import io.peregrine.data.ConfigException;
import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.trainer.generate.GenerationListener.Finish;
import io.peregrine.trainer.model.DecodeState;
import io.peregrine.trainer.model.FalconH1Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Continues several texts side by side: a prompt is read at once when it begins, then every step makes one token of each
 * text. A text that ends leaves its place to another, whatever the others do; what comes of a text does not depend on them.
 *
 * <p>Thread: one. Ownership: model and tokenizer stay the caller's.
 */
public final class GenerationLoop {
    private final FalconH1Model model;
    private final BpeTokenizer tokenizer;
    private final DecodeState state;
    private final List<Optional<Text>> places = new ArrayList<>();

    /**
     * A loop with nothing to do.
     *
     * @param sequences texts side by side
     * @param capacity most tokens of a text, its prompt's included
     */
    public GenerationLoop(FalconH1Model model, BpeTokenizer tokenizer, int sequences, int capacity) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.state = model.newDecodeState(sequences, capacity);
        for (int place = 0; place < sequences; place++) {
            places.add(Optional.empty());
            state.rest(place);
        }
    }

    /** A text that is being continued. */
    private final class Text {
        private final GenerationRequest request;
        private final GenerationListener listener;
        private final Utf8Stream characters = new Utf8Stream();
        private final StopStrings stops;
        private int generated;
        private int last;

        Text(GenerationRequest request, GenerationListener listener) {
            this.request = request;
            this.listener = listener;
            this.stops = new StopStrings(request.stops());
        }

        /** Whether the scores have to be looked at to choose. */
        boolean wantsScores() {
            return request.sampling().temperature() > 0
                    || request.alternatives().isPresent();
        }

        /** Tokens that it may still have. */
        int toGo() {
            return request.maxTokens() - generated;
        }

        /** Chooses among all tokens. */
        TokenChoice choose(float[] logits) {
            int id = request.sampling().choose(logits, request.seed().nextDouble());
            return request.alternatives().isPresent()
                    ? TokenChoice.of(id, logits, request.alternatives().getAsInt())
                    : TokenChoice.of(id);
        }

        /** Takes a token; tells whether the text goes on. */
        boolean take(TokenChoice choice) {
            if (!listener.isWanted()) {
                return false;
            }
            if (isEnd(choice.id())) {
                end(Finish.STOP);
                return false;
            }
            generated++;
            last = choice.id();
            listener.token(choice, stops.add(characters.add(tokenizer.bytes(choice.id()))));
            if (stops.stopped()) {
                end(Finish.STOP);
                return false;
            }
            if (generated == request.maxTokens()) {
                end(Finish.LENGTH);
                return false;
            }
            return true;
        }

        private void end(Finish finish) {
            String rest = stops.add(characters.end()) + stops.end();
            listener.finished(stops.stopped() ? Finish.STOP : finish, rest);
        }
    }

    /** How many texts are being continued. */
    public int running() {
        return (int) places.stream().filter(Optional::isPresent).count();
    }

    /** Whether another text can begin. */
    public boolean hasRoom() {
        return running() < places.size();
    }

    /**
     * Reads a prompt and chooses the first token.
     *
     * @throws ConfigException if prompt and continuation do not fit
     * @throws IllegalStateException if there is no room
     */
    public void begin(GenerationRequest request, GenerationListener listener) {
        if (request.positions() > state.capacity()) {
            throw new ConfigException(
                    "max-tokens",
                    request.maxTokens(),
                    "must be at most %d with a prompt of %d tokens: there is room for %d"
                            .formatted(
                                    state.capacity() - request.prompt().size(),
                                    request.prompt().size(),
                                    state.capacity()));
        }
        int place = places.indexOf(Optional.<Text>empty());
        if (place < 0) {
            throw new IllegalStateException("%d texts are being continued: there is no room".formatted(places.size()));
        }
        Text text = new Text(request, listener);
        state.reset(place);
        int[] prompt = request.prompt().stream().mapToInt(Integer::intValue).toArray();
        boolean goesOn = false;
        try {
            goesOn = text.take(text.choose(model.prefill(state, place, prompt)));
        } finally {
            settle(place, text, goesOn);
        }
    }

    /** One more token of each text, or some where that is faster. */
    public void step() {
        if (running() == 0) {
            return;
        }
        int[] ids = new int[places.size()];
        for (int place = 0; place < ids.length; place++) {
            ids[place] = places.get(place).map(text -> text.last).orElse(0);
        }
        for (int[] likeliest : model.decodeGreedily(state, steps(), ids)) {
            for (int place = 0; place < ids.length; place++) {
                if (places.get(place).isPresent()) {
                    Text text = places.get(place).get();
                    TokenChoice choice = text.wantsScores()
                            ? text.choose(model.scores(state, place))
                            : TokenChoice.of(likeliest[place]);
                    settle(place, text, text.take(choice));
                }
            }
        }
    }

    /** How many tokens to ask for at once: more than one of texts that are greedy and have as many to go. */
    private int steps() {
        int steps = model.stepsAtOnce(state);
        boolean ahead =
                places.stream().flatMap(Optional::stream).allMatch(text -> !text.wantsScores() && text.toGo() >= steps);
        return ahead ? steps : 1;
    }

    private void settle(int place, Text text, boolean goesOn) {
        places.set(place, goesOn ? Optional.of(text) : Optional.empty());
        if (!goesOn) {
            state.rest(place);
        }
    }

    /** The model's ends of text; ids that the tokenizer does not have (the vocabulary is padded) end it too. */
    private boolean isEnd(int id) {
        return model.config().eosTokenIds().contains(id) || id >= tokenizer.vocabSize();
    }
}
