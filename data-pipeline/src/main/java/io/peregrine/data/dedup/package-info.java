/**
 * The mathematics of removing duplicates: signatures, bands, clusters.
 *
 * <p>Before: {@code data.filters} kept the documents. After: rewriting and tokenizing see each text once. Here is plain
 * Java on one document or a small graph; {@code data.jobs.DedupJob} brings it to tables, {@code
 * data.jobs.ConnectedComponents} holds the same clustering for graphs that do not fit one machine.
 *
 * <p>Exact duplicates have equal ids, since documents are content-addressed. For near duplicates read {@link
 * io.peregrine.data.dedup.SimplifiedText} (what is ignored), {@link io.peregrine.data.dedup.MinHash} (the signature, bit
 * for bit that of datatrove for the same words), {@link io.peregrine.data.dedup.Signature} (bands and similarity), {@link
 * io.peregrine.data.dedup.Clusters}. {@link io.peregrine.data.dedup.Shingler} is the fast way through the first two steps; a
 * signature in batches and on OpenCL devices is {@link io.peregrine.data.dedup.SignatureBatch}.
 */
package io.peregrine.data.dedup;
