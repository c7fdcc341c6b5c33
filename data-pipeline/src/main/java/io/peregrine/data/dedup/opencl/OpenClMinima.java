package io.peregrine.data.dedup.opencl;

import com.aparapi.Kernel.EXECUTION_MODE;
import com.aparapi.Range;
import com.aparapi.device.Device;
import com.aparapi.device.OpenCLDevice;
import com.aparapi.internal.opencl.OpenCLLoader;
import com.aparapi.internal.opencl.OpenCLPlatform;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import io.peregrine.data.dedup.Coefficients;
import io.peregrine.data.dedup.JavaMinima;
import io.peregrine.data.dedup.MinHashConfig;
import io.peregrine.data.dedup.MinHashDevice;
import io.peregrine.data.dedup.MinimaKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The minima on an OpenCL device, through Aparapi.
 *
 * <p>Documents are cut into segments of at most {@value #SEGMENT_HASHES} hashes, so that a long one does not keep the
 * device waiting; the minima of its segments are put together here.
 */
@SuppressWarnings("deprecation") // Aparapi has no other name for where a kernel must run, and did run
public final class OpenClMinima implements MinimaKernel {
    private static final int SEGMENT_HASHES = 512;
    /** Segments of one launch; with 112 permutations half a million work items and 4 MB of results. */
    private static final int SEGMENTS = 4096;
    /** Hashes of one launch. */
    private static final int HASHES = 1 << 20;
    /** Most work items of a group; every device has groups of this size. */
    private static final int WIDTH_MAX = 256;
    /** Groups are padded to a multiple of this: whole vectors on CPUs, half warps on GPUs. */
    private static final int WIDTH_UNIT = 16;

    private final OpenCLDevice device;
    private final EXECUTION_MODE mode;
    private final int permutations;
    private final int groups;
    private final int width;
    private final long[] hashes = new long[HASHES];
    private final int[] starts = new int[SEGMENTS + 1];
    private final int[] documentOf = new int[SEGMENTS];
    private final long[] results;
    private final MinimaProgram program;

    /**
     * On the first device of a type that OpenCL lists.
     *
     * @throws ConfigException if there is none; names the devices that there are
     */
    public OpenClMinima(Coefficients coefficients, MinHashDevice wanted) {
        mode = wanted == MinHashDevice.OPENCL_GPU ? EXECUTION_MODE.GPU : EXECUTION_MODE.CPU;
        device = device(wanted);
        permutations = coefficients.count();
        results = new long[SEGMENTS * permutations];
        groups = (permutations + WIDTH_MAX - 1) / WIDTH_MAX;
        int least = (permutations + groups - 1) / groups;
        width = (least + WIDTH_UNIT - 1) / WIDTH_UNIT * WIDTH_UNIT;
        program = new MinimaProgram(
                coefficients.factors(), coefficients.offsets(), hashes, starts, results, groups, width);
        program.setExecutionModeWithoutFallback(mode);
    }

    /** The kernel for the device that the settings name. */
    public static MinimaKernel of(MinHashConfig config) {
        Coefficients coefficients = new Coefficients(config.coefficientSeed(), config.hashes());
        return config.device() == MinHashDevice.JAVA
                ? new JavaMinima(coefficients)
                : new OpenClMinima(coefficients, config.device());
    }

    /** All devices that OpenCL lists, as people name them. */
    public static List<String> devices() {
        return listed().stream()
                .map(found -> "%s %s (%s)"
                        .formatted(
                                found.getType(),
                                found.getName(),
                                found.getOpenCLPlatform().getName()))
                .toList();
    }

    private static List<OpenCLDevice> listed() {
        List<OpenCLDevice> devices = new ArrayList<>();
        if (OpenCLLoader.isOpenCLAvailable()) {
            for (OpenCLPlatform platform : new OpenCLPlatform().getOpenCLPlatforms()) {
                devices.addAll(platform.getOpenCLDevices());
            }
        }
        return devices;
    }

    private static OpenCLDevice device(MinHashDevice wanted) {
        Device.TYPE type = wanted == MinHashDevice.OPENCL_GPU ? Device.TYPE.GPU : Device.TYPE.CPU;
        return listed().stream()
                .filter(found -> found.getType() == type)
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "minhash.device",
                        wanted.key(),
                        "must be a device that OpenCL lists on this machine, and it lists %s; install its driver, or use java"
                                .formatted(devices())));
    }

    /** The device's name. */
    public String name() {
        return "%s (%s)".formatted(device.getName(), device.getOpenCLPlatform().getName());
    }

    @Override
    public int permutations() {
        return permutations;
    }

    @Override
    public int batchHashes() {
        return HASHES;
    }

    @Override
    public void minima(long[] given, int[] ends, int documents, long[] minima) {
        Arrays.fill(minima, 0, documents * permutations, Coefficients.MODULUS);
        int segments = 0;
        int filled = 0;
        int at = 0;
        for (int document = 0; document < documents; document++) {
            while (at < ends[document]) {
                int length = Math.min(SEGMENT_HASHES, ends[document] - at);
                if (segments == SEGMENTS || filled + length > HASHES) {
                    launch(segments, filled, minima);
                    segments = 0;
                    filled = 0;
                }
                System.arraycopy(given, at, hashes, filled, length);
                starts[segments] = filled;
                documentOf[segments++] = document;
                filled += length;
                at += length;
            }
        }
        if (segments > 0) {
            launch(segments, filled, minima);
        }
    }

    private void launch(int segments, int filled, long[] minima) {
        starts[segments] = filled;
        program.execute(Range.create(device, segments * groups * width, width));
        if (program.getExecutionMode() != mode) {
            throw new DataException("%s: the kernel ran as %s instead of %s; use minhash.device: java"
                    .formatted(name(), program.getExecutionMode(), mode));
        }
        for (int segment = 0; segment < segments; segment++) {
            int from = segment * permutations;
            int to = documentOf[segment] * permutations;
            for (int k = 0; k < permutations; k++) {
                minima[to + k] = Math.min(minima[to + k], results[from + k]);
            }
        }
    }

    @Override
    public void close() {
        program.dispose();
    }
}
