/**
 * The token shards: the format, and the code that writer and readers share. No Spark here; see {@code mixture.jobs}.
 *
 * <p>Before: {@code mixture.pack}. After: {@code trainer.loader}, which reads shards with Delta Kernel. Read {@link
 * io.peregrine.mixture.shard.ShardRow}, {@link io.peregrine.mixture.shard.ShardDigests}, {@link
 * io.peregrine.mixture.shard.ShardIndex}; then {@link io.peregrine.mixture.shard.ShardPackings} and {@link
 * io.peregrine.mixture.shard.ShardRebuild}, by which a build leaves the shards alone that are as they were.
 *
 * <h2>Format: rows of version 1, index of version 2</h2>
 *
 * <p>One Delta table per stream, {@code 70-shards/<stream>}. One row is one sequence:
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><th>column</th><th>type</th><th>meaning</th></tr>
 * <tr><td>{@code seq_ord}</td><td>BIGINT</td><td>number of the sequence in its stream, from 0 without a gap</td></tr>
 * <tr><td>{@code tokens}</td><td>BINARY</td><td>{@code n_tok} token ids, little-endian, unsigned, of 2 bytes if the
 * vocabulary has at most 65,536 ids and of 4 bytes else; no padding</td></tr>
 * <tr><td>{@code n_tok}</td><td>INT</td><td>tokens, from 1 to the plan's sequence length</td></tr>
 * <tr><td>{@code doc_ends}</td><td>ARRAY&lt;INT&gt;</td><td>where each document of the sequence ends, exclusive, rising;
 * the last one is {@code n_tok}</td></tr>
 * <tr><td>{@code first_is_continuation}</td><td>BOOLEAN</td><td>whether the first document began in an earlier sequence;
 * all others begin here</td></tr>
 * <tr><td>{@code doc_ids}</td><td>ARRAY&lt;STRING&gt;</td><td>ids of the documents, one per end</td></tr>
 * </table>
 *
 * <p>A document ends with the tokenizer's end-of-text id, which is part of its tokens. Sequences have at most the plan's
 * length, not one more: the target of a position is the next token of the same document.
 *
 * <p>A shard is the rows {@code [i S, (i + 1) S)} of a stream, with {@code S} the plan's {@code shard-sequences}; the last
 * one may be shorter. Each is one Parquet file, written by one task in the order of {@code seq_ord}, found by the
 * statistics on {@code seq_ord} in the Delta log. No deletion vectors, no column mapping, no partition columns. Delta's
 * constraints ({@code seq_ord}, {@code n_tok}, {@code tokens}, {@code doc_ends}, {@code doc_ids}) refuse a row that breaks
 * the rules above, whoever appends it; that no sequence is missing or there twice is checked when a build digests.
 *
 * <p>Identity: a row's digest is {@code PayloadDigest} over {@code seq_ord, tokens, n_tok, doc_ends,
 * first_is_continuation, doc_ids} in this order, lists with their size before them; a shard's digest is the Merkle root
 * of its rows' digests in the order of {@code seq_ord}, a stream's the Merkle root of its shards' digests. The bytes of
 * the Parquet files are not part of the identity: their footers differ from one JVM to the next
 * (apache/parquet-java#3215).
 *
 * <p>{@code 70-shards/index.json} makes the shards real and says where they are: one JSON object, UTF-8, with {@code
 * format} ({@code peregrine-shards}), {@code version}, {@code sequence-length}, {@code shard-sequences}, {@code
 * token-bytes} and {@code streams}, a list sorted by name of {@code name}, {@code table} ({@code path} below the run's
 * root, Delta {@code version}, {@code rows}, {@code payload-digest}), {@code
 * packing-digest} (as in the plan), {@code tokens}, {@code digest} (of the stream, as above), {@code shards} (digests) and
 * {@code packings}: for each shard a digest of its first and last sequence and of the packing groups that it has a part of,
 * or none at all if they are not known. Where it is what it was, the rows are what they were. {@code parts}: for each shard
 * the Merkle roots of every 1,024 of its rows, the nodes from which the shard's digest follows, or none at all. By them a
 * reader verifies a part of a shard without reading the rest.
 *
 * <p>Which table versions are in use: those that {@code index.json} names, those of its copies in {@code
 * 70-shards/releases/*.json}, which a person puts there to keep a release, and those in {@code 70-shards/leases}, where
 * processes that read without the run's lock say so ({@link io.peregrine.mixture.shard.ShardLease}).
 *
 * <p>History: index version 1 had no {@code packings} and no {@code parts}; it is read as one in which they are not
 * known. The rows are those
 * of version 1, the first.
 */
package io.peregrine.mixture.shard;
