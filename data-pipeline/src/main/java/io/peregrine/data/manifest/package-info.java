/**
 * What a stage read, wrote and dropped, and where it all lies.
 *
 * <p>{@link io.peregrine.data.manifest.RunLayout} names the folders of a run, in the order of the
 * {@link io.peregrine.data.manifest.Stage}s. Each finished stage leaves a
 * {@link io.peregrine.data.manifest.StageManifest}, written last and atomically: a stage without one has not happened.
 * {@link io.peregrine.data.manifest.RunLock} keeps a second process out of the same folder. {@link
 * io.peregrine.data.manifest.PayloadDigest} is the identity of a table: its content, never its files.
 */
package io.peregrine.data.manifest;
