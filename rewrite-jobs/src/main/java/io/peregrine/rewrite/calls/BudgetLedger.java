package io.peregrine.rewrite.calls;

import io.peregrine.rewrite.prompts.Answer;
import java.io.Serializable;
import java.util.Optional;

/**
 * Keeps spending under two caps. What a request can cost at most is reserved before it is sent and replaced by what it did
 * cost; what is spent and reserved together never passes a cap, however many are in flight. A request of which nobody knows
 * whether it was charged stays counted with all that was reserved for it.
 *
 * <p>Thread: safe.
 */
public final class BudgetLedger {
    private final long tokensMax;
    private final long microDollarsMax;
    private final Price price;

    private long tokensSpent;
    private long microDollarsSpent;
    private long tokensReserved;
    private long microDollarsReserved;

    /**
     * @param tokensMax cap, tokens of prompts and answers together
     * @param microDollarsMax cap, 10^-6 USD
     */
    public BudgetLedger(long tokensMax, long microDollarsMax, Price price) {
        if (tokensMax < 0 || microDollarsMax < 0) {
            throw new IllegalArgumentException(
                    "caps of %d tokens and %d micro-dollars: must be >= 0".formatted(tokensMax, microDollarsMax));
        }
        this.tokensMax = tokensMax;
        this.microDollarsMax = microDollarsMax;
        this.price = price;
    }

    /** What was spent, for the manifest: at least what the servers charged. */
    public record Spent(long tokens, long microDollars) implements Serializable {
        public static final Spent NOTHING = new Spent(0, 0);

        /** Both together. */
        public Spent plus(Spent other) {
            return new Spent(Math.addExact(tokens, other.tokens), Math.addExact(microDollars, other.microDollars));
        }
    }

    /** Money and tokens put aside for one request. Ends once, by one of its methods. */
    public final class Reservation {
        private final long tokens;
        private final long microDollars;
        private boolean ended;

        private Reservation(long tokens, long microDollars) {
            this.tokens = tokens;
            this.microDollars = microDollars;
        }

        /** Tokens that were reserved. */
        public long tokens() {
            return tokens;
        }

        /** Micro-dollars that were reserved. */
        public long microDollars() {
            return microDollars;
        }

        /**
         * The server said what it took.
         *
         * @return its cost in micro-dollars
         */
        public long settle(Answer answer) {
            long used = Math.addExact(answer.promptTokens(), answer.completionTokens());
            long cost = price.of(answer.promptTokens(), answer.completionTokens());
            end(used, cost);
            return cost;
        }

        /** Nothing was charged, for certain. */
        public void release() {
            end(0, 0);
        }

        /** Nobody knows whether it was charged. */
        public void forfeit() {
            end(tokens, microDollars);
        }

        private void end(long tokensUsed, long cost) {
            synchronized (BudgetLedger.this) {
                if (ended) {
                    throw new IllegalStateException("a reservation ends once");
                }
                ended = true;
                tokensReserved -= tokens;
                microDollarsReserved -= microDollars;
                tokensSpent = Math.addExact(tokensSpent, tokensUsed);
                microDollarsSpent = Math.addExact(microDollarsSpent, cost);
            }
        }
    }

    /**
     * Puts aside what a request can cost at most.
     *
     * @param promptTokens most tokens of the prompt
     * @param maxTokens most tokens of the answer
     * @return empty if it could pass a cap; then it must not be sent now. Others that end may make room.
     */
    public synchronized Optional<Reservation> reserve(long promptTokens, long maxTokens) {
        long tokens = Math.addExact(promptTokens, maxTokens);
        long microDollars = price.of(promptTokens, maxTokens);
        if (tokens > tokensMax - tokensSpent - tokensReserved
                || microDollars > microDollarsMax - microDollarsSpent - microDollarsReserved) {
            return Optional.empty();
        }
        tokensReserved += tokens;
        microDollarsReserved += microDollars;
        return Optional.of(new Reservation(tokens, microDollars));
    }

    /** Counts what an earlier attempt of the same work has spent already. */
    public synchronized void alreadySpent(Spent spent) {
        tokensSpent = Math.addExact(tokensSpent, spent.tokens());
        microDollarsSpent = Math.addExact(microDollarsSpent, spent.microDollars());
    }

    /** Spent up to now, without what is reserved. */
    public synchronized Spent spent() {
        return new Spent(tokensSpent, microDollarsSpent);
    }

    /** Whether requests are out whose end may make room. */
    public synchronized boolean reserved() {
        return tokensReserved > 0;
    }
}
