package io.peregrine.rewrite.jobs;

import io.peregrine.rewrite.calls.ApiKey;
import io.peregrine.rewrite.calls.Attempt;
import io.peregrine.rewrite.calls.Endpoint;
import io.peregrine.rewrite.calls.EndpointClient;
import io.peregrine.rewrite.calls.RateLimiter;
import io.peregrine.rewrite.prompts.Prompt;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The clients and the limiter of one JVM, shared by the tasks that run in it: a limit on requests in flight is one of the
 * executor, however many tasks it runs. Each task brings its share of the job's rates and takes it away again, so that
 * executors that come and go, or run more or fewer tasks, never make the job faster than it may be.
 *
 * <p>Thread: safe.
 */
final class ExecutorCalls {
    private static final Map<CallSettings, ExecutorCalls> OF_THIS_JVM = new HashMap<>();

    private final CallSettings settings;
    private final RateLimiter limiter;
    private final Map<Endpoint, EndpointClient> clients = new HashMap<>();
    private int tasks;

    private ExecutorCalls(CallSettings settings) {
        this.settings = settings;
        this.limiter = new RateLimiter(
                settings.requestsPerMinute(), settings.tokensPerMinute(), settings.inFlight(), System.nanoTime());
    }

    /** One task's hold on what is shared. */
    static final class Hold implements AutoCloseable {
        private final ExecutorCalls calls;
        private final int tasksOfJob;

        private Hold(ExecutorCalls calls, int tasksOfJob) {
            this.calls = calls;
            this.tasksOfJob = tasksOfJob;
        }

        RateLimiter limiter() {
            return calls.limiter;
        }

        CompletableFuture<Attempt> send(Endpoint endpoint, Prompt prompt) {
            return calls.client(endpoint).send(prompt);
        }

        /** The clients go with the last task; what the limiter has learned of the servers stays. */
        @Override
        public void close() {
            synchronized (OF_THIS_JVM) {
                calls.tasks--;
                if (calls.tasks == 0) {
                    calls.closeClients();
                } else {
                    calls.setRates(tasksOfJob);
                }
            }
        }
    }

    /**
     * Begins a task.
     *
     * @param tasksOfJob how many tasks the job runs; this one has its part of the rates
     */
    static Hold join(CallSettings settings, int tasksOfJob) {
        synchronized (OF_THIS_JVM) {
            ExecutorCalls calls = OF_THIS_JVM.computeIfAbsent(settings, ExecutorCalls::new);
            calls.tasks++;
            calls.setRates(tasksOfJob);
            return new Hold(calls, tasksOfJob);
        }
    }

    private void setRates(int tasksOfJob) {
        double share = Math.min(1, (double) tasks / tasksOfJob);
        limiter.rates(settings.requestsPerMinute() * share, settings.tokensPerMinute() * share, System.nanoTime());
    }

    private synchronized EndpointClient client(Endpoint endpoint) {
        return clients.computeIfAbsent(endpoint, this::open);
    }

    private EndpointClient open(Endpoint endpoint) {
        Optional<ApiKey> key = ApiKey.read(endpoint.key(), System.getenv());
        return new EndpointClient(
                endpoint,
                settings.kind(),
                settings.model(),
                key,
                settings.inFlight(),
                settings.timeout(),
                settings.responseBytesMax());
    }

    private synchronized void closeClients() {
        clients.values().forEach(EndpointClient::close);
        clients.clear();
    }
}
