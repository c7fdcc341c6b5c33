package io.peregrine.trainer.ops.plan;

import io.peregrine.trainer.ops.ActivationOps;
import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.ConvOps;
import io.peregrine.trainer.ops.DecodeOps;
import io.peregrine.trainer.ops.EmbeddingOps;
import io.peregrine.trainer.ops.LossOps;
import io.peregrine.trainer.ops.MatmulOps;
import io.peregrine.trainer.ops.NormOps;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.OptimOps;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.ops.StepShape;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.HostInts;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Operations in the place of others: they do nothing, and their tensors are shapes that were counted with the bytes that the
 * others' would take. What the others say of sizes ({@link ScanOps#memory}, {@link LossOps#logitsAtOnce}) is theirs.
 */
public final class PlanningOps implements Ops {
    private final Ops real;
    private final Families families;
    private long bytes;

    /** @param real asked for sizes, and for nothing else */
    public PlanningOps(Ops real) {
        this.real = real;
        this.families = new Families(
                idle(EmbeddingOps.class, real.embedding()),
                idle(MatmulOps.class, real.matmul()),
                idle(NormOps.class, real.norm()),
                idle(ActivationOps.class, real.activation()),
                idle(ConvOps.class, real.conv()),
                idle(ScanOps.class, real.scan()),
                idle(AttentionOps.class, real.attention()),
                idle(LossOps.class, real.loss()),
                idle(OptimOps.class, real.optim()),
                idle(DecodeOps.class, real.decode()));
    }

    /** Bytes of all tensors asked for so far. */
    public long bytes() {
        return bytes;
    }

    /** A family that does nothing; methods that answer with a size or a shape are the real one's. */
    private static <T> T idle(Class<T> family, T real) {
        InvocationHandler handler = (proxy, method, arguments) ->
                answersSize(method) ? ask(real, method, arguments) : nothing(method.getReturnType());
        return family.cast(Proxy.newProxyInstance(family.getClassLoader(), new Class<?>[] {family}, handler));
    }

    private static boolean answersSize(Method method) {
        return method.getReturnType() == Shape.class || method.getReturnType() == int.class;
    }

    private static Object ask(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object nothing(Class<?> type) {
        return type == double.class ? (Object) 0.0 : null;
    }

    private Tensor counted(DType dtype, Shape shape, int bytesPerNumber) {
        bytes += shape.elements() * bytesPerNumber;
        return new PlannedTensor(dtype, shape);
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public DType dtype() {
        return real.dtype();
    }

    @Override
    public NumberBytes numberBytes() {
        return real.numberBytes();
    }

    @Override
    public long ownBytes(StepShape step) {
        return real.ownBytes(step);
    }

    @Override
    public Tensor allocate(Shape shape) {
        return counted(dtype(), shape, numberBytes().activation());
    }

    @Override
    public Tensor allocateExact(Shape shape) {
        return counted(exact(), shape, numberBytes().exact());
    }

    @Override
    public Tensor allocateParameter(Shape shape) {
        return counted(exact(), shape, numberBytes().parameter());
    }

    private DType exact() {
        return numberBytes().exact() == Double.BYTES ? DType.F64 : DType.F32;
    }

    @Override
    public Ints allocateInts(int size) {
        return new HostInts(size);
    }

    @Override
    public void copy(Tensor from, Tensor to) {
        // There is nothing to copy.
    }

    @Override
    public void add(Tensor from, Tensor to) {
        // There is nothing to add.
    }

    @Override
    public Families families() {
        return families;
    }

    @Override
    public void close() {
        // Nothing is held; the real operations are the caller's.
    }
}
