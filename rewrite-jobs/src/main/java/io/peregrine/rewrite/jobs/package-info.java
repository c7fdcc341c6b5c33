/**
 * Spark wiring of stage 40: {@link io.peregrine.rewrite.jobs.RewriteJob}, its command and its report. No thresholds and no
 * text logic.
 *
 * <p>By a model: {@code ModelRewrite} has the rounds, {@code DialogueRows} turns documents and replies to requests and
 * verdicts, {@code CallWaves} sends what has no stored response and hands out the budget, {@code CallTask} is one task of it,
 * {@code Harvest} brings the logs of tasks to the {@code ResponseTable}, {@code SpendBook} keeps what was paid.
 */
package io.peregrine.rewrite.jobs;
