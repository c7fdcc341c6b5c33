/**
 * The report of a run: one HTML file that anybody can open, anywhere, without a network.
 *
 * <p>Before: every stage, through what it left on disk (manifests, {@code run.yaml}, {@code statistics.json},
 * {@code plan.json}, {@code metrics.jsonl}). After: a person. {@link io.peregrine.report.ReportStage} gathers the facts
 * with one class per part of the page; {@link io.peregrine.data.page.HtmlPage} puts them as a block of JSON into a skeleton with Chart.js,
 * where {@code report.js} draws them. What a run did not leave is said on the page, not passed over.
 *
 * <p>No Spark here: tables are read through Delta Kernel, so that a report of a finished run takes a second.
 */
package io.peregrine.report;
