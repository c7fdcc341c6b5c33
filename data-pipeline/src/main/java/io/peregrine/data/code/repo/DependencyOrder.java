package io.peregrine.data.code.repo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Orders nodes so that what a node needs comes before it. Nodes that need each other stand together, in the order of their
 * numbers; among what may come next, the least number comes first. So the order is that of the graph alone.
 *
 * <p>Strongly connected components by Tarjan's algorithm without recursion, then Kahn's algorithm on the components: time
 * linear in edges, up to the logarithm of the queue.
 */
final class DependencyOrder {
    private final List<List<Integer>> needs;
    private final int[] component;
    private int components;

    private DependencyOrder(List<List<Integer>> needs) {
        this.needs = needs;
        this.component = new int[needs.size()];
        findComponents();
    }

    /** @param needs by node: the nodes that have to come before it */
    static List<Integer> of(List<List<Integer>> needs) {
        return new DependencyOrder(needs).order();
    }

    private void findComponents() {
        int n = needs.size();
        int[] number = new int[n];
        int[] low = new int[n];
        int[] next = new int[n];
        int[] path = new int[n];
        int[] stack = new int[n];
        Arrays.fill(number, -1);
        Arrays.fill(component, -1);
        int numbers = 0;
        int stacked = 0;
        for (int root = 0; root < n; root++) {
            if (number[root] >= 0) {
                continue;
            }
            int depth = 0;
            path[0] = root;
            number[root] = numbers;
            low[root] = numbers;
            numbers++;
            stack[stacked] = root;
            stacked++;
            while (depth >= 0) {
                int node = path[depth];
                if (next[node] < needs.get(node).size()) {
                    int needed = needs.get(node).get(next[node]);
                    next[node]++;
                    if (number[needed] < 0) {
                        number[needed] = numbers;
                        low[needed] = numbers;
                        numbers++;
                        stack[stacked] = needed;
                        stacked++;
                        depth++;
                        path[depth] = needed;
                    } else if (component[needed] < 0) {
                        low[node] = Math.min(low[node], number[needed]);
                    }
                    continue;
                }
                if (low[node] == number[node]) {
                    int member;
                    do {
                        stacked--;
                        member = stack[stacked];
                        component[member] = components;
                    } while (member != node);
                    components++;
                }
                depth--;
                if (depth >= 0) {
                    low[path[depth]] = Math.min(low[path[depth]], low[node]);
                }
            }
        }
    }

    private List<Integer> order() {
        List<List<Integer>> members = new ArrayList<>();
        List<List<Integer>> neededBy = new ArrayList<>();
        int[] waiting = new int[components];
        for (int i = 0; i < components; i++) {
            members.add(new ArrayList<>());
            neededBy.add(new ArrayList<>());
        }
        for (int node = 0; node < needs.size(); node++) {
            members.get(component[node]).add(node);
            for (int needed : needs.get(node)) {
                if (component[needed] != component[node]) {
                    neededBy.get(component[needed]).add(component[node]);
                    waiting[component[node]]++;
                }
            }
        }
        PriorityQueue<Integer> ready = new PriorityQueue<>(
                (a, b) -> Integer.compare(members.get(a).get(0), members.get(b).get(0)));
        for (int i = 0; i < components; i++) {
            if (waiting[i] == 0) {
                ready.add(i);
            }
        }
        List<Integer> order = new ArrayList<>(needs.size());
        while (!ready.isEmpty()) {
            int first = ready.remove();
            order.addAll(members.get(first));
            for (int user : neededBy.get(first)) {
                waiting[user]--;
                if (waiting[user] == 0) {
                    ready.add(user);
                }
            }
        }
        return order;
    }
}
