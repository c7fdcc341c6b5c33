package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.cuda.RecordedWork;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.StepShape;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Every operation on one NVIDIA device, in order, on one stream.
 *
 * <p>Two runs of the same operations on one kind of device give the same bits. Ownership: closing closes the device.
 */
public final class CudaOps implements Ops {
    private final CudaDevice device;
    private final DType dtype;
    private final CudaScan scan;
    private final Families families;
    private Optional<OptionalDouble> peakFlops = Optional.empty();

    /**
     * @param device to compute on; closed with these operations
     * @param dtype of activations: {@link DType#BF16}, or {@link DType#F32} to be compared
     */
    public CudaOps(CudaDevice device, DType dtype) {
        this.device = device;
        this.dtype = dtype;
        DeviceSegments segments = new DeviceSegments(device);
        RotaryAngles angles = new RotaryAngles(device);
        CudaMatmul matmul = new CudaMatmul(device);
        CudaNorm norm = new CudaNorm(device);
        CudaActivation activation = new CudaActivation(device);
        this.scan = new CudaScan(device, dtype, segments);
        this.families = new Families(
                new CudaEmbedding(device),
                matmul,
                norm,
                activation,
                new CudaConv(device, segments),
                scan,
                new CudaAttention(device, segments, angles),
                new CudaLoss(device),
                new CudaOptim(device),
                new CudaDecode(device, angles, matmul, norm, activation));
    }

    @Override
    public String name() {
        return "cuda";
    }

    /** The device and its versions; and, once they have been scanned, the shapes that it is slow at. */
    @Override
    public String describe() {
        return Stream.concat(Stream.of(device.description()), scan.slower().stream())
                .collect(Collectors.joining("; "));
    }

    @Override
    public Hardware hardware() {
        if (peakFlops.isEmpty()) {
            peakFlops = Optional.of(dtype == DType.BF16 ? peakFlops() : OptionalDouble.empty());
        }
        return new Hardware(
                peakFlops.get(), OptionalLong.of(device.allocatedBytes()), OptionalLong.of(device.mostBytes()));
    }

    /** Where it is not known, the log says so: once, because this is asked once. */
    private OptionalDouble peakFlops() {
        OptionalDouble known = PeakFlops.of(device.name());
        if (known.isEmpty()) {
            LoggerFactory.getLogger(CudaOps.class)
                    .warn("{}: its peak in bf16 is not known here, so no share of it (mfu) is told", device.name());
        }
        return known;
    }

    @Override
    public long ownBytes(StepShape step) {
        return new OwnMemory(dtype, device.blockMemory(), step).bytes();
    }

    @Override
    public OptionalLong freeBytes() {
        return OptionalLong.of(device.freeBytes());
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    /** What is computed on. */
    public CudaDevice device() {
        return device;
    }

    @Override
    public Tensor allocate(Shape shape) {
        return device.zeros(dtype, shape);
    }

    @Override
    public Tensor allocateExact(Shape shape) {
        return device.zeros(DType.F32, shape);
    }

    @Override
    public NumberBytes numberBytes() {
        int exact = DType.F32.bytes();
        return new NumberBytes(dtype.bytes(), exact, dtype == DType.BF16 ? exact + dtype.bytes() : exact);
    }

    @Override
    public Tensor allocateParameter(Shape shape) {
        return dtype == DType.BF16 ? device.zerosWithRoundedCopy(shape) : device.zeros(DType.F32, shape);
    }

    @Override
    public Tensor allocateOnHost(Tensor like) {
        return device.pinned(like.shape());
    }

    @Override
    public Ints allocateInts(int size) {
        return new DeviceInts(device, size);
    }

    @Override
    public Runnable repeatable(Runnable work) {
        return new RecordedWork(device, work);
    }

    @Override
    public void copy(Tensor from, Tensor to) {
        to.copyFrom(from);
    }

    @Override
    public void add(Tensor from, Tensor to) {
        DeviceTensor source = (DeviceTensor) from;
        DeviceTensor target = (DeviceTensor) to;
        device.check(
                Native.add(
                        device.handle(),
                        source.kind(),
                        source.address(),
                        source.stride(),
                        target.address(),
                        target.stride(),
                        target.rows(),
                        target.columns()),
                "adding %s",
                to);
    }

    @Override
    public Families families() {
        return families;
    }

    @Override
    public void close() {
        device.close();
    }
}
