/**
 * The mixture: which stream's sequence is trained at which position, decided before the first step and written down.
 *
 * <p>Here is the plan as data: {@link io.peregrine.mixture.MixtureConfig} is what a person asks for,
 * {@link io.peregrine.mixture.MixturePlan} what was decided. Before: {@code data.tokenizer} (token sequences of whole
 * documents). After: {@code trainer.loader}, which reads plan and shards without Spark.
 *
 * <p>Reading order: {@link io.peregrine.mixture.MixtureConfig}, {@code pack} (documents into sequences), {@code plan}
 * (sequences per block and stream), {@code order} (position to stream and row), {@code shard} (the files), {@code jobs}
 * (the Spark wiring of stages 60 and 70; the only package here that knows an engine).
 *
 * <p>Beside the flow stand {@code optimize} (weights from proxy runs), {@code scaling} (loss by size and repetition), {@code
 * window} (how long a sequence is remembered) and {@code fit}, which all need: what they propose is floating point, and becomes
 * a plan when a person writes it into a run file.
 *
 * <p>Everything that decides in a plan is integer arithmetic on longs; no floating-point number reaches a decision. Nulls are
 * neither accepted nor returned, and classes are immutable unless they say otherwise.
 */
package io.peregrine.mixture;
