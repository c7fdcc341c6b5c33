package io.peregrine.mixture.pack;

import io.peregrine.data.seed.SeedStream;
import java.util.Arrays;

/**
 * Documents that fit a sequence stay whole and go, longest first, each where it leaves the least room (best-fit
 * decreasing; Ding et al., arXiv:2404.10830). Lengths are at most the sequence length, so they are sorted by counting and
 * the room left is found in a segment tree: time grows with the number of documents.
 *
 * <p>A longer document is cut: what exceeds whole sequences comes first and is packed like a short document, and the rest
 * fills sequences of its own. Were the rest cut off at the end instead, two of them could meet in one sequence, and then
 * not only the first document of a sequence could be a continuation.
 *
 * <p>The sequences come out sorted by length, so they are shuffled; where that puts a cut document's sequences out of
 * order, they change places among each other.
 */
final class BestFitPacker implements DocumentPacker {
    private final int sequenceLength;

    BestFitPacker(int sequenceLength) {
        this.sequenceLength = sequenceLength;
    }

    @Override
    public Packing pack(int[] lengths, SeedStream seed) {
        int[] heads = new int[lengths.length];
        int[] rests = new int[lengths.length];
        for (int document = 0; document < lengths.length; document++) {
            heads[document] = lengths[document] % sequenceLength;
            rests[document] = lengths[document] / sequenceLength;
        }
        Bins bins = new Bins(heads);
        int[] sequenceOfHead = bins.fill();
        int[] firstRest = new int[lengths.length];
        int sequences = bins.count;
        for (int document = 0; document < lengths.length; document++) {
            firstRest[document] = sequences;
            sequences = Math.addExact(sequences, rests[document]);
        }
        int[] place = shuffled(sequences, seed);
        Packing.Pieces pieces = new Packing.Pieces(lengths.length);
        for (int document = 0; document < lengths.length; document++) {
            putInOrder(
                    place, heads[document] > 0 ? sequenceOfHead[document] : -1, firstRest[document], rests[document]);
        }
        for (int document = 0; document < lengths.length; document++) {
            if (heads[document] > 0) {
                pieces.add(place[sequenceOfHead[document]], 0, heads[document]);
            }
            for (int i = 0; i < rests[document]; i++) {
                pieces.add(place[firstRest[document] + i], heads[document] + i * sequenceLength, sequenceLength);
            }
            pieces.endDocument();
        }
        return pieces.build(sequences);
    }

    /** A random place for each sequence (Fisher and Yates). */
    private static int[] shuffled(int sequences, SeedStream seed) {
        int[] place = new int[sequences];
        for (int i = 0; i < sequences; i++) {
            int other = seed.nextInt(i + 1);
            place[i] = place[other];
            place[other] = i;
        }
        return place;
    }

    /**
     * Puts a document's head before its rests, and those in order. The head's sequence only ever moves to the front, so
     * what was in order for the other documents in it stays so.
     */
    private static void putInOrder(int[] place, int head, int firstRest, int rests) {
        if (rests == 0) {
            return;
        }
        Arrays.sort(place, firstRest, firstRest + rests);
        if (head >= 0 && place[head] > place[firstRest]) {
            int front = place[firstRest];
            place[firstRest] = place[head];
            place[head] = front;
            Arrays.sort(place, firstRest, firstRest + rests);
        }
    }

    /** Sequences that are being filled, found by the room they have left. */
    private final class Bins {
        private static final int NONE = -1;

        private final int[] heads;
        private final int leaves;
        /** Segment tree: how many sequences have their room in the node's range; the leaf of room r is leaves + r. */
        private final int[] inRange;
        /** Newest sequence with room r, and for each sequence the one before it in the same room. */
        private final int[] newest;

        private final int[] older;
        private int count;

        Bins(int[] heads) {
            this.heads = heads;
            this.leaves = Integer.highestOneBit(sequenceLength) << 1;
            this.inRange = new int[2 * leaves];
            this.newest = new int[sequenceLength];
            this.older = new int[heads.length];
            Arrays.fill(newest, NONE);
        }

        /** The sequence of each head; heads of length 0 have none. */
        int[] fill() {
            int[] sequenceOf = new int[heads.length];
            for (int document : longestFirst()) {
                int length = heads[document];
                int room = leastRoom(length);
                int bin;
                if (room == NONE) {
                    bin = count++;
                    room = sequenceLength;
                } else {
                    bin = take(room);
                }
                sequenceOf[document] = bin;
                put(bin, room - length);
            }
            return sequenceOf;
        }

        /** Documents with a head, by length falling, then by ordinal. */
        private int[] longestFirst() {
            int[] end = new int[sequenceLength + 1];
            for (int length : heads) {
                end[length]++;
            }
            int sum = 0;
            for (int length = sequenceLength; length > 0; length--) {
                int documents = end[length];
                end[length] = sum;
                sum += documents;
            }
            int[] sorted = new int[sum];
            for (int document = 0; document < heads.length; document++) {
                if (heads[document] > 0) {
                    sorted[end[heads[document]]++] = document;
                }
            }
            return sorted;
        }

        /** The least room of a sequence that has at least this much, or {@link #NONE}. */
        private int leastRoom(int length) {
            int node = leaves + length;
            if (inRange[node] == 0) {
                // Up to the first subtree to the right that has anything, then down its left edge.
                while (node > 1 && ((node & 1) == 1 || inRange[node + 1] == 0)) {
                    node >>>= 1;
                }
                if (node <= 1) {
                    return NONE;
                }
                node++;
                while (node < leaves) {
                    node = inRange[2 * node] > 0 ? 2 * node : 2 * node + 1;
                }
            }
            return node - leaves;
        }

        private int take(int room) {
            int bin = newest[room];
            newest[room] = older[bin];
            add(room, -1);
            return bin;
        }

        private void put(int bin, int room) {
            if (room > 0) {
                older[bin] = newest[room];
                newest[room] = bin;
                add(room, 1);
            }
        }

        private void add(int room, int change) {
            for (int node = leaves + room; node >= 1; node >>>= 1) {
                inRange[node] += change;
            }
        }
    }
}
