/**
 * Spark wiring of stage 40: {@link io.peregrine.rewrite.jobs.RewriteJob} and its command. No thresholds and no text logic.
 */
package io.peregrine.rewrite.jobs;
