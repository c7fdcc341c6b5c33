package io.peregrine.mixture.optimize;

import io.peregrine.data.DataException;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.fit.FitQuality;
import io.peregrine.mixture.fit.RunTable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * From proxy runs to weights: fits a law per target, cross-validates, ranks unseen runs, proposes.
 *
 * @param runs how many runs the laws were fitted to
 * @param targets by name, in the order of the settings
 * @param objective quality of the weighted sum of the losses, cross-validated
 * @param checks unseen runs, in the order of the settings
 * @param proposal the mixture
 */
public record MixtureOptimization(
        int runs, List<Target> targets, CrossValidation.Target objective, List<Check> checks, Proposal proposal) {
    public MixtureOptimization {
        targets = List.copyOf(targets);
        checks = List.copyOf(checks);
    }

    /**
     * One target.
     *
     * @param name as in the settings
     * @param weight its share of the objective
     * @param law fitted to all runs
     * @param quality of both laws, cross-validated
     * @param seen losses by run
     * @param lossBefore what the law predicts for the prior
     * @param loss what it predicts for the proposal
     */
    public record Target(
            String name,
            double weight,
            ExponentialLaw law,
            CrossValidation.Target quality,
            List<Double> seen,
            double lossBefore,
            double loss) {
        public Target {
            seen = List.copyOf(seen);
        }
    }

    /**
     * Runs that no law has seen.
     *
     * @param name as in the settings
     * @param runs how many
     * @param exponential quality by target; of another size of model only the ranks mean something
     * @param linear the same of the rival
     */
    public record Check(String name, int runs, Ranks exponential, Ranks linear) {}

    /**
     * How one kind of law ranks runs.
     *
     * @param targets by target
     * @param objective of the weighted sum of the losses
     */
    public record Ranks(List<FitQuality> targets, FitQuality objective) {
        public Ranks {
            targets = List.copyOf(targets);
        }
    }

    /**
     * Does it all.
     *
     * @param tables reads the table at a path of the settings
     */
    public static MixtureOptimization run(OptimizeConfig config, Function<String, RunTable> tables, Progress progress) {
        List<SourceCap> caps = SourceCaps.of(config.sources(), config.budgetTokens());
        List<String> sources = List.copyOf(config.sources().keySet());
        List<String> targets = List.copyOf(config.targets().keySet());
        ProxyRuns runs = read(config, config.runs(), tables, sources, targets);
        List<Double> prior = prior(config, runs);
        FitConfig fit = config.fit();
        List<ProxyRuns> unseen = fit.checks().values().stream()
                .map(files -> read(config, files, tables, sources, targets))
                .toList();
        List<ExponentialLaw> laws = new ArrayList<>();
        List<LinearLaw> rivals;
        try (Progress.Task task = progress.task("fit", "fits", targets.size())) {
            laws.addAll(IntStream.range(0, targets.size())
                    .parallel()
                    .mapToObj(target -> {
                        ExponentialLaw law = ExponentialLaw.fit(runs, target, fit.ridge());
                        task.advance(1);
                        return law;
                    })
                    .toList());
            rivals = IntStream.range(0, targets.size())
                    .mapToObj(target -> LinearLaw.fit(runs, target, fit.ridge()))
                    .toList();
        }
        List<Double> shares = scaled(List.copyOf(config.targets().values()));
        CrossValidation validation = CrossValidation.of(
                runs,
                shares,
                fit.folds(),
                fit.topK(),
                fit.ridge(),
                SeedStream.of(fit.seed()).child("folds"),
                progress);
        List<Check> checks = new ArrayList<>();
        for (String name : fit.checks().keySet()) {
            ProxyRuns other = unseen.get(checks.size());
            checks.add(
                    new Check(name, other.size(), ranks(laws, other, shares, fit), ranks(rivals, other, shares, fit)));
        }
        Proposal proposal = Proposal.of(runs, laws, validation.foldLaws(), shares, config.kl(), prior, caps);
        return new MixtureOptimization(
                runs.size(),
                targets(runs, laws, shares, validation, prior, proposal),
                validation.objective(),
                checks,
                proposal);
    }

    private static ProxyRuns read(
            OptimizeConfig config,
            RunFiles files,
            Function<String, RunTable> tables,
            List<String> sources,
            List<String> targets) {
        RunTable mixtures = tables.apply(files.mixtures());
        RunTable losses = files.losses().equals(files.mixtures()) ? mixtures : tables.apply(files.losses());
        return ProxyRuns.of(mixtures, losses, config.columns(), sources, targets);
    }

    private static List<Double> prior(OptimizeConfig config, ProxyRuns runs) {
        List<String> names = runs.sources();
        List<Double> means = runs.meanWeights();
        for (int i = 0; i < names.size(); i++) {
            if (means.get(i) == 0) {
                throw new DataException(
                        "%s: source '%s' has weight 0 in all %d runs: give runs that have some of it, or leave it out"
                                .formatted(config.runs().mixtures(), names.get(i), runs.size()));
            }
        }
        List<BigDecimal> given = config.sources().values().stream()
                .flatMap(source -> source.prior().stream())
                .toList();
        return given.isEmpty() ? means : scaled(given);
    }

    private static List<Double> scaled(List<BigDecimal> numbers) {
        double sum = numbers.stream().mapToDouble(BigDecimal::doubleValue).sum();
        return numbers.stream().map(number -> number.doubleValue() / sum).toList();
    }

    private static Ranks ranks(List<? extends MixingLaw> laws, ProxyRuns runs, List<Double> shares, FitConfig fit) {
        double[][] predicted = laws.stream().map(law -> law.losses(runs)).toArray(double[][]::new);
        double[][] seen = runs.lossesByTarget();
        return new Ranks(
                IntStream.range(0, predicted.length)
                        .mapToObj(target -> FitQuality.of(predicted[target], seen[target], fit.topK()))
                        .toList(),
                FitQuality.of(
                        CrossValidation.weighted(shares, predicted),
                        CrossValidation.weighted(shares, seen),
                        fit.topK()));
    }

    private static List<Target> targets(
            ProxyRuns runs,
            List<ExponentialLaw> laws,
            List<Double> shares,
            CrossValidation validation,
            List<Double> prior,
            Proposal proposal) {
        double[] before = prior.stream().mapToDouble(p -> p).toArray();
        double[] weights =
                proposal.sources().stream().mapToDouble(Proposal.Source::weight).toArray();
        return IntStream.range(0, laws.size())
                .mapToObj(i -> new Target(
                        runs.targets().get(i),
                        shares.get(i),
                        laws.get(i),
                        validation.targets().get(i),
                        Arrays.stream(runs.losses(i)).boxed().toList(),
                        laws.get(i).loss(before),
                        laws.get(i).loss(weights)))
                .toList();
    }
}
