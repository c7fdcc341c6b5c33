package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.CudaException;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.Native;
import io.peregrine.trainer.cuda.NativeDecode;
import io.peregrine.trainer.ops.ActivationOps;
import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.MatmulOps;
import io.peregrine.trainer.ops.NormOps;
import io.peregrine.trainer.ops.PlainDecode;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Ints;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Decoding: {@code decode.cuh}. Products of bf16 whose rows are whole blocks are our own, which read a weight once for all
 * sequences; others are cuBLASLt's, in several operations. Whole steps are asked for where that can be ({@link CudaFlow}).
 */
final class CudaDecode extends PlainDecode {
    private static final int MAX_STATE = 256;

    private final CudaDevice device;
    private final RotaryAngles angles;
    private final Map<AttentionShape, Partials> partials = new HashMap<>();
    private final CudaFlow flow;

    private record AttentionShape(AttentionOps.Dims dims, int sequences, int capacity) {}

    /** What the blocks of one head leave for the last of them, and how many have. */
    private record Partials(DeviceTensor sums, DeviceTensor counters) {}

    CudaDecode(CudaDevice device, RotaryAngles angles, MatmulOps matmul, NormOps norm, ActivationOps activation) {
        super(matmul, norm, activation);
        this.device = device;
        this.angles = angles;
        this.flow = new CudaFlow(device, angles);
    }

    @Override
    public void embedding(Tensor table, Ints ids, double multiplier, Tensor h) {
        DeviceTensor to = (DeviceTensor) h;
        device.check(
                Native.embeddingForward(
                        device.handle(),
                        to.kind(),
                        address(table),
                        address(ids),
                        (float) multiplier,
                        to.address(),
                        to.stride(),
                        to.rows(),
                        to.columns()),
                "embedding of %s",
                h);
    }

    @Override
    public void normed(Tensor h, Tensor gain, double epsilon, Tensor n, List<Product> products) {
        if (!fits(h) || !products.stream().allMatch(product -> weightFits(product.weight()))) {
            super.normed(h, gain, epsilon, n, products);
            return;
        }
        long[] fields = products.stream()
                .flatMapToLong(product -> LongStream.of(
                        rounded(product.weight()),
                        product.weight().rows(),
                        product.weight().columns(),
                        address(product.y()),
                        product.y().stride(),
                        product.y().dtype() == DType.F32 ? 1 : 0))
                .toArray();
        device.check(
                NativeDecode.normed(
                        device.handle(),
                        h.rows(),
                        address(h),
                        h.stride(),
                        address(gain),
                        (float) epsilon,
                        fields,
                        scales(products.stream().map(Product::scale).toList())),
                "products of a token's norm %s",
                h);
    }

    @Override
    public void gated(
            Tensor h,
            Tensor gain,
            double epsilon,
            Tensor n,
            Tensor weight,
            double gateScale,
            Tensor gateUp,
            Tensor out) {
        if (!fits(h) || !weightFits(weight)) {
            super.gated(h, gain, epsilon, n, weight, gateScale, gateUp, out);
            return;
        }
        device.check(
                NativeDecode.gated(
                        device.handle(),
                        h.rows(),
                        address(h),
                        h.stride(),
                        address(gain),
                        (float) epsilon,
                        rounded(weight),
                        out.columns(),
                        h.columns(),
                        (float) gateScale,
                        address(out),
                        out.stride()),
                "gated products of a token %s",
                h);
    }

    @Override
    public void add(List<Term> terms, Tensor h) {
        if (!terms.stream().allMatch(term -> fits(term.x()) && weightFits(term.weight()))) {
            super.add(terms, h);
            return;
        }
        long[] fields = terms.stream()
                .flatMapToLong(term -> LongStream.of(
                        address(term.x()),
                        term.x().stride(),
                        rounded(term.weight()),
                        term.weight().columns()))
                .toArray();
        device.check(
                NativeDecode.add(
                        device.handle(),
                        h.rows(),
                        fields,
                        scales(terms.stream().map(Term::scale).toList()),
                        address(h),
                        h.stride(),
                        h.columns()),
                "products added to a token %s",
                h);
    }

    @Override
    public void mixer(MixerStep step, Positions positions) {
        device.check(
                NativeDecode.mixer(device.handle(), kind(step.p()), fields(step, positions), scales(step.mixer())),
                "mixer of a token %s",
                step.p());
    }

    @Override
    public void attention(AttentionStep step, Positions positions) {
        device.check(
                NativeDecode.attention(
                        device.handle(), kind(step.qkv()), fields(step, positions), (float) step.keyScale()),
                "attention of a token over %s with %s",
                step.keys(),
                step.dims());
    }

    @Override
    public void mix(MixerStep mixer, AttentionStep attention, Positions positions) {
        device.check(
                NativeDecode.mix(
                        device.handle(),
                        kind(mixer.p()),
                        fields(mixer, positions),
                        scales(mixer.mixer()),
                        fields(attention, positions),
                        (float) attention.keyScale()),
                "mixer of a token %s, and attention over %s with %s",
                mixer.p(),
                attention.keys(),
                attention.dims());
    }

    @Override
    public boolean steps(Step step, Positions positions, int count) {
        if (!flow.fits(step, positions)) {
            return false;
        }
        flow.run(step, positions, count);
        return true;
    }

    @Override
    public int stepsAtOnce(Step step, Positions positions) {
        return flow.fits(step, positions) ? MOST_STEPS : 1;
    }

    private static long[] fields(MixerStep step, Positions positions) {
        Mixer mixer = step.mixer();
        ScanOps.Dims dims = mixer.dims();
        if (dims.dState() > MAX_STATE) {
            throw new CudaException("mamba_d_state = %d: the cuda backend decodes with up to %d; use --backend cpu"
                    .formatted(dims.dState(), MAX_STATE));
        }
        return new long[] {
            positions.sequences(),
            dims.nHeads(),
            dims.dHead(),
            dims.nGroups(),
            dims.dState(),
            mixer.convWeight().columns(),
            positions.capacity(),
            address(mixer.convScale()),
            address(mixer.convWeight()),
            address(mixer.convBias()),
            address(mixer.dtBias()),
            address(mixer.aLog()),
            address(mixer.dSkip()),
            address(step.p()),
            step.p().stride(),
            counts(positions),
            address(step.windows()),
            address(step.states()),
            mixer.gated() ? 1 : 0,
            address(step.out()),
            step.out().stride()
        };
    }

    private static float[] scales(Mixer mixer) {
        return new float[] {
            (float) mixer.dtScale(), (float) mixer.dtMin(), (float) mixer.dtMax(), (float) mixer.zScale()
        };
    }

    private long[] fields(AttentionStep step, Positions positions) {
        AttentionOps.Dims dims = step.dims();
        Partials shared = partials(new AttentionShape(dims, positions.sequences(), positions.capacity()));
        return new long[] {
            positions.sequences(),
            dims.numHeads(),
            dims.numKeyValueHeads(),
            dims.headDim(),
            positions.capacity(),
            address(step.qkv()),
            step.qkv().stride(),
            angles.of(dims.headDim(), step.ropeBase(), positions.capacity()).address(),
            counts(positions),
            address(step.keys()),
            address(step.values()),
            shared.sums().address(),
            shared.counters().address(),
            address(step.out()),
            step.out().stride()
        };
    }

    @Override
    public void fillWindow(Tensor x, Tensor scale, Tensor window) {
        DeviceTensor from = (DeviceTensor) x;
        device.check(
                NativeDecode.fillWindow(
                        device.handle(),
                        from.kind(),
                        from.address(),
                        from.stride(),
                        from.rows(),
                        from.columns(),
                        window.rows(),
                        address(scale),
                        address(window)),
                "window behind %s",
                x);
    }

    @Override
    public void next(Tensor scores, Ints ids, Positions positions, Ints chosen, int at) {
        device.check(
                NativeDecode.next(
                        device.handle(),
                        scores.rows(),
                        address(scores),
                        scores.stride(),
                        scores.columns(),
                        address(ids),
                        address(chosen) + (long) at * scores.rows() * Integer.BYTES,
                        counts(positions),
                        positions.capacity()),
                "most likely of %s",
                scores);
    }

    private Partials partials(AttentionShape shape) {
        return partials.computeIfAbsent(shape, it -> {
            AttentionOps.Dims dims = it.dims();
            long bytes = NativeDecode.attentionPartialBytes(
                    it.sequences(), dims.numHeads(), dims.numKeyValueHeads(), dims.headDim(), it.capacity());
            long counters = NativeDecode.attentionCounters(
                    it.sequences(), dims.numHeads(), dims.numKeyValueHeads(), dims.headDim(), it.capacity());
            return new Partials(
                    device.zeros(DType.F32, Shape.of(bytes / Float.BYTES)),
                    device.zeros(DType.F32, Shape.of(counters))); // integers of the same size; 0 is 0
        });
    }

    private static boolean fits(Tensor activations) {
        return activations.dtype() == DType.BF16
                && NativeDecode.productFits(address(activations), activations.stride(), activations.columns());
    }

    static boolean weightFits(Tensor weight) {
        return ((DeviceTensor) weight).hasRounded()
                && NativeDecode.productFits(rounded(weight), weight.stride(), weight.columns());
    }

    static long rounded(Tensor weight) {
        return ((DeviceTensor) weight).roundedAddress();
    }

    static float[] scales(List<Double> scales) {
        float[] floats = new float[scales.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = scales.get(i).floatValue();
        }
        return floats;
    }

    private static int kind(Tensor tensor) {
        return ((DeviceTensor) tensor).kind();
    }

    static long counts(Positions positions) {
        return address(positions.counts());
    }

    static long address(Ints ints) {
        return ((DeviceInts) ints).address();
    }

    static long address(Tensor tensor) {
        return ((DeviceTensor) tensor).address();
    }

    static long address(Optional<Tensor> tensor) {
        return tensor.map(CudaDecode::address).orElse(0L);
    }
}
