/**
 * Signatures on OpenCL devices.
 *
 * <p>Here is the kernel of {@link io.peregrine.data.dedup.MinimaKernel} for Aparapi, and the choice of a device; all else of
 * a signature is in {@code data.dedup}, and {@link io.peregrine.data.dedup.JavaMinima} is the twin whose bits this must
 * give. Nothing here falls back: a device that is not there, or a kernel that ran somewhere else, is an error. Read {@link
 * io.peregrine.data.dedup.opencl.OpenClMinima}, then {@link io.peregrine.data.dedup.opencl.MinimaProgram}.
 */
package io.peregrine.data.dedup.opencl;
