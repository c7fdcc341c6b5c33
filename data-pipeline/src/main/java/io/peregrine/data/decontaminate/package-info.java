/**
 * Finds texts of evaluation sets inside training documents.
 *
 * <p>A text is compared as near-duplicate detection sees it ({@link io.peregrine.data.dedup.SimplifiedText}: case, numbers,
 * punctuation and accents do not count), in runs of 13 words as GPT-3 did it (arXiv:2005.14165, appendix C). {@link
 * io.peregrine.data.decontaminate.EvaluationSets} reads the sets, {@link io.peregrine.data.decontaminate.EvaluationIndex}
 * knows every run of words of every item, {@link io.peregrine.data.decontaminate.Contamination} is what a document shares
 * with them, with places. {@link io.peregrine.data.decontaminate.DecontaminateConfig} holds the settings.
 *
 * <p>Before: {@code data.dedup}, so that a text is looked at once. After: rewriting and the tokenizer, which then never
 * learn from an answer sheet. {@code data.jobs.DecontaminateJob} brings it to tables. Numbers are all alike here, so an
 * exercise that differs from another in its numbers only is found too; whether that is meant is for its reader to say.
 */
package io.peregrine.data.decontaminate;
