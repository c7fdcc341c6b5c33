/**
 * NVIDIA devices: the native library, memory and tensors on a device, and their errors. The kernels themselves are CUDA C++
 * in {@code src/main/cuda}; this is the only package that touches native memory.
 *
 * <p>Before: {@code trainer.tensor}. After: {@code trainer.ops.cuda}. Read {@link
 * io.peregrine.trainer.cuda.CudaLibrary}, then {@link io.peregrine.trainer.cuda.CudaDevice}; {@link
 * io.peregrine.trainer.cuda.DeviceGroup} joins several.
 */
package io.peregrine.trainer.cuda;
