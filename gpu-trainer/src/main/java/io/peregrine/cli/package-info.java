/**
 * The command line over all modules: what {@code ./peregrine COMMAND} runs.
 *
 * <p>{@link io.peregrine.cli.Peregrine} is the root; {@link io.peregrine.cli.CommandGroup} lists every command, in the
 * order in which data flows; {@link io.peregrine.cli.Failures} turns what a command throws into one line and an exit
 * code. The commands themselves stand in the packages of the work they do; here are only those that run whole flows.
 *
 * <p>Exit codes: 0 done, 1 a check failed, 2 bad input or wrong usage, 70 a fault of Peregrine itself.
 */
package io.peregrine.cli;
