/**
 * Limits and stop words for a language, learned from text that is trusted: FineWeb-2's idea as a tool.
 *
 * <p>{@link io.peregrine.data.filters.calibrate.Calibrator} takes reference documents one by one, wherever they are read,
 * and keeps a sample of each language that does not depend on order or partitioning; its {@code finish} learns stop words
 * from the sample, measures it with the annotator of the profile, chooses a limit for each rule ({@link
 * io.peregrine.data.filters.calibrate.LimitMethod}) and gives a {@link io.peregrine.data.filters.calibrate.Calibration}:
 * a profile that can be written to a file and loaded by its path, and a table of what each rule drops of the reference.
 *
 * <p>Not here: reading the reference, and which annotator belongs to a profile; {@code data.jobs} hands both in.
 *
 * @see <a href="https://arxiv.org/abs/2506.20920">FineWeb2: One Pipeline to Scale Them All</a>, section on filtering. Its
 *     authors publish the limits but not their derivation; the methods here are ours under their names
 */
package io.peregrine.data.filters.calibrate;
