package io.peregrine.mixture.optimize;

import io.peregrine.mixture.fit.FitQuality;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** An optimization as tables for a terminal. */
public final class OptimizeText {
    private OptimizeText() {}

    /** How well the laws fit, what they propose, what the caps cost. */
    public static String of(MixtureOptimization optimization) {
        StringBuilder text = new StringBuilder();
        fit(text, optimization);
        checks(text, optimization);
        proposal(text, optimization.proposal());
        return text.toString();
    }

    private static void fit(StringBuilder text, MixtureOptimization optimization) {
        line(text, "Fit to %,d runs, cross-validated; [in brackets: the linear law]", optimization.runs());
        List<MixtureOptimization.Target> targets = optimization.targets();
        String name =
                name(targets.stream().map(MixtureOptimization.Target::name).toList());
        line(
                text,
                name + " %7s  %-16s  %-16s  %-16s  %10s %10s",
                "target",
                "weight",
                "spearman",
                "rmse",
                "regret",
                "loss prior",
                "proposed");
        for (MixtureOptimization.Target target : targets) {
            FitQuality law = target.quality().exponential();
            FitQuality linear = target.quality().linear();
            line(
                    text,
                    name + " %7.4f  %s  %s  %s  %10.4f %10.4f%s",
                    target.name(),
                    target.weight(),
                    both(law.spearman(), linear.spearman()),
                    both(law.rmse(), linear.rmse()),
                    both(law.regret(), linear.regret()),
                    target.lossBefore(),
                    target.loss(),
                    target.law().converged() ? "" : "  fit not converged");
        }
        List<FitQuality> laws =
                targets.stream().map(target -> target.quality().exponential()).toList();
        List<FitQuality> rivals =
                targets.stream().map(target -> target.quality().linear()).toList();
        line(
                text,
                name + " %7s  %s  %s  %s",
                "mean",
                "",
                both(mean(laws, FitQuality::spearman), mean(rivals, FitQuality::spearman)),
                both(mean(laws, FitQuality::rmse), mean(rivals, FitQuality::rmse)),
                both(mean(laws, FitQuality::regret), mean(rivals, FitQuality::regret)));
        FitQuality law = optimization.objective().exponential();
        FitQuality linear = optimization.objective().linear();
        line(
                text,
                name + " %7.4f  %s  %s  %s  %10.4f %10.4f",
                "weighted sum",
                1.0,
                both(law.spearman(), linear.spearman()),
                both(law.rmse(), linear.rmse()),
                both(law.regret(), linear.regret()),
                optimization.proposal().lossBefore(),
                optimization.proposal().loss());
    }

    private static void checks(StringBuilder text, MixtureOptimization optimization) {
        List<String> targets = optimization.targets().stream()
                .map(MixtureOptimization.Target::name)
                .toList();
        for (MixtureOptimization.Check check : optimization.checks()) {
            List<FitQuality> laws = check.exponential().targets();
            List<FitQuality> rivals = check.linear().targets();
            line(text, "");
            line(text, "Unseen runs '%s': %,d, ranked by the same laws [linear]", check.name(), check.runs());
            line(text, name(targets) + "  %-16s  %-16s", "target", "spearman", "regret");
            for (int i = 0; i < targets.size(); i++) {
                ranks(text, targets, targets.get(i), laws.get(i), rivals.get(i));
            }
            line(
                    text,
                    name(targets) + "  %s  %s",
                    "mean",
                    both(mean(laws, FitQuality::spearman), mean(rivals, FitQuality::spearman)),
                    both(mean(laws, FitQuality::regret), mean(rivals, FitQuality::regret)));
            ranks(
                    text,
                    targets,
                    "weighted sum",
                    check.exponential().objective(),
                    check.linear().objective());
        }
    }

    private static void ranks(StringBuilder text, List<String> names, String name, FitQuality law, FitQuality linear) {
        line(
                text,
                name(names) + "  %s  %s",
                name,
                both(law.spearman(), linear.spearman()),
                both(law.regret(), linear.regret()));
    }

    private static void proposal(StringBuilder text, Proposal proposal) {
        line(text, "");
        line(
                text,
                "Proposed weights; 'folds' is what each fold's laws propose; 'worth' is how much the objective falls");
        line(text, "for a billion unique tokens more of a source whose cap binds (*)");
        String name = name(
                proposal.sources().stream().map(source -> source.cap().source()).toList());
        line(text, name + " %9s %9s   %-17s  %-19s %10s", "source", "prior", "proposed", "folds", "cap", "worth");
        for (Proposal.Source source : proposal.sources()) {
            boolean capped = source.cap().rule() != SourceCap.Rule.NONE;
            line(
                    text,
                    name + " %9.6f %9.6f %1s %8.6f-%8.6f  %-19s %10s%s",
                    source.cap().source(),
                    source.prior(),
                    source.weight(),
                    source.atCap() ? "*" : "",
                    source.lowest(),
                    source.highest(),
                    capped
                            ? String.format(
                                    Locale.ROOT,
                                    "%8.6f %s",
                                    source.cap().cap(),
                                    source.cap().rule().name().toLowerCase(Locale.ROOT))
                            : "",
                    source.atCap() ? String.format(Locale.ROOT, "%.6f", source.pricePerBillionTokens()) : "",
                    source.weight() > source.largestSeen()
                            ? String.format(Locale.ROOT, "  beyond every run (<= %.4f)", source.largestSeen())
                            : "");
        }
        line(
                text,
                "weighted loss %.4f -> %.4f, KL to the prior %.4f nats, objective within %.1e of its minimum",
                proposal.lossBefore(),
                proposal.loss(),
                proposal.divergence(),
                proposal.gap());
    }

    private static double mean(List<FitQuality> qualities, ToDoubleFunction<FitQuality> value) {
        return qualities.stream().mapToDouble(value).average().orElseThrow();
    }

    /** The format of the first column. */
    private static String name(List<String> names) {
        return "%-" + Math.max(12, names.stream().mapToInt(String::length).max().orElse(0)) + "s";
    }

    private static String both(double law, double linear) {
        return String.format(Locale.ROOT, "%7.4f [%6.4f]", law, linear);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
