package io.peregrine.trainer.model;

import io.peregrine.data.DataException;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.DecodeOps.Positions;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Falcon-H1: tokens in; loss, gradients, logits out.
 *
 * <pre>
 * h      = embeddingMultiplier * E[token]
 * h      = block(h)                          once per layer
 * logits = lmHeadMultiplier * W_head rms(h)
 * </pre>
 *
 * <p>Thread: one caller at a time. Memory: activations are kept and used again; after a batch of the largest size nothing
 * is allocated.
 *
 * @see <a href="https://arxiv.org/abs/2507.22448">Falcon-H1</a>
 */
public final class FalconH1Model {
    private final FalconH1Config config;
    private final Parameters parameters;
    private final Ops ops;
    private final DocumentBoundaries boundaries;

    private final Parameter embedding;
    private final List<Block> blocks = new ArrayList<>();
    private final Parameter finalNorm;
    private final Parameter head;

    private final Recompute recompute;

    /** The input of each layer, and its other activations. Where no pass back follows, all layers take the first's. */
    private final List<Buffers> inputs = new ArrayList<>();

    private final List<Activations> kept = new ArrayList<>();
    private final Buffers scratch;

    /** A model whose packed documents do not see each other. */
    public FalconH1Model(FalconH1Config config, Parameters parameters, Ops ops) {
        this(config, parameters, ops, DocumentBoundaries.ALL);
    }

    /**
     * A model that keeps every activation.
     *
     * @param parameters exactly those of {@code config}, in tensors of {@code ops}
     * @param boundaries what stops at document starts
     */
    public FalconH1Model(FalconH1Config config, Parameters parameters, Ops ops, DocumentBoundaries boundaries) {
        this(config, parameters, ops, boundaries, Recompute.NONE);
    }

    /**
     * A model.
     *
     * @param parameters exactly those of {@code config}, in tensors of {@code ops}
     * @param boundaries what stops at document starts
     * @param recompute which activations are made again instead of kept
     */
    public FalconH1Model(
            FalconH1Config config, Parameters parameters, Ops ops, DocumentBoundaries boundaries, Recompute recompute) {
        this.config = config;
        this.parameters = parameters;
        this.ops = ops;
        this.boundaries = boundaries;
        this.recompute = recompute;
        this.embedding = parameters.get("model.embed_tokens.weight");
        Buffers ofAll = new Buffers(ops);
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            blocks.add(Block.of(config, parameters, ops, layer));
            Buffers own = new Buffers(ops);
            inputs.add(own);
            kept.add(
                    switch (recompute) {
                        case NONE -> new Activations(own, own);
                        case SELECTIVE -> new Activations(own, ofAll);
                        case BLOCK -> new Activations(ofAll, ofAll);
                    });
        }
        this.finalNorm = parameters.get("model.final_layernorm.weight");
        this.head = parameters.padded(config.tieWordEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
        this.scratch = new Buffers(ops);
    }

    public FalconH1Config config() {
        return config;
    }

    public Parameters parameters() {
        return parameters;
    }

    public Ops ops() {
        return ops;
    }

    /**
     * Summed cross-entropy of the batch's predictions, and {@code gradScale} times its gradient.
     *
     * @param gradScale 1 / predictions of the whole step, for the gradient of the mean
     * @return the sum, unscaled; every {@link Parameter#gradient} has been added to
     * @throws IllegalStateException if the parameters are without gradients
     */
    public LossSum lossAndGradients(TokenBatch tokens, double gradScale) {
        return lossAndGradients(tokens, gradScale, 0);
    }

    /**
     * As {@link #lossAndGradients(TokenBatch, double)}, with {@code zLoss * logsumexp(logits)^2} of each prediction in the
     * gradient, though not in the sum.
     */
    public LossSum lossAndGradients(TokenBatch tokens, double gradScale, double zLoss) {
        parameters.requireGradients();
        PackedBatch batch = packed(tokens);
        Tensor normed = forward(batch, true);
        Tensor dNormed = scratch.get("dnormed", batch.rows(), config.hiddenSize());
        int[] targets = batch.targets();

        double nats = 0;
        for (int from = 0; from < batch.rows(); from += logitRows()) {
            int to = Math.min(batch.rows(), from + logitRows());
            Tensor logits = logits(normed.rows(from, to));
            nats += ops.loss().lossAndGradient(ofVocabulary(logits), targets, from, gradScale, zLoss);
            double scale = config.multipliers().lmHead();
            ops.matmul().backwardInput(logits, head.value(), scale, dNormed.rows(from, to));
            ops.matmul().backwardWeight(logits, normed.rows(from, to), scale, head.gradient());
        }
        backward(batch, dNormed);
        return new LossSum(nats, tokens.predictions());
    }

    /** Summed cross-entropy of the batch's predictions. */
    public LossSum loss(TokenBatch tokens) {
        PackedBatch batch = packed(tokens);
        double nats = nats(forward(batch, false), batch.targets(), 0, batch.rows());
        return new LossSum(nats, tokens.predictions());
    }

    /** The same of each sequence by itself. */
    public List<LossSum> losses(TokenBatch tokens) {
        PackedBatch batch = packed(tokens);
        Tensor normed = forward(batch, false);
        int[] targets = batch.targets();
        List<LossSum> losses = new ArrayList<>();
        for (int row = 0; row < tokens.batch(); row++) {
            double nats = nats(normed, targets, row * tokens.seqLen(), (row + 1) * tokens.seqLen());
            losses.add(new LossSum(nats, tokens.rows(row, row + 1).predictions()));
        }
        return losses;
    }

    private double nats(Tensor normed, int[] targets, int begin, int end) {
        double nats = 0;
        for (int from = begin; from < end; from += logitRows()) {
            int to = Math.min(end, from + logitRows());
            nats += ops.loss().loss(ofVocabulary(logits(normed.rows(from, to))), targets, from);
        }
        return nats;
    }

    /** Scores of every next token, {@code (batch, seqLen, vocab)}, in a tensor of its own. */
    public Tensor logits(TokenBatch tokens) {
        PackedBatch batch = packed(tokens);
        Tensor normed = forward(batch, false);
        Tensor all = ops.allocate(Shape.of(tokens.batch(), tokens.seqLen(), config.vocabSize()));
        for (int from = 0; from < batch.rows(); from += logitRows()) {
            int to = Math.min(batch.rows(), from + logitRows());
            ops.copy(ofVocabulary(logits(normed.rows(from, to))), all.rows(from, to));
        }
        return all;
    }

    /**
     * The residual between layers, as Hugging Face's {@code output_hidden_states} has it: the scaled embeddings, what each
     * layer but the last puts out, and the final norm's output. Each {@code (batch, seqLen, hidden)}, a tensor of its own.
     */
    public List<Tensor> hiddenStates(TokenBatch tokens) {
        PackedBatch batch = packed(tokens);
        Tensor normed = forward(batch, true);
        List<Tensor> states = new ArrayList<>();
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            states.add(ownCopy(input(layer, batch, true), tokens));
        }
        states.add(ownCopy(normed, tokens));
        return states;
    }

    /**
     * A pass forward for someone who looks: the scaled embeddings, {@code layers.N.dt} (step sizes), {@code layers.N.ssm},
     * {@code layers.N.attention} and {@code layers.N.mlp} (what each part adds to the residual), {@code layers.N.residual}, and
     * {@code logits}, of as many rows as are scored at once.
     */
    public void observe(TokenBatch tokens, LayerObserver observer) {
        PackedBatch batch = packed(tokens);
        Tensor h = input(0, batch, false);
        ops.embedding()
                .forward(embedding.value(), batch.ids(), config.multipliers().embedding(), h);
        observer.see("embedding", () -> h);
        for (int layer = 0; layer < blocks.size(); layer++) {
            String prefix = "layers." + layer + ".";
            Block block = blocks.get(layer);
            block.forward(h, batch, kept.get(0), Optional.empty(), h);
            block.observe(prefix, h, kept.get(0), scratch, observer);
            observer.see(prefix + "residual", () -> h);
        }
        Tensor normed = scratch.get("normed", batch.rows(), config.hiddenSize());
        ops.norm().rms(h, finalNorm.value(), config.rmsNormEps(), normed);
        int scored = Math.min(batch.rows(), logitRows());
        observer.see("logits", () -> ofVocabulary(logits(normed.rows(0, scored))));
    }

    /** An empty memory for one sequence, {@link #newDecodeState(int, int)}. */
    public DecodeState newDecodeState(int capacity) {
        return newDecodeState(1, capacity);
    }

    /** An empty memory for {@link #prefill} and {@link #decode} of {@code sequences}, each with room for {@code capacity} tokens. */
    public DecodeState newDecodeState(int sequences, int capacity) {
        return new DecodeState(config, ops, sequences, capacity, head.value().rows());
    }

    /** {@link #prefill(DecodeState, int, int[])} of the first sequence. */
    public float[] prefill(DecodeState state, int[] tokens) {
        return prefill(state, 0, tokens);
    }

    /**
     * Reads the beginning of a sequence at once: as {@link #decode} of each token, but for rounding, and faster by the
     * width of a matrix product. Memory: one layer's activations of all tokens.
     *
     * @param state empty at this sequence; holds the tokens afterwards
     * @param sequence which of its sequences
     * @param tokens their ids, one or more
     * @return scores of every next token behind the last, {@code (vocab)}
     * @throws IllegalStateException if the sequence is not empty or has no room for them
     */
    public float[] prefill(DecodeState state, int sequence, int[] tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("tokens = []: there must be at least one to read");
        }
        if (state.length(sequence) > 0) {
            throw new IllegalStateException(
                    "the decode state holds %d tokens: only an empty one is prefilled; reset it or use decode"
                            .formatted(state.length(sequence)));
        }
        if (tokens.length > state.capacity()) {
            throw new IllegalStateException(
                    "the decode state has room for %d tokens, not for %d".formatted(state.capacity(), tokens.length));
        }
        PackedBatch batch = packed(TokenBatch.ofWholeRows(1, tokens.length, tokens));
        DecodeState.Places place = new DecodeState.Places(sequence, 1);
        Tensor h = layers(batch, false, Optional.of(index -> state.layer(index, place)));
        state.filled(sequence, tokens.length);
        Tensor scores = state.scores(place);
        score(h.rows(tokens.length - 1, tokens.length), state.scratch(), "prefilled.normed", scores);
        return ofVocabulary(scores).toFloats();
    }

    /**
     * Reads one more token of a state's only sequence.
     *
     * @param state updated
     * @param token its id
     * @return scores of every next token, {@code (vocab)}
     */
    public float[] decode(DecodeState state, int token) {
        decode(state, new int[] {token});
        return scores(state, 0);
    }

    /**
     * Reads one more token of every sequence that does not rest.
     *
     * @param state updated
     * @param tokens the id for each sequence; not looked at where it rests
     * @return the most likely next token of each sequence, of equally likely ones the first; 0 where it rests
     * @throws IllegalStateException if a sequence is full, or a score is not a number: the model is broken
     */
    public int[] decode(DecodeState state, int... tokens) {
        return decodeGreedily(state, 1, tokens)[0];
    }

    /**
     * Reads one more token of every sequence that does not rest, then the most likely one behind it, and so on: as often as
     * {@link #decode} of what it returned would, but without waiting in between.
     *
     * @param state updated
     * @param steps tokens of each sequence, 1 to {@link DecodeOps#MOST_STEPS}
     * @param tokens the first id for each sequence; not looked at where it rests
     * @return the most likely next tokens of each sequence behind each step; the last are not read
     * @throws IllegalStateException if a sequence has no room for them, or a score is not a number: the model is broken
     */
    public int[][] decodeGreedily(DecodeState state, int steps, int... tokens) {
        if (steps < 1 || steps > DecodeOps.MOST_STEPS) {
            throw new IllegalArgumentException("steps = %d: must be 1 to %d".formatted(steps, DecodeOps.MOST_STEPS));
        }
        int[] ids = tokens.clone();
        for (int sequence = 0; sequence < state.sequences(); sequence++) {
            if (state.rests(sequence)) {
                ids[sequence] = 0;
                continue;
            }
            checkId(ids[sequence]);
            if (state.length(sequence) + steps > state.capacity()) {
                throw new IllegalStateException(
                        "the decode state is full: %d tokens, of which %d are taken, and %d more are asked for"
                                .formatted(state.capacity(), state.length(sequence), steps));
            }
        }
        state.choose(ids);
        DecodeState.Steps asked = state.steps(steps);
        state.positions(asked.places());
        state.doing(asked, kind -> ops.repeatable(() -> run(state, kind))).run();
        state.stepped(steps);
        int[][] likeliest = state.mostLikely(asked);
        for (int step = 0; step < steps; step++) {
            for (int sequence = 0; sequence < state.sequences(); sequence++) {
                if (likeliest[step][sequence] < 0) {
                    throw new IllegalStateException(
                            "a score behind token %d of sequence %d is not a number: the model's parameters are broken"
                                    .formatted(state.length(sequence) - steps + step + 1, sequence));
                }
            }
        }
        return likeliest;
    }

    /**
     * How many steps of {@link #decodeGreedily} are worth asking for at once, though not all of them may be needed: 1, but
     * where a device then does not wait for the host.
     */
    public int stepsAtOnce(DecodeState state) {
        return state.stepsAtOnce(places -> wholeStep(state, places)
                .map(step -> ops.decode().stepsAtOnce(step, state.positions(places)))
                .orElse(1));
    }

    /** Scores of every next token of a sequence after {@link #decode} or {@link #prefill}, {@code (vocab)}. */
    public float[] scores(DecodeState state, int sequence) {
        return ofVocabulary(state.scores(new DecodeState.Places(sequence, 1))).toFloats();
    }

    /** Some tokens of each sequence, from ids to the ids behind them. */
    private void run(DecodeState state, DecodeState.Steps steps) {
        Positions positions = state.positions(steps.places());
        boolean done = steps.brief()
                && wholeStep(state, steps.places())
                        .filter(step -> ops.decode().steps(step, positions, steps.count()))
                        .isPresent();
        for (int at = 0; at < steps.count() && !done; at++) {
            step(state, steps.places(), positions, at);
        }
    }

    /** A step as one thing, if each of its layers is. */
    private Optional<DecodeOps.Step> wholeStep(DecodeState state, DecodeState.Places places) {
        List<DecodeOps.LayerStep> layers = IntStream.range(0, blocks.size())
                .mapToObj(i -> blocks.get(i).layerStep(places.count(), state.layer(i, places), state.scratch()))
                .flatMap(Optional::stream)
                .toList();
        if (layers.size() < blocks.size()) {
            return Optional.empty();
        }
        return Optional.of(new DecodeOps.Step(
                embedding.value(),
                config.multipliers().embedding(),
                layers,
                finalNorm.value(),
                config.rmsNormEps(),
                headInto(state.scores(places)),
                config.vocabSize(),
                state.ids(places),
                state.chosen()));
    }

    /** A step part by part. */
    private void step(DecodeState state, DecodeState.Places places, Positions positions, int at) {
        Tensor h = state.scratch().get("h", places.count(), config.hiddenSize());
        Ints ids = state.ids(places);
        Tensor scores = state.scores(places);
        ops.decode().embedding(embedding.value(), ids, config.multipliers().embedding(), h);
        for (int layer = 0; layer < blocks.size(); layer++) {
            blocks.get(layer).step(h, state.layer(layer, places), positions, state.scratch());
        }
        score(h, state.scratch(), "normed", scores);
        ops.decode().next(ofVocabulary(scores), ids, positions, state.chosen(), at);
    }

    /** Scores of every next token behind rows of the last layer's output. */
    private void score(Tensor h, Buffers buffers, String name, Tensor scores) {
        Tensor normed = buffers.get(name, h.rows(), config.hiddenSize());
        ops.decode().normed(h, finalNorm.value(), config.rmsNormEps(), normed, List.of(headInto(scores)));
    }

    private DecodeOps.Product headInto(Tensor scores) {
        return new DecodeOps.Product(head.value(), config.multipliers().lmHead(), scores);
    }

    /** Everything but the head. */
    private Tensor forward(PackedBatch batch, boolean forBackward) {
        Tensor h = layers(batch, forBackward, Optional.empty());
        Tensor normed = scratch.get("normed", batch.rows(), config.hiddenSize());
        ops.norm().rms(h, finalNorm.value(), config.rmsNormEps(), normed);
        return normed;
    }

    /** Embedding and layers, which leave in their {@code memory}, if there, what decoding goes on from. */
    private Tensor layers(PackedBatch batch, boolean forBackward, Optional<IntFunction<DecodeState.Layer>> memory) {
        Tensor h = input(0, batch, forBackward);
        ops.embedding()
                .forward(embedding.value(), batch.ids(), config.multipliers().embedding(), h);
        for (int layer = 0; layer < blocks.size(); layer++) {
            Tensor out = layer + 1 < blocks.size() ? input(layer + 1, batch, forBackward) : output(batch);
            int index = layer;
            Activations activations = kept.get(forBackward ? layer : 0);
            blocks.get(layer).forward(h, batch, activations, memory.map(it -> it.apply(index)), out);
            h = out;
        }
        return h;
    }

    private void backward(PackedBatch batch, Tensor dNormed) {
        Tensor dh = scratch.get("dh", batch.rows(), config.hiddenSize());
        dh.fill(0);
        ops.norm()
                .rmsBackward(output(batch), finalNorm.value(), config.rmsNormEps(), dNormed, dh, finalNorm.gradient());
        int lastLayer = blocks.size() - 1;
        for (int layer = lastLayer; layer >= 0; layer--) {
            Tensor h = input(layer, batch, true);
            if (recompute == Recompute.BLOCK && layer < lastLayer) { // the last layer's are still there
                blocks.get(layer).remake(h, batch, kept.get(layer));
            }
            blocks.get(layer).backward(h, batch, kept.get(layer), scratch, dh);
        }
        ops.embedding()
                .backward(dh, batch.ids(), config.multipliers().embedding(), config.padTokenId(), embedding.gradient());
    }

    private Tensor input(int layer, PackedBatch batch, boolean forBackward) {
        return inputs.get(forBackward ? layer : 0).get("h", batch.rows(), config.hiddenSize());
    }

    private Tensor output(PackedBatch batch) {
        return scratch.get("h", batch.rows(), config.hiddenSize());
    }

    /** Scores by the padded head: those beyond the vocabulary are 0, and so are their gradients. */
    private Tensor logits(Tensor normed) {
        Tensor logits = scratch.get("logits", normed.rows(), head.value().rows());
        ops.matmul().forward(normed, head.value(), config.multipliers().lmHead(), logits);
        return logits;
    }

    private Tensor ofVocabulary(Tensor logits) {
        return logits.columns(0, config.vocabSize());
    }

    private int logitRows() {
        return Math.max(1, ops.loss().logitsAtOnce() / config.vocabSize()); // bounds their memory
    }

    private Tensor ownCopy(Tensor rows, TokenBatch tokens) {
        Tensor copy = ops.allocate(Shape.of(tokens.batch(), tokens.seqLen(), rows.columns()));
        ops.copy(rows, copy);
        return copy;
    }

    private PackedBatch packed(TokenBatch tokens) {
        for (int id : tokens.inputIds()) {
            checkId(id);
        }
        return new PackedBatch(tokens, boundaries);
    }

    private void checkId(int id) {
        if (id < 0 || id >= config.vocabSize()) {
            throw new DataException(
                    "token id %d: the model's vocabulary has ids 0 to %d; was the data tokenized for it?"
                            .formatted(id, config.vocabSize() - 1));
        }
    }
}
