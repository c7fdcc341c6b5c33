package io.peregrine.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PlannedStream;
import io.peregrine.mixture.plan.GapCertificate;
import java.util.Locale;

/** What was asked of each stream and what the plan delivers, in shares of the tokens. */
final class MixtureFacts {
    private static final double PPB = 1e9;

    private MixtureFacts() {}

    static ObjectNode of(MixturePlan plan) {
        ObjectNode facts = JsonNodeFactory.instance.objectNode();
        ArrayNode about = facts.putArray("facts");
        fact(about, "sequences", "%,d of at most %,d tokens", plan.totalSequences(), plan.sequenceLength());
        fact(about, "blocks", "%,d of %,d sequences", plan.counts().blocks(), plan.blockSize());
        fact(
                about,
                "packing",
                "%s",
                plan.packing().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        fact(about, "plan digest", "%s", plan.digest());
        double allTokens = 0;
        for (int i = 0; i < plan.streams().size(); i++) {
            allTokens += plannedTokens(plan, i);
        }
        ArrayNode streams = facts.putArray("streams");
        for (int i = 0; i < plan.streams().size(); i++) {
            PlannedStream stream = plan.streams().get(i);
            ObjectNode row = streams.addObject()
                    .put("name", stream.name())
                    .put("asked", stream.askedSharePpb() / PPB)
                    .put("delivered", plannedTokens(plan, i) / allTokens)
                    .put("planned", plan.counts().total(i))
                    .put("sequences", stream.sequences())
                    .put("epochs", plan.epochs(i))
                    .put("fill", stream.fillPpb(plan.sequenceLength()) / PPB);
            GapCertificate.of(plan, i).ifPresent(gap -> row.put("gap", gap));
        }
        return facts;
    }

    /** Tokens of a stream over the whole plan, its sequences taken as equally full. */
    private static double plannedTokens(MixturePlan plan, int stream) {
        PlannedStream planned = plan.streams().get(stream);
        return plan.counts().total(stream) * (planned.tokens() / (double) planned.sequences());
    }

    private static void fact(ArrayNode facts, String label, String format, Object... values) {
        facts.addObject().put("label", label).put("value", String.format(Locale.ROOT, format, values));
    }
}
