/**
 * The token stream of a mixture plan, in training order, in forms that other trainers read.
 *
 * <p>Before: {@code io.peregrine.mixture} (plan and shards), {@code trainer.loader}, which reads them. After: whoever
 * trains with something else. Read {@link io.peregrine.trainer.export.MixtureExport}, then {@link
 * io.peregrine.trainer.export.ExportFormat} and one of its forms with its shard.
 *
 * <p>All numbers are little-endian. A token has 2 bytes if the vocabulary has at most 65,536 ids, else 4, as in the
 * shards. A <em>piece</em> is what of one document lies in one packed sequence: most documents are one piece, those that
 * packing has cut are several, which stand apart in training order. {@code S} is the number of an output shard, five digits
 * from {@code 00000}.
 *
 * <h2>megatron</h2>
 *
 * <p>Megatron-LM's indexed dataset ({@code megatron/core/datasets/indexed_dataset.py}), one per output shard. {@code
 * shard-S.bin} is the tokens, nothing else. {@code shard-S.idx}:
 *
 * <table>
 * <caption>Index</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>9</td><td>{@code MMIDIDX}, two zeros</td></tr>
 * <tr><td>8</td><td>version, 1</td></tr>
 * <tr><td>1</td><td>type of a token: 8 is uint16, 4 is int32</td></tr>
 * <tr><td>8</td><td>number of sequences, n</td></tr>
 * <tr><td>8</td><td>number of document bounds, m + 1</td></tr>
 * <tr><td>4 n</td><td>tokens of each sequence, int32</td></tr>
 * <tr><td>8 n</td><td>offset of each sequence in the {@code .bin}, int64</td></tr>
 * <tr><td>8 (m + 1)</td><td>first sequence of each document, int64; the last bound is n</td></tr>
 * </table>
 *
 * <p>With the unit {@code document} a sequence of the index is a piece, and a document of the index a packed sequence, so
 * that both bounds are there. With {@code sequence} both are a packed sequence. Megatron-LM's {@code GPTDataset} takes the
 * sequences of an index for its documents, shuffles them and cuts anew: the order and the packing reach the model only
 * through a reader that takes the items as they come.
 *
 * <h2>mds</h2>
 *
 * <p>MosaicML Streaming's MDS, version 2 ({@code streaming/base/format/mds}): {@code shard.S.mds}, or {@code shard.S.mds.zstd},
 * one zstd frame with its content's size. A sample is a packed sequence. A shard is
 *
 * <ul>
 *   <li>uint32: number of samples, n
 *   <li>n + 1 uint32: where in the file each sample begins, and where the last one ends
 *   <li>the settings, a JSON object with sorted keys: {@code column_encodings} ({@code ndarray:uint32}, {@code
 *       ndarray:uint16} or {@code ndarray:uint32}), {@code column_names} ({@code doc_ends}, {@code tokens}), {@code
 *       column_sizes} (both null), {@code compression} (null or {@code zstd}), {@code format} ({@code mds}), {@code hashes}
 *       ({@code sha256}), {@code size_limit}, {@code version} (2)
 *   <li>the samples: two uint32, the bytes of either column; then the columns
 * </ul>
 *
 * <p>A column is an array: one byte, the number of axes (1) shifted by two, plus the logarithm of the bytes of the length
 * that follows, which are 1, 2 or 4, as few as will do; then the values. {@code doc_ends} are the exclusive ends of the
 * pieces in tokens. A shard is full when the next sample would take it over {@code size_limit}. {@code index.json} has
 * {@code version} (2) and {@code shards}: of each its settings, {@code samples}, {@code raw_data} and {@code zip_data}
 * ({@code basename}, {@code bytes}, {@code hashes}; the latter null if not compressed). It is written last.
 *
 * <h2>nanoset</h2>
 *
 * <p>Datatrove's tokenized files ({@code datatrove/pipeline/tokens/tokenizer.py}), which nanotron's Nanoset reads: {@code
 * shard-S.ds} is the tokens, nothing else; {@code shard-S.ds.index} the exclusive end of each piece in tokens, uint64; {@code
 * shard-S.ds.metadata} three lines, {@code tokenizer.json|} with the bytes of a token, the number of tokens, and the same
 * to three digits. Its readers take samples of one token more than the sequence length, wherever they fall.
 *
 * <h2>The export's record, version 1</h2>
 *
 * <p>{@code export.jsonl}, one JSON object a line, UTF-8. The first line names what is exported, all values texts: {@code
 * format} ({@code peregrine-export}), {@code version}, {@code form}, the form's settings, {@code plan} (digest), {@code shards}
 * (payload digest of stage 70), {@code token-bytes}, {@code from}, {@code to}. Each other line is a finished output shard:
 * {@code shard}, {@code from}, {@code to} (positions), {@code pieces}, {@code tokens}, {@code files} (each with {@code
 * name}, {@code bytes}, {@code sha256}), and {@code unpacked}, likewise, for the file before compression. A later line for
 * the same shard replaces an earlier one. A shard's files are moved to their places before its line is written; what is
 * under way has names that begin with a dot and end in {@code .tmp}, and {@code .lock} carries the right to write.
 */
package io.peregrine.trainer.export;
