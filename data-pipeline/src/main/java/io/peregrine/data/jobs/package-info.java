/**
 * Spark wiring of stages 10 to 50: one class per stage, no thresholds and no text logic.
 *
 * <p>A stage is a {@link io.peregrine.data.jobs.StageJob}: settings and a {@code run} that reads the tables of earlier
 * stages and writes its own through a {@link io.peregrine.data.jobs.StageContext}. {@link
 * io.peregrine.data.jobs.StageRunner} decides whether it has to run at all and makes its outputs real. {@link
 * io.peregrine.data.jobs.DocumentRows} is the codec between documents and rows: records never go through Spark's
 * encoders, which infer an empty schema for them. {@link io.peregrine.data.jobs.TableDigests} computes a table's payload
 * digest; {@link io.peregrine.data.jobs.SparkSessions} opens a session with Delta. On the command line a stage is a {@link
 * io.peregrine.data.jobs.StageCommand}: {@code filter RUN.yaml} does that stage of that run.
 *
 * <p>The only package of this module that imports Spark.
 */
package io.peregrine.data.jobs;
