package io.peregrine.mixture.scaling;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A study as tables for a terminal. */
public final class ScalingText {
    private static final List<Integer> EPOCHS = List.of(2, 4, 8, 16, 32, 64);

    private ScalingText() {}

    /**
     * The forms, the numbers of the best one, what repeated tokens are worth, and predictions.
     *
     * @param wanted runs whose loss is asked for; their own loss is not looked at
     */
    public static String of(ScalingStudy study, List<ScalingRun> wanted) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%,d runs; the form is chosen by the %,d runs of %.4g parameters, fitted to the others",
                study.runs(),
                study.leftOut(),
                study.largestParams());
        line(text, "%-16s %22s %22s", "form", "error at the largest", "error at the others");
        for (ScalingStudy.Candidate candidate : study.candidates()) {
            line(
                    text,
                    "%-16s %20.3f %% %20.3f %%",
                    candidate.law().form().title(),
                    100 * candidate.error(),
                    100 * candidate.fitError());
        }
        line(text, "");
        ScalingForm form = study.law().form();
        line(
                text,
                "%s, fitted to all runs, with 95 %% intervals of %,d draws",
                form.title(),
                study.resampled().size());
        if (study.failed() > 0) {
            line(text, "%,d further draws could not be fitted: the intervals are too narrow", study.failed());
        }
        number(text, study, "E", ScalingLaw::floor);
        number(text, study, "A", ScalingLaw::paramsScale);
        number(text, study, "a", ScalingLaw::paramsExponent);
        number(text, study, "B", ScalingLaw::tokensScale);
        number(text, study, "b", ScalingLaw::tokensExponent);
        if (!form.coefficient().isEmpty()) {
            number(text, study, form.coefficient(), ScalingLaw::repeat);
        }
        if (form == ScalingForm.EFFECTIVE_DATA) {
            line(text, "");
            line(text, "A source of U tokens, seen so many times, is worth so many fresh sources of its size");
            for (int epochs : EPOCHS) {
                number(text, study, epochs + " epochs", law -> form.effectiveTokens(1, epochs - 1.0, law.repeat()));
            }
        }
        for (ScalingRun run : wanted) {
            line(text, "");
            line(text, "%.4g parameters, %.4g tokens, %.4g unique", run.params(), run.tokens(), run.uniqueTokens());
            number(text, study, "loss", law -> law.loss(run));
        }
        return text.toString();
    }

    private static void number(
            StringBuilder text, ScalingStudy study, String name, ToDoubleFunction<ScalingLaw> value) {
        String interval = study.interval(value)
                .map(bounds -> String.format(Locale.ROOT, "  [%.4g, %.4g]", bounds.low(), bounds.high()))
                .orElse("");
        line(text, "%-10s %10.4g%s", name, value.applyAsDouble(study.law()), interval);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
