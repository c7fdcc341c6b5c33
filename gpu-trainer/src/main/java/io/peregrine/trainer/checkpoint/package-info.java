/**
 * Checkpoints on disk: a folder per step in the layout of Hugging Face, plus what the run needs to go on.
 *
 * <p>A checkpoint {@code step-000200} holds
 *
 * <ul>
 *   <li>{@code config.json}, {@code model.safetensors}, {@code tokenizer.json} and its companions: what
 *       {@code transformers}, vLLM and llama.cpp load;
 *   <li>{@code optimizer.safetensors}: AdamW's moments, fp32, {@code exp_avg.NAME} and {@code exp_avg_sq.NAME} for each
 *       tensor NAME of the model;
 *   <li>{@code run_state.json}: see {@link io.peregrine.trainer.checkpoint.RunState};
 *   <li>{@code checkpoint.json}, written last: {@code files}, name to {@code bytes} and {@code sha256} of every other
 *       file. A folder without it was never finished and is never read.
 * </ul>
 *
 * <p>Before: {@code trainer.train}. Read {@link io.peregrine.trainer.checkpoint.Checkpoints} (writing, finding, keeping),
 * {@link io.peregrine.trainer.checkpoint.CheckpointRetention} (which stay),
 * {@link io.peregrine.trainer.checkpoint.Checkpoint} (verifying) and {@link io.peregrine.trainer.checkpoint.RunState}; {@code Safetensors} is the tensor
 * file format, {@code WeightFiles} the one or several of a model.
 */
package io.peregrine.trainer.checkpoint;
