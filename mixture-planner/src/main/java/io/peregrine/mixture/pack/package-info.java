/**
 * Documents into sequences: which tokens of which document stand in which sequence, from the documents' lengths alone.
 *
 * <p>Before: {@code data.tokenizer}, which gives every document of a stream an ordinal. After: {@code mixture.plan}, which
 * needs the number of sequences, and {@code mixture.jobs}, which moves the tokens. As only lengths decide, the plan knows
 * how many sequences there will be before any token has been moved.
 *
 * <p>Documents are packed in groups, fixed runs of ordinals, each apart from the others: the result is the same for any
 * number of machines. Read {@link io.peregrine.mixture.pack.DocumentPacker}, then {@link
 * io.peregrine.mixture.pack.Packing}, which it makes. A sequence has at most the configured length, and only its first
 * document may have begun in an earlier one.
 */
package io.peregrine.mixture.pack;
