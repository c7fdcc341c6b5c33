/**
 * The trainer as one archive for machines without Java: which jars it takes, its runtime, and how it is packed.
 *
 * <p>Before: {@code trainer.cuda}. After: {@code cli}. Read {@link io.peregrine.cli.bundle.TrainerBundle}.
 */
package io.peregrine.cli.bundle;
