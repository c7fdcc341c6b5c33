package io.peregrine.mixture.optimize;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.mixture.fit.FitQuality;
import java.util.Locale;

/** An optimization as the JSON that {@code optimize.js} draws. */
public final class OptimizeFacts {
    /** Title of the page. */
    public static final String TITLE = "Mixture weights from proxy runs";

    /** The page's script, beside this class. */
    public static final String SCRIPT = "optimize.js";

    private OptimizeFacts() {}

    /** @param settings how the page names the settings file */
    public static ObjectNode of(MixtureOptimization optimization, OptimizeConfig config, String settings) {
        Proposal proposal = optimization.proposal();
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        facts.put("title", TITLE);
        facts.put("runs", optimization.runs());
        facts.put("folds", config.fit().folds());
        facts.put("topK", config.fit().topK());
        facts.put("lossBefore", proposal.lossBefore());
        facts.put("loss", proposal.loss());
        ArrayNode head = facts.putArray("facts");
        fact(head, "settings", settings);
        fact(head, "runs", config.runs().mixtures() + ", " + config.runs().losses());
        config.budgetTokens()
                .ifPresent(tokens -> fact(head, "budget", String.format(Locale.ROOT, "%,d tokens", tokens)));
        fact(head, "pull to the prior", "kl = " + config.kl());
        fact(
                head,
                "solution",
                String.format(
                        Locale.ROOT,
                        "KL to the prior %.4f nats; objective within %.1e of its minimum",
                        proposal.divergence(),
                        proposal.gap()));
        for (Proposal.Source source : proposal.sources()) {
            source(facts.withArray("sources").addObject(), source);
        }
        for (MixtureOptimization.Target target : optimization.targets()) {
            target(facts.withArray("targets").addObject(), target);
        }
        both(facts.putObject("objective"), optimization.objective());
        facts.putArray("checks");
        for (MixtureOptimization.Check check : optimization.checks()) {
            ObjectNode node = facts.withArray("checks").addObject();
            node.put("name", check.name());
            node.put("runs", check.runs());
            ranks(node.putObject("exponential"), check.exponential());
            ranks(node.putObject("linear"), check.linear());
        }
        return facts;
    }

    private static void fact(ArrayNode facts, String label, String value) {
        facts.addObject().put("label", label).put("value", value);
    }

    private static void source(ObjectNode node, Proposal.Source source) {
        node.put("name", source.cap().source());
        node.put("prior", source.prior());
        node.put("weight", source.weight());
        node.put("lowest", source.lowest());
        node.put("highest", source.highest());
        node.put("largestSeen", source.largestSeen());
        node.put("atCap", source.atCap());
        node.put("rule", source.cap().rule().name().toLowerCase(Locale.ROOT));
        node.put("cap", source.cap().cap());
        node.put("worth", source.pricePerBillionTokens());
    }

    private static void target(ObjectNode node, MixtureOptimization.Target target) {
        node.put("name", target.name());
        node.put("weight", target.weight());
        node.put("lossBefore", target.lossBefore());
        node.put("loss", target.loss());
        both(node, target.quality());
        ArrayNode points = node.putArray("points"); // predicted, seen, predicted, seen, ...
        for (int run = 0; run < target.seen().size(); run++) {
            points.add(target.quality().predicted().get(run));
            points.add(target.seen().get(run));
        }
    }

    private static void both(ObjectNode node, CrossValidation.Target quality) {
        quality(node.putObject("exponential"), quality.exponential());
        quality(node.putObject("linear"), quality.linear());
    }

    private static void ranks(ObjectNode node, MixtureOptimization.Ranks ranks) {
        ranks.targets().forEach(quality -> quality(node.withArray("targets").addObject(), quality));
        quality(node.putObject("objective"), ranks.objective());
    }

    private static void quality(ObjectNode node, FitQuality quality) {
        node.put("spearman", quality.spearman());
        node.put("rmse", quality.rmse());
        node.put("regret", quality.regret());
    }
}
