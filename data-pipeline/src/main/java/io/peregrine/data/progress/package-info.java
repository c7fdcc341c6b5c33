/**
 * What a person sees while long work runs: a live line on a terminal, plain lines elsewhere.
 *
 * <p>{@link io.peregrine.data.progress.Progress} is handed down from {@code main}; {@link
 * io.peregrine.data.progress.ConsoleProgress} is the one that prints.
 */
package io.peregrine.data.progress;
