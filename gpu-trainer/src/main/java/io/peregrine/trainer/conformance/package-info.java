/**
 * Holds a way of computing against golden vectors of the public reference implementation.
 *
 * <p>A golden file is a safetensors file beside a model folder, made with Hugging Face's {@code FalconH1ForCausalLM};
 * {@code src/test/golden-gen/transformers_golden.py} makes one of any checkpoint:
 *
 * <ul>
 *   <li>{@code input_ids (batch, seqLen)} int32; whole rows, one document each, labels = input ids
 *   <li>{@code logits (batch, seqLen, vocab)}, {@code loss (1)} mean cross-entropy of the next token
 *   <li>{@code hidden_states.i}: i = 0 scaled embeddings, 1 to L-1 outputs of layers, L behind the final norm
 *   <li>{@code grad.NAME} of the loss, for each parameter
 *   <li>{@code adamw.losses (3)}, {@code adamw.step3.NAME}: three AdamW steps on the same batch, rate 1e-2, betas 0.9 and
 *       0.95, epsilon 1e-8, decay 0.1 on tensors of two or more axes, no clipping
 *   <li>{@code greedy_ids (1, n)}: the first {@value io.peregrine.trainer.conformance.GoldenCase#PROMPT_TOKENS} ids of row
 *       0 and what follows them greedily
 * </ul>
 *
 * <p>Before: {@code trainer.checkpoint}, {@code trainer.model}. Read {@link
 * io.peregrine.trainer.conformance.ConformanceCheck}, then {@link io.peregrine.trainer.conformance.Tolerances}.
 */
package io.peregrine.trainer.conformance;
