package io.peregrine.trainer.ops;

import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One way of computing: the families of operations, and the tensors they work on.
 *
 * <p>Thread: one caller at a time. Ownership: closing frees the threads behind it; tensors stay readable.
 */
public interface Ops extends AutoCloseable {
    /** What it is called on the command line: {@code reference}, {@code cpu} or {@code cuda}. */
    String name();

    /** Kind of the numbers in the tensors of {@link #allocate}. */
    DType dtype();

    /** A tensor of zeros for activations and their gradients, of kind {@link #dtype}. */
    Tensor allocate(Shape shape);

    /**
     * A tensor of zeros for what must not be rounded: gradients of parameters, moments, vectors that scale, step sizes,
     * states. Of kind {@link #dtype} where that is exact enough, else float32.
     */
    Tensor allocateExact(Shape shape);

    /** A tensor of zeros for parameters: exact, and ready for the products that read it. */
    default Tensor allocateParameter(Shape shape) {
        return allocateExact(shape);
    }

    /**
     * Bytes that a number takes, copies included.
     *
     * @param activation of {@link #allocate}
     * @param exact of {@link #allocateExact}
     * @param parameter of {@link #allocateParameter}
     */
    record NumberBytes(int activation, int exact, int parameter) {}

    /** Bytes that a number of each kind of tensor takes. */
    default NumberBytes numberBytes() {
        return new NumberBytes(dtype().bytes(), dtype().bytes(), dtype().bytes());
    }

    /** Host memory for copies of a tensor of these operations ({@link Tensor#copyTo}), of a kind that loses nothing. */
    default Tensor allocateOnHost(Tensor like) {
        return Tensor.zeros(like.dtype() == DType.F64 ? DType.F64 : DType.F32, like.shape());
    }

    /** As many zeros for ids and positions. */
    Ints allocateInts(int size);

    /**
     * The work, for doing it again and again: a device may be told of it once and then only be asked to do it.
     *
     * @param work asks for the same operations on the same tensors each time, reads nothing back and, after its first time,
     *     allocates nothing
     */
    default Runnable repeatable(Runnable work) {
        return work;
    }

    /** What computes, for people: the name, and the device's where there is one. */
    default String describe() {
        return name();
    }

    /**
     * What computes, in numbers.
     *
     * @param peakFlops floating-point operations a second that the datasheet promises for this kind of numbers, if known
     * @param bytesInUse memory of the device in tensors now, if it has memory of its own
     * @param mostBytes the most that was in tensors at once
     */
    record Hardware(OptionalDouble peakFlops, OptionalLong bytesInUse, OptionalLong mostBytes) {
        /** Nothing is known. */
        public static final Hardware UNKNOWN =
                new Hardware(OptionalDouble.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    /** What computes, in numbers, as far as they are known. */
    default Hardware hardware() {
        return Hardware.UNKNOWN;
    }

    /**
     * Bytes of the device that operations take for themselves during such steps, besides the tensors they are given: no less
     * than they will take.
     */
    default long ownBytes(StepShape step) {
        return 0;
    }

    /** Memory of the device that nobody has now, if it has memory of its own. Asks the driver: not for every step. */
    default OptionalLong freeBytes() {
        return OptionalLong.empty();
    }

    /** Overwrites {@code to} with {@code from}, both {@code (rows, columns)}. */
    void copy(Tensor from, Tensor to);

    /** Adds {@code from} to {@code to}, both {@code (rows, columns)}. */
    void add(Tensor from, Tensor to);

    /** The families of operations, each of which has a method of its own below. */
    record Families(
            EmbeddingOps embedding,
            MatmulOps matmul,
            NormOps norm,
            ActivationOps activation,
            ConvOps conv,
            ScanOps scan,
            AttentionOps attention,
            LossOps loss,
            OptimOps optim,
            DecodeOps decode) {}

    /** What computes. */
    Families families();

    default EmbeddingOps embedding() {
        return families().embedding();
    }

    default MatmulOps matmul() {
        return families().matmul();
    }

    default NormOps norm() {
        return families().norm();
    }

    default ActivationOps activation() {
        return families().activation();
    }

    default ConvOps conv() {
        return families().conv();
    }

    default ScanOps scan() {
        return families().scan();
    }

    default AttentionOps attention() {
        return families().attention();
    }

    default LossOps loss() {
        return families().loss();
    }

    default OptimOps optim() {
        return families().optim();
    }

    default DecodeOps decode() {
        return families().decode();
    }

    @Override
    void close();
}
