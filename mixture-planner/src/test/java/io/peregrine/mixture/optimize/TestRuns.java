package io.peregrine.mixture.optimize;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.fit.RunTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Made-up runs whose laws are known. */
final class TestRuns {
    static final List<String> SOURCES = List.of("web", "code", "math", "books");
    static final List<String> TARGETS = List.of("prose", "programs");
    static final List<ExponentialLaw> LAWS = List.of(
            new ExponentialLaw(2.0, 0.5, List.of(-1.5, 1.0, 0.7, -0.2)),
            new ExponentialLaw(1.2, 0.9, List.of(0.6, -2.0, 0.4, 1.0)));

    private TestRuns() {}

    /** A mixture with weights of very different sizes. */
    static double[] mixture(SeedStream random, int sources) {
        double[] weights = IntStream.range(0, sources)
                .mapToDouble(i -> -Math.log(1 - random.nextDouble()) * Math.exp(random.nextGaussian()))
                .toArray();
        double sum = IntStream.range(0, sources).mapToDouble(i -> weights[i]).sum();
        return IntStream.range(0, sources).mapToDouble(i -> weights[i] / sum).toArray();
    }

    /** Runs as CSV, with the default columns and noise of this standard deviation. */
    static String csv(int runs, double noise, long seed) {
        SeedStream random = SeedStream.of(seed);
        StringBuilder csv = new StringBuilder("index");
        SOURCES.forEach(source -> csv.append(",weight/").append(source));
        TARGETS.forEach(target -> csv.append(",loss/").append(target));
        csv.append('\n');
        for (int run = 0; run < runs; run++) {
            double[] weights = mixture(random, SOURCES.size());
            csv.append("run-").append(run);
            for (double weight : weights) {
                csv.append(String.format(Locale.ROOT, ",%.12f", weight));
            }
            for (ExponentialLaw law : LAWS) {
                csv.append(String.format(Locale.ROOT, ",%.9f", law.loss(weights) + noise * random.nextGaussian()));
            }
            csv.append('\n');
        }
        return csv.toString();
    }

    /** A table of texts. */
    static RunTable table(String csv) {
        List<List<String>> rows = new ArrayList<>();
        csv.lines().forEach(line -> rows.add(List.of(line.split(",", -1))));
        return new RunTable(
                "table",
                rows.get(0),
                IntStream.range(1, rows.size())
                        .mapToObj(i -> new RunTable.Row("table:" + (i + 1), rows.get(i)))
                        .collect(Collectors.toList()));
    }

    static ProxyRuns runs(int runs, double noise, long seed) {
        RunTable table = table(csv(runs, noise, seed));
        return ProxyRuns.of(table, table, RunColumns.DEFAULTS, SOURCES, TARGETS);
    }
}
