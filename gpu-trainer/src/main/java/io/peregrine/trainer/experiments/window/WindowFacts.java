package io.peregrine.trainer.experiments.window;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.mixture.window.Certificate;
import io.peregrine.mixture.window.FittedWindow;
import io.peregrine.mixture.window.GapCurve;
import io.peregrine.mixture.window.KernelFit;
import io.peregrine.trainer.train.TrainedRun;
import java.util.List;

/** The results as JSON: what {@code results.json} keeps and the page draws. */
final class WindowFacts {
    static final String SCRIPT = "window.js";
    static final String FORMAT = "peregrine-memorization-window";
    static final int VERSION = 1;

    /** Enough for a smooth curve. */
    private static final int CURVE_POINTS = 60;

    private WindowFacts() {}

    /**
     * All of a study.
     *
     * @param run name of the run
     * @param trained its training
     */
    static ObjectNode of(String run, TrainedRun trained, WindowStudy study) {
        String planDigest = trained.plan().digest();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("format", FORMAT).put("version", VERSION);
        facts.put("title", run + ": memorization window").put("run", run).put("planDigest", planDigest);
        WindowSettings settings = study.request().settings();
        facts.put("learningRate", trained.config().peakLearningRate());
        facts.put("weightDecay", trained.config().fullWeightDecay());
        fact(facts, "run", run);
        fact(facts, "plan", planDigest.substring(0, 16));
        fact(facts, "forgotten at a gap of", settings.eps() + " nats per token (eps)");
        fact(facts, "sequences per bin and source, at most", String.valueOf(settings.perBin()));
        fact(facts, "computed by", study.request().backend().key());
        facts.put("eps", settings.eps()).put("tokensPerSequence", study.tokensPerSequence());
        for (int edge = 0; edge <= study.bins().count(); edge++) {
            facts.withArray("edgesTokens").add(study.edgeTokens(edge));
        }
        for (WindowStudy.Look look : study.looks()) {
            ObjectNode node = facts.withArray("checkpoints").addObject();
            node.put("step", look.step()).put("tokens", look.tokens());
            node.put("learningRate", look.learningRate()).put("weightDecay", look.weightDecay());
            look.prediction()
                    .ifPresent(it -> node.put("batchTokens", it.batchTokens())
                            .put("etaLambda", it.etaLambda())
                            .put("predictedTokens", it.tokens()));
        }
        study.windows().forEach(window -> window(facts.withArray("windows").addObject(), window, study));
        for (SourceWindow window : study.answers()) {
            ObjectNode node = facts.withArray("caps").addObject();
            node.put("source", window.source()).put("reason", window.reason());
            window.cap().ifPresent(tokens -> node.put("windowTokens", Math.ceil(tokens)));
        }
        return facts;
    }

    private static void fact(ObjectNode facts, String label, String value) {
        facts.withArray("facts").addObject().put("label", label).put("value", value);
    }

    private static void window(ObjectNode node, SourceWindow window, WindowStudy study) {
        node.put("source", window.source()).put("step", window.step());
        node.put("controls", window.controls()).put("withoutControl", window.withoutControl());
        GapCurve curve = window.curve();
        List<Double> falling = curve.points().isEmpty() ? List.of() : Certificate.falling(curve);
        List<Double> bounds = curve.points().isEmpty() ? List.of() : Certificate.upperBounds(curve);
        node.putArray("points");
        for (int i = 0; i < curve.points().size(); i++) {
            GapCurve.Point point = curve.points().get(i);
            node.withArray("points")
                    .addObject()
                    .put("bin", point.bin())
                    .put("fromTokens", study.edgeTokens(point.bin()))
                    .put("toTokens", study.edgeTokens(point.bin() + 1))
                    .put("ageTokens", point.ageTokens())
                    .put("sequences", point.sequences())
                    .put("steps", point.steps())
                    .put("gap", point.gap())
                    .put("standardError", point.standardError())
                    .put("lower", point.lower())
                    .put("upper", point.upper())
                    .put("falling", falling.get(i))
                    .put("upperBound", bounds.get(i))
                    .put("equivalenceP", window.equivalence().get(i).adjustedP());
        }
        node.putArray("empty");
        for (GapCurve.Empty empty : curve.empty()) {
            node.withArray("empty")
                    .addObject()
                    .put("bin", empty.bin())
                    .put("fromTokens", study.edgeTokens(empty.bin()))
                    .put("toTokens", study.edgeTokens(empty.bin() + 1))
                    .put("reason", empty.reason());
        }
        window.balance()
                .ifPresent(it -> node.putObject("balance")
                        .put("p", it.p())
                        .put("alike", it.isAlike())
                        .put("bin", it.bin())
                        .put("nats", it.nats()));
        ObjectNode certificate = node.putObject("certificate");
        if (window.certificate() instanceof Certificate.Certified certified) {
            certificate.put("fromTokens", certified.fromTokens());
        } else if (window.certificate() instanceof Certificate.NotCertified not) {
            certificate.put("reason", not.reason());
        }
        node.putArray("fits");
        window.fits().forEach(fit -> fit(node.withArray("fits").addObject(), fit, curve, study));
        window.window().ifPresent(it -> fitted(node.putObject("window"), it));
        window.changePoint()
                .ifPresent(it -> node.putObject("changePoint")
                        .put("tokens", it.knotTokens())
                        .put("lower", it.lower())
                        .put("upper", it.upper())
                        .put("likelihoodRatio", it.likelihoodRatio())
                        .put("p", it.p()));
    }

    private static void fit(ObjectNode node, KernelFit fit, GapCurve curve, WindowStudy study) {
        node.put("title", fit.title()).put("amplitude", fit.amplitude()).put("floor", fit.floor());
        fit.parameters().forEach(node.putArray("parameters")::add);
        node.put("chiSquare", fit.chiSquare()).put("aicc", fit.aicc());
        fit.halfLifeTokens(curve.oldestTokens()).ifPresent(tokens -> node.put("halfLifeTokens", tokens));
        fitted(
                node.putObject("window"),
                FittedWindow.of(fit, curve, study.request().settings().eps()));
        double ratio = Math.pow(curve.oldestTokens() / curve.youngestTokens(), 1.0 / CURVE_POINTS);
        for (int i = 0; i <= CURVE_POINTS; i++) {
            double age = curve.youngestTokens() * Math.pow(ratio, i);
            node.withArray("curve").addObject().put("ageTokens", age).put("gap", fit.gap(age));
        }
    }

    private static void fitted(ObjectNode node, FittedWindow window) {
        if (window instanceof FittedWindow.Found found) {
            node.put("kind", "found").put("tokens", found.tokens());
            node.put("lower", found.lower()).put("upper", found.upper());
        } else if (window instanceof FittedWindow.Below below) {
            node.put("kind", "below").put("tokens", below.youngestTokens());
        } else if (window instanceof FittedWindow.Beyond beyond) {
            node.put("kind", "beyond").put("tokens", beyond.oldestTokens());
        }
    }
}
