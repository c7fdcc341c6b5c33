/**
 * The command that looks at a finished tokenizer without Spark, {@code tokenizer encode}. Training, encoding and measuring of
 * a run are in {@code data.jobs}.
 */
package io.peregrine.data.tokenizer.cli;
