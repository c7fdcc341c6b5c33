package io.peregrine.data.dedup;

import static io.peregrine.data.testing.ForAll.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClustersTest {
    @Test
    void noEdgesNoClusters() {
        assertThat(Clusters.of(List.of())).isEmpty();
    }

    @Test
    void aChainIsOneClusterNamedByItsSmallestNode() {
        List<Clusters.Edge> chain =
                List.of(new Clusters.Edge("d", "c"), new Clusters.Edge("b", "a"), new Clusters.Edge("c", "b"));
        assertThat(Clusters.of(chain)).isEqualTo(Map.of("a", "a", "b", "a", "c", "a", "d", "a"));
    }

    @Test
    void itIsTheClosureForAnyOrderOfTheEdges() {
        forAll(100, gen -> {
            List<Clusters.Edge> edges = new ArrayList<>();
            for (int i = 0; i < gen.size(); i++) {
                edges.add(new Clusters.Edge("n" + gen.between(0, gen.size()), "n" + gen.between(0, gen.size())));
            }
            Map<String, String> closure = closure(edges);
            assertThat(Clusters.of(edges)).isEqualTo(closure);
            Collections.reverse(edges);
            assertThat(Clusters.of(edges)).isEqualTo(closure);
        });
    }

    /** The smallest label spreads along the edges until nothing changes. */
    private static Map<String, String> closure(List<Clusters.Edge> edges) {
        Map<String, String> labels = new TreeMap<>();
        edges.forEach(edge -> {
            labels.put(edge.a(), edge.a());
            labels.put(edge.b(), edge.b());
        });
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Clusters.Edge edge : edges) {
                String a = labels.get(edge.a());
                String b = labels.get(edge.b());
                String smaller = a.compareTo(b) < 0 ? a : b;
                changed |= !a.equals(b);
                labels.put(edge.a(), smaller);
                labels.put(edge.b(), smaller);
            }
        }
        return labels;
    }
}
