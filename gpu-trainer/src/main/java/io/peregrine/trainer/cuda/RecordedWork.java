package io.peregrine.trainer.cuda;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Work that the device does again and again, recorded as a CUDA graph: asking for hundreds of operations then costs as much
 * as asking for one.
 *
 * <p>The first time it is done operation by operation, so that everything that is allocated once is there; the second time
 * it is recorded. While the device's time is being taken apart ({@link CudaDevice#startProfile}) it is done operation by
 * operation again. Ownership: keeps every tensor that it uses; what it recorded is given back when nobody can reach it.
 */
public final class RecordedWork implements Runnable {
    private final CudaDevice device;
    private final Runnable work;
    private boolean warm;
    private Optional<Graph> graph = Optional.empty();

    /**
     * What was recorded.
     *
     * @param address of the graph
     * @param used what its operations read and write
     * @param parameters those of {@code used} that have a rounded copy, which must be fresh when the graph is launched
     */
    record Graph(long address, Set<DeviceTensor.Storage> used, List<DeviceTensor.Storage> parameters) {
        Graph(long address, Set<DeviceTensor.Storage> used) {
            this(
                    address,
                    used,
                    used.stream().filter(DeviceTensor.Storage::hasRounded).toList());
        }

        static Set<DeviceTensor.Storage> noneUsed() {
            return Collections.newSetFromMap(new IdentityHashMap<>());
        }
    }

    /** @param work as {@link io.peregrine.trainer.ops.Ops#repeatable} wants it */
    public RecordedWork(CudaDevice device, Runnable work) {
        this.device = device;
        this.work = work;
    }

    @Override
    public void run() {
        if (!warm || device.isProfiled()) {
            work.run();
            warm = true;
            return;
        }
        if (graph.isEmpty()) {
            graph = Optional.of(device.record(this, work));
        }
        device.launch(graph.get());
    }
}
