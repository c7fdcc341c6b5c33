package io.peregrine.rewrite.jobs;

import io.peregrine.rewrite.calls.BudgetLedger.Spent;
import io.peregrine.rewrite.calls.EndpointClass;
import io.peregrine.rewrite.calls.Endpoints;
import io.peregrine.rewrite.calls.ModelId;
import io.peregrine.rewrite.calls.Price;
import io.peregrine.rewrite.calls.RetryPolicy;
import io.peregrine.rewrite.settings.ModelConfig;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a task has to know to call. A secret is not in it: each executor reads its own.
 *
 * @param requestsPerMinute of the whole job, as {@code tokensPerMinute} is
 */
record CallSettings(
        Endpoints endpoints,
        EndpointClass kind,
        ModelId model,
        Price price,
        RetryPolicy retries,
        double requestsPerMinute,
        double tokensPerMinute,
        int inFlight,
        Duration timeout,
        int responseBytesMax)
        implements Serializable {
    static CallSettings of(ModelConfig config) {
        return new CallSettings(
                config.servers(),
                config.kind(),
                config.model(),
                config.price().price(),
                config.calls().retries(),
                config.calls().requestsPerMinute(),
                config.calls().tokensPerMinute(),
                config.calls().inFlight(),
                config.calls().timeout(),
                config.calls().responseBytesMax());
    }

    /**
     * What one of several tasks may do, so that all of them together, wherever they run and whichever are tried again, never
     * do more than the job may.
     *
     * @param tasks how many there are
     * @param budget what they may spend together
     */
    record Share(int tasks, Spent budget) implements Serializable {
        Spent each() {
            return new Spent(Math.max(0, budget.tokens()) / tasks, Math.max(0, budget.microDollars()) / tasks);
        }
    }
}
