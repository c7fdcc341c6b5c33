package io.peregrine.data.dedup.opencl;

import io.peregrine.data.dedup.Coefficients;
import io.peregrine.data.dedup.JavaMinima;
import io.peregrine.data.dedup.MinHashDevice;
import io.peregrine.data.seed.SeedStream;
import java.util.Arrays;

/** Runs in a JVM of its own, because a kernel that does not compile can end it: compares the kernel with its twin. */
final class OpenClProbe {
    private OpenClProbe() {}

    public static void main(String[] arguments) {
        System.out.println("devices " + OpenClMinima.devices());
        if (arguments.length == 0) {
            return;
        }
        MinHashDevice device = MinHashDevice.valueOf(arguments[0]);
        for (int permutations : new int[] {1, 112, 260, 600}) {
            Coefficients coefficients = new Coefficients(1, permutations);
            try (OpenClMinima kernel = new OpenClMinima(coefficients, device);
                    JavaMinima twin = new JavaMinima(coefficients)) {
                for (int round = 0; round < 3; round++) {
                    compare(kernel, twin, SeedStream.of(round), permutations == 112 ? 6000 : 50);
                }
            }
            System.out.println("equal " + permutations);
        }
    }

    /** Documents of one hash to several segments, more than one launch holds, with hashes at the ends of the range. */
    private static void compare(OpenClMinima kernel, JavaMinima twin, SeedStream random, int documents) {
        int[] ends = new int[documents];
        int total = 0;
        for (int i = 0; i < documents; i++) {
            total += i % 100 == 7 ? 2000 : i % 3 == 0 ? 512 : 1 + random.nextInt(60);
            ends[i] = total;
        }
        long[] hashes = new long[total];
        for (int i = 0; i < total; i++) {
            hashes[i] = i % 50 == 0 ? random.nextInt(20) - 10 : random.nextLong();
        }
        long[] expected = new long[documents * twin.permutations()];
        long[] actual = new long[documents * twin.permutations()];
        twin.minima(hashes, ends, documents, expected);
        kernel.minima(hashes, ends, documents, actual);
        int different = Arrays.mismatch(expected, actual);
        if (different >= 0) {
            throw new IllegalStateException("minimum %d of %d permutations: %d, must be %d"
                    .formatted(different, twin.permutations(), actual[different], expected[different]));
        }
    }
}
