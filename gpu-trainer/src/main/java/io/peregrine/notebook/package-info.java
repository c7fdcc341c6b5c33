/**
 * What the notebooks (folder {@code notebooks}) draw with and cannot say in a line: charts, tables, the run to look at, and the
 * distances between repeats that a plan really has.
 *
 * <p>Before: what a run left on disk, and the classes that read it. After: a person in front of a notebook. Begin with {@link
 * io.peregrine.notebook.NotebookRun}; then {@link io.peregrine.notebook.Chart}, {@link io.peregrine.notebook.BarChart} and
 * {@link io.peregrine.notebook.HtmlTable}.
 *
 * <p>A chart is SVG, which whatever shows notebooks can show, without scripts and without a network: Chart.js, which draws the
 * pages of reports, needs both a browser and 200 kB in every output. Equal numbers make equal text, so that the outputs stored
 * with a notebook change only when what they show does. No Spark here: a notebook that reads tables opens a session itself.
 */
package io.peregrine.notebook;
