/**
 * Better text from the run's own documents, with provenance and with checks: stage 40.
 *
 * <p>Before: {@code data.dedup}. After: {@code data.tokenizer}. A {@link io.peregrine.rewrite.Rewriter} answers for one
 * document; {@code accept} decides whether the answer may stand; {@code jobs} runs both over the table. Nothing is
 * invented unseen: an answer that loses a number, an address or a formula is refused, and kept with the reason.
 *
 * <p>The one rewriter there is today, {@code cleanup}, is no language model and makes no use of one: it puts the structure
 * of a text in order. What a model is asked is made by {@code prompts}, from the templates of {@code conf/rewrite/prompts}.
 *
 * <p>Read {@link io.peregrine.rewrite.Rewriter}, {@link io.peregrine.rewrite.RewriteConfig}, then {@code cleanup}, then
 * {@code accept}, then {@code prompts}.
 */
package io.peregrine.rewrite;
