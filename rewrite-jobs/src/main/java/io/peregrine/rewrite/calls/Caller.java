package io.peregrine.rewrite.calls;

import io.peregrine.data.DataException;
import io.peregrine.rewrite.prompts.Prompt;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Requests to responses, many in flight, for one task. Each request ends in one response, in the order in which they end.
 * What is in memory is bounded by {@code openMax} prompts and answers. The limiter and the ledger are shared by the tasks of
 * a JVM; everything else is this task's, and only its own thread changes it.
 *
 * <p>A server that refuses the key stops the task, once what is in flight is in the log.
 */
public final class Caller implements Iterator<Response> {
    /** How long to wait for what another task of this JVM may end: its place in flight or its reservation. */
    private static final Duration OTHERS = Duration.ofMillis(20);

    /** Sends one attempt. */
    public interface Sender {
        /** The future of what it comes to. */
        CompletableFuture<Attempt> send(Endpoint endpoint, Prompt prompt);
    }

    /** A request that was taken and has not ended. */
    private static final class Open {
        final Request request;
        int attempts;
        long tokensLost;
        long microDollarsLost;
        long dueAt;
        long sentAt;
        Endpoint endpoint;
        BudgetLedger.Reservation reservation;

        Open(Request request, long dueAt) {
            this.request = request;
            this.dueAt = dueAt;
        }
    }

    private record Ended(Open open, Attempt attempt, Throwable bug) {}

    private final Iterator<Request> requests;
    private final Endpoints endpoints;
    private final Sender sender;
    private final RateLimiter limiter;
    private final BudgetLedger ledger;
    private final RetryPolicy policy;
    private final ResponseLog log;
    private final int openMax;

    private final PriorityQueue<Open> waiting = new PriorityQueue<>(Comparator.comparingLong(open -> open.dueAt));
    private final LinkedBlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final Queue<Response> ready = new ArrayDeque<>();
    private final long start = System.nanoTime();
    private int inFlight;
    private Optional<String> stop = Optional.empty();

    /** @param openMax requests of this task that are in flight or wait to be tried again, together */
    public Caller(
            Iterator<Request> requests,
            Endpoints endpoints,
            Sender sender,
            RateLimiter limiter,
            BudgetLedger ledger,
            RetryPolicy policy,
            ResponseLog log,
            int openMax) {
        this.requests = requests;
        this.endpoints = endpoints;
        this.sender = sender;
        this.limiter = limiter;
        this.ledger = ledger;
        this.policy = policy;
        this.log = log;
        this.openMax = openMax;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty()) {
            boolean more = stop.isEmpty() && requests.hasNext();
            if (inFlight == 0 && (stop.isPresent() || (waiting.isEmpty() && !more))) {
                log.force();
                stop.ifPresent(message -> {
                    throw new DataException(message);
                });
                return false;
            }
            long wait = stop.isPresent() ? Long.MAX_VALUE : sendDue();
            if (ready.isEmpty()) {
                collect(wait);
            }
        }
        return true;
    }

    @Override
    public Response next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    /** Sends what may go now. Returns nanoseconds until something else may. */
    private long sendDue() {
        while (true) {
            long now = System.nanoTime();
            if (inFlight + waiting.size() < openMax && requests.hasNext() && noneDue(now)) {
                take(requests.next());
                if (!ready.isEmpty()) {
                    return 0;
                }
            }
            Open open = waiting.peek();
            if (open == null) {
                return Long.MAX_VALUE;
            }
            if (open.dueAt > now - start) {
                return open.dueAt - (now - start);
            }
            Prompt prompt = open.request.prompt();
            Optional<BudgetLedger.Reservation> reserved = ledger.reserve(
                    PromptTokens.atMost(prompt), prompt.sampling().maxTokens());
            if (reserved.isEmpty()) {
                if (ledger.reserved()) {
                    return OTHERS.toNanos();
                }
                waiting.remove();
                end(open, FailureReason.OVER_BUDGET, "what it may cost is more than is left", Duration.ZERO);
                return 0;
            }
            long wait = limiter.acquire(reserved.get().tokens(), now);
            if (wait > 0) {
                reserved.get().release();
                return Math.min(wait, OTHERS.toNanos());
            }
            waiting.remove();
            send(open, reserved.get(), now);
        }
    }

    private boolean noneDue(long now) {
        return waiting.isEmpty() || waiting.peek().dueAt > now - start;
    }

    private void take(Request request) {
        Optional<Response> replayed = log.replayed(request.key());
        if (replayed.isPresent()) {
            ready.add(replayed.get());
        } else {
            waiting.add(new Open(request, 0));
        }
    }

    private void send(Open open, BudgetLedger.Reservation reservation, long now) {
        open.reservation = reservation;
        open.sentAt = now;
        open.endpoint = endpoints.choose(open.request.key(), open.attempts);
        open.attempts++;
        inFlight++;
        log.sending(
                open.request.key(),
                new BudgetLedger.Spent(
                        open.tokensLost + reservation.tokens(), open.microDollarsLost + reservation.microDollars()));
        sender.send(open.endpoint, open.request.prompt())
                .whenComplete((attempt, bug) -> ended.add(new Ended(open, attempt, bug)));
    }

    private void collect(long waitNanos) {
        try {
            Ended one = inFlight > 0 && waitNanos == Long.MAX_VALUE
                    ? ended.take()
                    : ended.poll(waitNanos, TimeUnit.NANOSECONDS);
            for (; one != null; one = ended.poll()) {
                inFlight--;
                handle(one);
            }
        } catch (InterruptedException e) {
            // Spark kills a task by an interrupt: what is paid for goes to the log, what is in flight is lost.
            log.force();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted with " + inFlight + " requests in flight", e);
        }
    }

    private void handle(Ended one) {
        Open open = one.open();
        if (one.bug() != null) {
            open.reservation.forfeit();
            throw new IllegalStateException(
                    "a request to " + open.endpoint.name() + " failed in the client", one.bug());
        }
        if (one.attempt() instanceof Attempt.Answered answered) {
            long used = answered.answer().promptTokens() + answered.answer().completionTokens();
            limiter.succeeded(open.reservation.tokens(), used);
            long cost = open.reservation.settle(answered.answer());
            end(new Response(
                    open.request.key(),
                    Optional.of(answered.answer()),
                    Optional.empty(),
                    "",
                    open.endpoint.name(),
                    answered.latency().toMillis(),
                    open.attempts,
                    open.tokensLost + used,
                    open.microDollarsLost + cost));
        } else {
            failed(open, (Attempt.Failed) one.attempt());
        }
    }

    private void failed(Open open, Attempt.Failed failed) {
        long now = System.nanoTime();
        FailureReason reason = failed.reason();
        if (reason.slowsDown()) {
            limiter.slowDown(
                    open.sentAt, failed.retryAfter().orElse(Duration.ZERO).toNanos(), now);
        } else {
            limiter.succeeded(open.reservation.tokens(), reason.mayCost() ? open.reservation.tokens() : 0);
        }
        if (reason.mayCost()) {
            open.tokensLost += open.reservation.tokens();
            open.microDollarsLost += open.reservation.microDollars();
            open.reservation.forfeit();
        } else {
            open.reservation.release();
        }
        if (reason == FailureReason.UNAUTHORIZED) {
            stop = Optional.of("endpoint %s: %s; the server refuses the key: look at what key-env or key-file names"
                    .formatted(open.endpoint.name(), failed.detail()));
        } else if (reason.retried() && open.attempts < policy.attemptsMax()) {
            Duration wait = failed.retryAfter().orElse(policy.wait(open.request.key(), open.attempts));
            open.dueAt = now - start + wait.toNanos();
            waiting.add(open);
        } else {
            end(open, reason, failed.detail(), failed.latency());
        }
    }

    private void end(Open open, FailureReason reason, String detail, Duration latency) {
        end(new Response(
                open.request.key(),
                Optional.empty(),
                Optional.of(reason),
                detail,
                open.endpoint == null ? "" : open.endpoint.name(),
                latency.toMillis(),
                open.attempts,
                open.tokensLost,
                open.microDollarsLost));
    }

    private void end(Response response) {
        // A request that was never sent is asked again when there is more money.
        if (response.attempts() > 0) {
            log.append(response);
        }
        ready.add(response);
    }
}
