/**
 * Inputs of a run: files of many kinds in, documents out, and an account of everything that did not become one.
 *
 * <p>Before: the files that a run file names. After: {@code data.jobs}, which spreads the files over tasks and writes
 * the tables, then {@code data.filters}. No Spark here. Readers stream: a reader holds one document, never one file,
 * and a damaged file costs what is damaged, never the run.
 *
 * <p>Read {@link io.peregrine.data.sources.SourceConfig}, then {@link io.peregrine.data.sources.SourceItem} (what a
 * reader gives), {@link io.peregrine.data.sources.SourceReader}, {@link io.peregrine.data.sources.SourceReaders} (which
 * reader for which kind), then any reader. A file or an archive entry becomes documents in a {@link
 * io.peregrine.data.sources.ContentFormat}; a record of a JSON lines or Parquet file by {@link
 * io.peregrine.data.sources.RecordColumns}. {@link io.peregrine.data.sources.FileParts} cuts large files for several
 * tasks; compression is known by the first bytes ({@code Compression}), and all of Parquet's library is behind {@code
 * ParquetRows}.
 */
package io.peregrine.data.sources;
