package io.peregrine.data.dedup;

import java.util.Arrays;

/**
 * Connected components of numbered nodes, each named by its smallest, in about 24 bytes a node: union-find over an
 * open-addressing table, the smaller root always winning. The answer is a function of the set of edges. For one thread.
 */
public final class LongClusters {
    private static final int EMPTY = -1;

    private long[] nodes = new long[1 << 10];
    private int[] parents = new int[1 << 10];
    private int[] slots = emptySlots(1 << 11);
    private int size;

    private static int[] emptySlots(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, EMPTY);
        return slots;
    }

    /** Joins the components of two nodes, which may be new. */
    public void join(long a, long b) {
        int left = root(index(a));
        int right = root(index(b));
        if (nodes[left] < nodes[right]) {
            parents[right] = left;
        } else {
            parents[left] = right;
        }
    }

    /** How many nodes there are. */
    public int size() {
        return size;
    }

    /** A node, by the order in which they came. */
    public long node(int index) {
        return nodes[index];
    }

    /** The smallest node of the component of this node. */
    public long label(int index) {
        return nodes[root(index)];
    }

    private int root(int index) {
        int at = index;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }

    private int index(long node) {
        int slot = slot(node);
        while (slots[slot] != EMPTY) {
            if (nodes[slots[slot]] == node) {
                return slots[slot];
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        if (size == nodes.length) {
            grow();
            slot = slot(node);
            while (slots[slot] != EMPTY) {
                slot = (slot + 1) & (slots.length - 1);
            }
        }
        nodes[size] = node;
        parents[size] = size;
        slots[slot] = size;
        return size++;
    }

    private int slot(long node) {
        return (int) ((node * 0x9E3779B97F4A7C15L) >>> 32) & (slots.length - 1);
    }

    private void grow() {
        nodes = Arrays.copyOf(nodes, 2 * size);
        parents = Arrays.copyOf(parents, 2 * size);
        slots = emptySlots(4 * size);
        for (int i = 0; i < size; i++) {
            int slot = slot(nodes[i]);
            while (slots[slot] != EMPTY) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = i;
        }
    }
}
