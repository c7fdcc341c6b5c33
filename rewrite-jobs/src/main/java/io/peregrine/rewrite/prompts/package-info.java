/**
 * What a language model is asked, and in which form: templates, segments, requests. Pure functions; nothing is sent.
 *
 * <p>After: {@code calls}, which sends a {@link io.peregrine.rewrite.prompts.Prompt} and brings an {@link
 * io.peregrine.rewrite.prompts.Answer} back.
 */
package io.peregrine.rewrite.prompts;
