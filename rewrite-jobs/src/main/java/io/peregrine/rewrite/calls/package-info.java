/**
 * Sends prompts to servers with OpenAI's API, and never pays more than was allowed.
 *
 * <p>Before: {@code prompts}, which makes a {@link io.peregrine.rewrite.prompts.Prompt}. After: {@code accept}, which judges
 * the {@link io.peregrine.rewrite.prompts.Answer}.
 *
 * <p>Begin with {@link io.peregrine.rewrite.calls.Endpoint} and {@link io.peregrine.rewrite.calls.EndpointClient}, which
 * makes one attempt. {@link io.peregrine.rewrite.calls.FailureReason} says what may be tried again and what may have cost
 * money; {@link io.peregrine.rewrite.calls.RateLimiter} says when, {@link io.peregrine.rewrite.calls.BudgetLedger}
 * whether at all. {@link io.peregrine.rewrite.calls.Caller} puts them together for the requests of one task, and {@link
 * io.peregrine.rewrite.calls.ResponseLog} keeps what was paid for, for {@link io.peregrine.rewrite.calls.LoggedResponses}
 * to find again. {@link io.peregrine.rewrite.calls.Batches} does the same by the batch API, in files. This package meets the
 * network and the clock; what decides in it takes the time as an argument.
 */
package io.peregrine.rewrite.calls;
