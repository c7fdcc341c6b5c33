/**
 * What a language model is asked, and in which form: templates, segments, requests. Pure functions; nothing is sent.
 *
 * <p>After: {@code calls}, which sends a {@link io.peregrine.rewrite.prompts.Prompt} and brings an {@link
 * io.peregrine.rewrite.prompts.Answer} back; then {@code accept}, which judges it.
 *
 * <p>Read {@link io.peregrine.rewrite.prompts.Template} beside a file of {@code conf/rewrite/prompts}, then {@link
 * io.peregrine.rewrite.prompts.Requests}. {@link io.peregrine.rewrite.prompts.Segmenter} cuts long documents, {@link
 * io.peregrine.rewrite.prompts.RequestPlan} says what becomes of the parts, {@link io.peregrine.rewrite.prompts.PostStep}
 * is what is done with an answer. {@link io.peregrine.rewrite.prompts.DataBlock} keeps a hostile text inside its block.
 */
package io.peregrine.rewrite.prompts;
