package io.peregrine.trainer.ops;

/**
 * Sizes of a training step, from which operations tell what memory they take besides the tensors that they are given.
 *
 * @param batch sequences of a micro-batch
 * @param seqLen tokens of a sequence
 * @param convChannels channels of the convolution
 * @param convTaps its taps
 * @param widestNorm columns of the widest tensor that is normalized
 * @param widestBias columns of the widest tensor that a bias is added to, 0 where there is no bias
 * @param tensors how many parameters are trained
 * @param numbers how many numbers they hold
 */
public record StepShape(
        int batch,
        int seqLen,
        ScanOps.Dims scan,
        AttentionOps.Dims attention,
        int convChannels,
        int convTaps,
        int widestNorm,
        int widestBias,
        int tensors,
        long numbers) {
    /** Tokens of a micro-batch. */
    public long rows() {
        return (long) batch * seqLen;
    }
}
