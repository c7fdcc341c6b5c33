package io.peregrine.data.dedup;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The connected components of a graph that fits in memory, each named by its smallest node.
 *
 * <p>Union-find over the sorted nodes: the smaller root always wins, so the answer is a function of the set of edges and
 * of nothing else.
 */
public final class Clusters {
    private Clusters() {}

    /**
     * An undirected edge.
     *
     * @param a one node
     * @param b the other
     */
    public record Edge(String a, String b) {}

    /** For each node of an edge, the smallest node of its component, sorted by node. */
    public static Map<String, String> of(Collection<Edge> edges) {
        String[] nodes = edges.stream()
                .flatMap(edge -> Stream.of(edge.a(), edge.b()))
                .sorted()
                .distinct()
                .toArray(String[]::new);
        int[] parents = new int[nodes.length];
        Arrays.setAll(parents, i -> i);
        for (Edge edge : edges) {
            int a = root(parents, Arrays.binarySearch(nodes, edge.a()));
            int b = root(parents, Arrays.binarySearch(nodes, edge.b()));
            parents[Math.max(a, b)] = Math.min(a, b);
        }
        Map<String, String> labels = new LinkedHashMap<>(nodes.length * 2);
        for (int i = 0; i < nodes.length; i++) {
            labels.put(nodes[i], nodes[root(parents, i)]);
        }
        return labels;
    }

    private static int root(int[] parents, int node) {
        int at = node;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }
}
