package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.cuda.DeviceTensor;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/** Cosines and sines of rotary positions on the device, made once and again when more positions are needed. */
final class RotaryAngles {
    private final CudaDevice device;
    private final Map<Key, DeviceTensor> tables = new HashMap<>();

    /** What cosines and sines depend on, besides the position. */
    private record Key(int headDim, double base) {}

    RotaryAngles(CudaDevice device) {
        this.device = device;
    }

    /** Cosine and sine of each position and pair of channels, {@code (positions or more, headDim)}; computed in double. */
    DeviceTensor of(int headDim, double base, int positions) {
        Key key = new Key(headDim, base);
        DeviceTensor table = tables.get(key);
        if (table == null || table.rows() < positions) {
            table = make(key, Integer.highestOneBit(Math.max(positions, 1) * 2 - 1));
            tables.put(key, table);
        }
        return table;
    }

    private DeviceTensor make(Key key, int positions) {
        int half = key.headDim() / 2;
        Tensor host = Tensor.zeros(DType.F32, Shape.of(positions, key.headDim()));
        float[] row = new float[key.headDim()];
        for (int position = 0; position < positions; position++) {
            for (int i = 0; i < half; i++) {
                double angle = position * Math.pow(key.base(), -2.0 * i / key.headDim());
                row[2 * i] = (float) Math.cos(angle);
                row[2 * i + 1] = (float) Math.sin(angle);
            }
            host.write(position, 0, row, 0, row.length);
        }
        DeviceTensor table = device.zeros(DType.F32, Shape.of(positions, key.headDim()));
        table.copyFrom(host);
        return table;
    }
}
