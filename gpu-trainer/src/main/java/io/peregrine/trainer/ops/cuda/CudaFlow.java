package io.peregrine.trainer.ops.cuda;

import static io.peregrine.trainer.ops.cuda.CudaDecode.address;
import static io.peregrine.trainer.ops.cuda.CudaDecode.counts;
import static io.peregrine.trainer.ops.cuda.CudaDecode.rounded;
import static io.peregrine.trainer.ops.cuda.CudaDecode.scales;
import static io.peregrine.trainer.ops.cuda.CudaDecode.weightFits;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.cuda.NativeDecode;
import io.peregrine.trainer.ops.AttentionOps;
import io.peregrine.trainer.ops.DecodeOps.AttentionStep;
import io.peregrine.trainer.ops.DecodeOps.LayerStep;
import io.peregrine.trainer.ops.DecodeOps.Mixer;
import io.peregrine.trainer.ops.DecodeOps.Positions;
import io.peregrine.trainer.ops.DecodeOps.Product;
import io.peregrine.trainer.ops.DecodeOps.Step;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Steps of brief sequences, where there is a kernel for the shapes: of one sequence {@code decode_flow.cuh}, in which there are
 * whole steps, of several {@code decode_many.cuh}, which has the layers of a step. Their numbers are those of the operations one
 * by one, bit for bit.
 */
final class CudaFlow {
    /** Rows of the head that are read at once: {@code kUnit}. */
    private static final int ROWS = 8;

    /** Bytes that a bulk copy begins and ends at multiples of. */
    private static final int COPIED = 16;

    private final CudaDevice device;
    private final RotaryAngles angles;
    private final Map<Key, Boolean> fits = new HashMap<>();
    private final Map<Key, DeviceTensor> memory = new HashMap<>();

    /** All that the kernel's plan depends on. */
    private record Key(
            int hidden,
            int width,
            ScanOps.Dims mixer,
            int taps,
            AttentionOps.Dims attention,
            int capacity,
            int layers,
            int sequences) {
        static Key of(List<LayerStep> layers, Positions positions) {
            LayerStep first = layers.get(0);
            Mixer mixer = first.mixer().mixer();
            return new Key(
                    first.p().weight().columns(),
                    first.down().weight().columns(),
                    mixer.dims(),
                    mixer.convWeight().columns(),
                    first.attention().dims(),
                    positions.capacity(),
                    layers.size(),
                    positions.sequences());
        }

        int[] numbers() {
            return new int[] {
                hidden,
                width,
                mixer.nHeads(),
                mixer.dHead(),
                mixer.nGroups(),
                mixer.dState(),
                taps,
                attention.numHeads(),
                attention.numKeyValueHeads(),
                attention.headDim(),
                capacity,
                layers,
                sequences
            };
        }
    }

    CudaFlow(CudaDevice device, RotaryAngles angles) {
        this.device = device;
        this.angles = angles;
    }

    /** Whether {@link #run} can do it. */
    boolean fits(Step step, Positions positions) {
        return step.layers().stream().allMatch(CudaFlow::canBeRead)
                && isWhole(step.head().weight())
                && step.head().weight().rows() % ROWS == 0
                && step.head().y().stride() == step.head().weight().rows()
                && Stream.of(rounded(step.head().weight()), address(step.gain()))
                        .allMatch(CudaFlow::isAligned)
                && fits.computeIfAbsent(
                        Key.of(step.layers(), positions),
                        shape -> NativeDecode.flowFits(device.handle(), shape.numbers()));
    }

    void run(Step step, Positions positions, int tokens) {
        List<LayerStep> layers = step.layers();
        Key shape = Key.of(layers, positions);
        AttentionStep attention = layers.get(0).attention();
        Product head = step.head();
        long[] ends = {
            address(step.table()),
            address(step.ids()),
            counts(positions),
            address(step.chosen()),
            address(step.gain()),
            rounded(head.weight()),
            head.weight().rows(),
            step.vocab(),
            address(head.y())
        };
        device.check(
                NativeDecode.flow(
                        device.handle(),
                        shape.numbers(),
                        (float) step.epsilon(),
                        layers.stream().flatMapToLong(CudaFlow::addresses).toArray(),
                        scales(layers.stream().flatMap(CudaFlow::numbers).toList()),
                        ends,
                        (float) step.embeddingScale(),
                        (float) head.scale(),
                        tokens,
                        angles.of(attention.dims().headDim(), attention.ropeBase(), positions.capacity())
                                .address(),
                        memory.computeIfAbsent(shape, this::prepared).address()),
                "%d tokens of %d sequences through %d layers of %s",
                tokens,
                positions.sequences(),
                layers.size(),
                attention.dims());
    }

    /** What {@code decode_flow} is written for, but for widths: bf16, weights without gaps, all where a bulk copy can begin. */
    private static boolean canBeRead(LayerStep layer) {
        return layer.p().y().dtype() == DType.BF16
                && layer.mixer().mixer().gated()
                && Stream.of(
                                layer.p().weight(),
                                layer.qkv().weight(),
                                layer.mixed().weight(),
                                layer.attended().weight(),
                                layer.gateUp(),
                                layer.down().weight())
                        .allMatch(CudaFlow::isWhole)
                && addresses(layer).allMatch(CudaFlow::isAligned);
    }

    private static boolean isWhole(Tensor weight) {
        return weightFits(weight) && weight.stride() == weight.columns();
    }

    private static boolean isAligned(long address) {
        return address % COPIED == 0;
    }

    private DeviceTensor prepared(Key shape) {
        long bytes = NativeDecode.flowBytes(device.handle(), shape.numbers());
        DeviceTensor memory = device.zeros(DType.F32, Shape.of((bytes + Float.BYTES - 1) / Float.BYTES));
        device.check(
                NativeDecode.flowPrepare(device.handle(), shape.numbers(), memory.address()),
                "memory between the blocks of %s",
                shape);
        return memory;
    }

    private static LongStream addresses(LayerStep layer) {
        Mixer mixer = layer.mixer().mixer();
        return LongStream.of(
                address(layer.inputGain()),
                rounded(layer.p().weight()),
                rounded(layer.qkv().weight()),
                address(mixer.convScale()),
                address(mixer.convWeight()),
                address(mixer.convBias()),
                address(mixer.dtBias()),
                address(mixer.aLog()),
                address(mixer.dSkip()),
                address(layer.mixer().windows()),
                address(layer.mixer().states()),
                address(layer.attention().keys()),
                address(layer.attention().values()),
                rounded(layer.mixed().weight()),
                rounded(layer.attended().weight()),
                address(layer.feedForwardGain()),
                rounded(layer.gateUp()),
                rounded(layer.down().weight()));
    }

    private static Stream<Double> numbers(LayerStep layer) {
        Mixer mixer = layer.mixer().mixer();
        return Stream.of(
                mixer.dtScale(),
                mixer.dtMin(),
                mixer.dtMax(),
                mixer.zScale(),
                layer.p().scale(),
                layer.qkv().scale(),
                layer.attention().keyScale(),
                layer.mixed().scale(),
                layer.attended().scale(),
                layer.gateScale(),
                layer.down().scale());
    }
}
