/**
 * The operations on an NVIDIA device: bf16 activations over float32 parameters, or float32 throughout for comparison.
 *
 * <p>Each class is one family; each method checks nothing but what its kernel cannot do, and makes one call. Before: {@code
 * trainer.cuda}, {@code trainer.ops}. After: {@code trainer.ops.backend}. Read {@link
 * io.peregrine.trainer.ops.cuda.CudaOps} first.
 */
package io.peregrine.trainer.ops.cuda;
