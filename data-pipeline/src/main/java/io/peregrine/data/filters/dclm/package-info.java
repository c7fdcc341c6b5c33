/**
 * The RefinedWeb filters as DataComp-LM reproduced them: profile {@code dclm-refinedweb}, definitions {@code dclm}.
 *
 * <p>{@link io.peregrine.data.filters.dclm.DclmAnnotator} caps line breaks, measures the whole document, then corrects it
 * line by line ({@link io.peregrine.data.filters.dclm.LineCorrections}) and measures what that removed. The limits and
 * their order are {@code conf/filters/dclm-refinedweb.yaml}.
 *
 * <p>Not here: its URL filters ({@code data.url}), its language filter ({@code data.language}), its fastText quality
 * classifier ({@code data.quality}), and the removal of addresses inside the text, which needs the list of all top-level
 * domains.
 *
 * @see <a href="https://arxiv.org/abs/2406.11794">DataComp-LM</a>, section 4.2 and appendix
 * @see <a href="https://arxiv.org/abs/2306.01116">The RefinedWeb Dataset</a>, appendix G.2
 */
package io.peregrine.data.filters.dclm;
