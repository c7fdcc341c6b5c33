package io.peregrine.trainer.experiments.window;

import io.peregrine.mixture.window.FittedWindow;
import io.peregrine.mixture.window.GapCurve;
import io.peregrine.mixture.window.WindowPrediction;
import java.util.Locale;
import java.util.Optional;

/** The results as tables for a terminal. */
final class WindowText {
    private WindowText() {}

    /** What was found, source by source. */
    static String of(WindowStudy study) {
        StringBuilder text = new StringBuilder();
        String row = "%-18s %8s  %6s %5s  %-24s  %-24s  %-34s%n";
        text.append(row.formatted(
                "source", "step", "bins", "seqs", "gap, youngest", "gap, oldest", "window by the best fit, tokens"));
        for (SourceWindow window : study.windows()) {
            int points = window.curve().points().size();
            int sequences = window.curve().points().stream()
                    .mapToInt(GapCurve.Point::sequences)
                    .sum();
            text.append(row.formatted(
                    window.source(),
                    window.step(),
                    points + "/" + study.bins().count(),
                    sequences,
                    points == 0 ? "every bin is empty" : gap(window, 0),
                    points == 0 ? "" : gap(window, points - 1),
                    window.window()
                            .map(it -> fitted(it) + ", " + window.fits().get(0).title())
                            .orElse("no fit")));
        }
        for (WindowStudy.Look look : study.looks()) {
            text.append(look.prediction()
                    .map(it -> "step %d: batch tokens / eta_eff^2 = %s tokens%n"
                            .formatted(look.step(), tokens(it.tokens())))
                    .orElse("step %d: no weight decay, so the optimizer predicts no window%n".formatted(look.step())));
        }
        text.append("%nAt eps = %s nats, by the last checkpoint:%n"
                .formatted(study.request().settings().eps()));
        for (SourceWindow window : study.answers()) {
            text.append("  %-16s %s (%s)%n"
                    .formatted(
                            window.source(),
                            window.cap().map(it -> tokens(it) + " tokens").orElse("no window"),
                            window.reason()));
            if (window.withoutControl() > 0) {
                text.append("  %-16s %d sequences left out: no two controls of their length%n"
                        .formatted("", window.withoutControl()));
            }
        }
        String options = WindowOutput.caps(study).toOptions();
        if (!options.isEmpty()) {
            text.append("To plan with them: mixture plan RUN.yaml %s%n".formatted(options));
        }
        return text.toString();
    }

    /** Runs against what their optimizers predict. */
    static String of(WindowComparison comparison) {
        StringBuilder text = new StringBuilder();
        String row = "%-24s %10s %10s %10s %14s  %-34s %12s%n";
        text.append(row.formatted("run", "eta", "lambda", "eta_eff", "predicted", "window", "half-life"));
        for (WindowComparison.Row run : comparison.rows()) {
            text.append(row.formatted(
                    run.run(),
                    "%.3g".formatted(run.learningRate()),
                    "%.3g".formatted(run.weightDecay()),
                    "%.3g".formatted(Math.sqrt(run.etaLambda())),
                    tokens(run.predictedTokens()),
                    run.window().has("kind")
                            ? run.window().path("kind").asText() + " "
                                    + tokens(run.window().path("tokens").asDouble())
                            : "no fit",
                    run.halfLifeTokens().isPresent()
                            ? tokens(run.halfLifeTokens().getAsDouble())
                            : "-"));
        }
        law(text, "windows", comparison.windowLaw());
        law(text, "half-lives", comparison.halfLifeLaw());
        return text.toString();
    }

    private static void law(StringBuilder text, String what, Optional<WindowPrediction.Law> law) {
        text.append(law.map(it -> "%s go as the prediction to the power %.3f%s (1 if it holds); factor k %.3g%n"
                        .formatted(
                                what,
                                it.slope(),
                                Double.isFinite(it.slopeError()) ? " +- %.3f".formatted(it.slopeError()) : "",
                                it.factor()))
                .orElse("%s: fewer than two runs with one, of different predictions%n".formatted(what)));
    }

    private static String gap(SourceWindow window, int point) {
        GapCurve.Point at = window.curve().points().get(point);
        return "%.4f (%.4f..%.4f)".formatted(at.gap(), at.lower(), at.upper());
    }

    private static String fitted(FittedWindow window) {
        if (window instanceof FittedWindow.Found found) {
            return "%s (%s..%s)".formatted(tokens(found.tokens()), tokens(found.lower()), tokens(found.upper()));
        }
        return window instanceof FittedWindow.Below below
                ? "below " + tokens(below.youngestTokens())
                : "beyond " + tokens(((FittedWindow.Beyond) window).oldestTokens());
    }

    private static String tokens(double tokens) {
        return String.format(Locale.ROOT, "%,.0f", tokens);
    }
}
