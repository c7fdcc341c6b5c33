/**
 * How long must it be until the same sequences help again? Arms from one checkpoint of a run that see some of its sequences
 * twice, more or less far apart, beside one that sees others in place of the repeats.
 *
 * <p>Read {@link io.peregrine.trainer.experiments.reuse.ReusePattern}: which sequence is where. The arms are those of {@code
 * experiments.arms}.
 */
package io.peregrine.trainer.experiments.reuse;
