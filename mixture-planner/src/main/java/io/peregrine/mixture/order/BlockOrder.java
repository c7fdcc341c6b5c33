package io.peregrine.mixture.order;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.BlockCounts;
import io.peregrine.mixture.MixturePlan;

/**
 * Which stream is at which place of a block, by jittered stratification: occurrence {@code j} of the {@code c} that a
 * stream has in the block gets a random key between {@code j/c} and {@code (j+1)/c}, and the keys are sorted. Every
 * stream is spread evenly over the block, without a period that could fall in step with the ranks.
 */
public final class BlockOrder {
    private final int[] streams;
    private final int[] occurrences;

    private BlockOrder(int size) {
        this.streams = new int[size];
        this.occurrences = new int[size];
    }

    /** The order of a block of a plan. */
    static BlockOrder of(MixturePlan plan, int block) {
        BlockCounts counts = plan.counts();
        BlockOrder order = new BlockOrder(counts.size(block));
        Merge merge = new Merge(plan, block);
        for (int place = 0; place < order.streams.length; place++) {
            order.streams[place] = merge.stream();
            order.occurrences[place] = merge.occurrence();
            merge.advance();
        }
        return order;
    }

    public int size() {
        return streams.length;
    }

    /** Index of the stream at this place of the block. */
    public int stream(int place) {
        return streams[place];
    }

    /** How often the stream was in the block before this place. */
    public int occurrence(int place) {
        return occurrences[place];
    }

    /** Merges the streams, each in ascending order of its keys, by (key, stream): a binary heap of streams. */
    private static final class Merge {
        private final int block;
        private final SeedStream[] seeds;
        private final int[] counts;
        private final int[] next;
        private final long[] keys;
        private final int[] heap;
        private int size;

        Merge(MixturePlan plan, int block) {
            int streams = plan.streams().size();
            this.block = block;
            this.seeds = new SeedStream[streams];
            this.counts = new int[streams];
            this.next = new int[streams];
            this.keys = new long[streams];
            this.heap = new int[streams];
            SeedStream seed = plan.seeds().child("order");
            for (int stream = 0; stream < streams; stream++) {
                counts[stream] = plan.counts().count(block, stream);
                if (counts[stream] > 0) {
                    seeds[stream] = seed.child(plan.streams().get(stream).name());
                    keys[stream] = key(stream);
                    heap[size++] = stream;
                }
            }
            for (int i = size / 2 - 1; i >= 0; i--) {
                sink(i);
            }
        }

        int stream() {
            return heap[0];
        }

        int occurrence() {
            return next[heap[0]];
        }

        void advance() {
            int stream = heap[0];
            next[stream]++;
            if (next[stream] < counts[stream]) {
                keys[stream] = key(stream);
            } else {
                heap[0] = heap[--size];
            }
            sink(0);
        }

        /** Fits 63 bits for up to 2^16 occurrences. */
        private long key(int stream) {
            long jitter = seeds[stream].hash(block, next[stream]) >>> 32;
            return (((long) next[stream] << 32 | jitter) << 15) / counts[stream];
        }

        private void sink(int from) {
            int parent = from;
            for (int child = 2 * parent + 1; child < size; child = 2 * parent + 1) {
                if (child + 1 < size && before(heap[child + 1], heap[child])) {
                    child++;
                }
                if (!before(heap[child], heap[parent])) {
                    return;
                }
                int swapped = heap[child];
                heap[child] = heap[parent];
                heap[parent] = swapped;
                parent = child;
            }
        }

        private boolean before(int a, int b) {
            return keys[a] != keys[b] ? keys[a] < keys[b] : a < b;
        }
    }
}
