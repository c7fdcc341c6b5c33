/**
 * The commands that look at a finished tokenizer without Spark: {@code tokenizer encode} and {@code tokenizer report}.
 * Training and encoding of a run are stages, see {@code data.jobs}.
 */
package io.peregrine.data.tokenizer.cli;
