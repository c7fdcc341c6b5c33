/**
 * Better text from the run's own documents, with provenance and with checks: stage 40.
 *
 * <p>Before: {@code data.dedup}. After: {@code data.tokenizer}. A {@link io.peregrine.rewrite.Rewriter}, or a model, answers
 * for one document; {@code accept} decides whether the answer may stand; {@code jobs} runs both over the table. Nothing is
 * invented unseen: an answer that loses a number, an address or a formula is refused, and kept with the reason.
 *
 * <p>{@code cleanup} is no language model and makes no use of one: it puts the structure of a text in order. What a model is
 * asked is made by {@code prompts}, from the templates of {@code conf/rewrite/prompts}; {@code calls} sends it; {@code
 * dialogue} says what is asked next and what stands in the end; {@code settings} is what a run file says of all that.
 *
 * <p>Read {@link io.peregrine.rewrite.Rewriter}, {@link io.peregrine.rewrite.RewriteConfig}, then {@code cleanup}, {@code
 * accept}, {@code prompts}, {@code calls}, {@code dialogue}.
 */
package io.peregrine.rewrite;
