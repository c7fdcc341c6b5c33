/**
 * From raw text to token sequences: the first half of the flow, stages 10 to 50.
 *
 * <p>A {@link io.peregrine.data.Document} is what travels. Packages in the order in which it does: {@code sources} and
 * {@code extract} make documents, {@code language} and {@code filters} judge them (a word is what {@code text} says), {@code dedup} removes copies,
 * {@code tokenizer} turns text into ids. Below them lie what every module shares: {@code config} (strict YAML),
 * {@code seed} (random draws that repeat), {@code manifest} (what a stage read and wrote), {@code progress}.
 *
 * <p>All of these are plain Java. Spark is met in {@code jobs} only, which wires the rules to tables.
 *
 * <p>In this package and all below it, nulls are neither accepted nor returned, and classes are immutable, unless they
 * say otherwise.
 */
package io.peregrine.data;
