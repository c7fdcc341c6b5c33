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
 * One brief sequence through all layers in one kernel, where there is one for the shapes: {@code decode_flow.cuh}. Its numbers
 * are those of the operations one by one, bit for bit.
 */
final class CudaFlow {
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
            int layers) {
        static Key of(List<LayerStep> layers, int capacity) {
            LayerStep first = layers.get(0);
            Mixer mixer = first.mixer().mixer();
            return new Key(
                    first.p().weight().columns(),
                    first.down().weight().columns(),
                    mixer.dims(),
                    mixer.convWeight().columns(),
                    first.attention().dims(),
                    capacity,
                    layers.size());
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
                layers
            };
        }
    }

    CudaFlow(CudaDevice device, RotaryAngles angles) {
        this.device = device;
        this.angles = angles;
    }

    /** Whether {@link #run} can do it. */
    boolean fits(List<LayerStep> layers, Positions positions) {
        return layers.stream().allMatch(CudaFlow::canBeRead)
                && fits.computeIfAbsent(
                        Key.of(layers, positions.capacity()),
                        shape -> NativeDecode.flowFits(device.handle(), shape.numbers()));
    }

    /** @param h {@code (1, hidden)}, updated */
    void run(List<LayerStep> layers, Tensor h, Positions positions) {
        Key shape = Key.of(layers, positions.capacity());
        AttentionStep attention = layers.get(0).attention();
        int headDim = attention.dims().headDim();
        device.check(
                NativeDecode.flow(
                        device.handle(),
                        shape.numbers(),
                        (float) layers.get(0).epsilon(),
                        layers.stream().flatMapToLong(CudaFlow::addresses).toArray(),
                        scales(layers.stream().flatMap(CudaFlow::numbers).toList()),
                        address(h),
                        counts(positions),
                        angles.of(headDim, attention.ropeBase(), positions.capacity())
                                .address(),
                        memory.computeIfAbsent(shape, this::prepared).address()),
                "%d layers of a token %s",
                layers.size(),
                h);
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
                        .allMatch(weight -> weightFits(weight) && weight.stride() == weight.columns())
                && addresses(layer).allMatch(address -> address % 16 == 0);
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
