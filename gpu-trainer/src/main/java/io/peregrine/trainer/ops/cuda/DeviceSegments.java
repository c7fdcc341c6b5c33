package io.peregrine.trainer.ops.cuda;

import io.peregrine.trainer.cuda.CudaDevice;
import io.peregrine.trainer.ops.Segments;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where documents begin and end, as kernels read it; the last few are kept, because every layer asks for the same. */
final class DeviceSegments {
    static final int KEPT = 4;

    private final CudaDevice device;
    private final Map<Segments, Arrays> kept = new LinkedHashMap<>();

    private record Arrays(DeviceInts starts, DeviceInts ends) {}

    DeviceSegments(CudaDevice device) {
        this.device = device;
    }

    /** Address of each token's document start, a position in its sequence. */
    long starts(Segments segments) {
        return of(segments).starts().address();
    }

    /** Address of each token's document end, one past its last position. */
    long ends(Segments segments) {
        return of(segments).ends().address();
    }

    private Arrays of(Segments segments) {
        Arrays arrays = kept.remove(segments);
        if (arrays == null) {
            arrays = kept.size() < KEPT ? new Arrays(new DeviceInts(device), new DeviceInts(device)) : oldest();
            arrays.starts().set(segments.starts());
            arrays.ends().set(segments.ends());
        }
        kept.put(segments, arrays); // the newest last
        return arrays;
    }

    /** What was not asked for longest; operations already asked for read it before it is overwritten. */
    private Arrays oldest() {
        Iterator<Arrays> arrays = kept.values().iterator();
        Arrays first = arrays.next();
        arrays.remove();
        return first;
    }
}
