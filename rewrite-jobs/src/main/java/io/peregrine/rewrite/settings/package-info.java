/**
 * The settings of rewriting by a language model: section {@code rewrite.model} of a run file.
 *
 * <p>Begin with {@link io.peregrine.rewrite.settings.ModelConfig}. Each record checks itself and says what it means to {@code
 * calls} and {@code prompts}, which know no settings. What decides the outcome (model, templates, variants) is told apart
 * from what does not (servers, rates, budget): {@link io.peregrine.rewrite.settings.ModelConfig#decisive}.
 */
package io.peregrine.rewrite.settings;
