package io.peregrine.trainer.model;

/**
 * How the parts of a layer follow each other: state-space (S), attention (A) and feed-forward (M). Letters without a line
 * between them run side by side, and a line separates what runs one after the other.
 *
 * <p>The released models are {@link #SA_M}, and so is every model whose {@code model_type} is {@value
 * #FALCON_H1}. The others are ours, for ablations: no other library knows them, and their {@code model_type}, {@value
 * #PEREGRINE}, keeps one from loading them as what they are not.
 *
 * @see <a href="https://arxiv.org/abs/2507.22448">Falcon-H1</a>, section 2.1
 */
public enum BlockOrder {
    /** State-space and attention side by side, then the feed-forward part. */
    SA_M,

    /** All three side by side, behind one norm. */
    SAM,

    /** One after the other, each behind a norm of its own. */
    S_A_M;

    /** The {@code model_type} of Hugging Face's models. */
    public static final String FALCON_H1 = "falcon_h1";

    /** The {@code model_type} of models that only this program knows. */
    public static final String PEREGRINE = "peregrine_falcon_h1";

    /** The key of {@code config.json}, not one of Hugging Face's. */
    public static final String KEY = "peregrine_block_order";
}
