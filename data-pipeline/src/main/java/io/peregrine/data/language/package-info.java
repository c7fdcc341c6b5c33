/**
 * Which language a text is in, how sure that is, and whether all of it is.
 *
 * <p>Here: the question ({@link io.peregrine.data.language.LanguageIdentifier}), its answer ({@link
 * io.peregrine.data.language.Identification}), two identifiers, and the family of rules ({@link
 * io.peregrine.data.language.LanguageAnnotator}) with its settings ({@link io.peregrine.data.language.LanguageConfig}).
 * Not here: which languages a domain wants; {@code data.filters} decides that, and wires the rules. Programming languages
 * are {@code data.code}.
 *
 * <p>Read {@link io.peregrine.data.language.LanguageAnnotator}, then {@link
 * io.peregrine.data.language.OpenNlpLanguageIdentifier}, which says in which order a text is looked at, and {@link
 * io.peregrine.data.language.NgramTable}, which is where the time goes. {@link io.peregrine.data.language.FastTextModel}
 * reads models that other pipelines use.
 *
 * <h2>The model that comes along</h2>
 *
 * OpenNLP's langdetect-183, read directly: 103 languages, 145,895 groups of one to three characters. Scripts add some
 * twenty languages. What is measured of it is in {@code data-pipeline/BENCHMARKS.md}.
 *
 * <h2>fastText's format</h2>
 *
 * The layout of {@code .bin} and {@code .ftz} files, versions 11 and 12, little-endian; a flag is one byte, 0 or 1.
 *
 * <pre>
 * int32    magic 793712314
 * int32    version 12 (11: as 12 with maxn 0)
 * int32    dim, ws, epoch, minCount, neg, wordNgrams,
 *          loss (1 hierarchical softmax, 2 negative sampling, 3 softmax, 4 one against all),
 *          model (3 supervised; nothing else is read), bucket, minn, maxn, lrUpdateRate
 * float64  t
 * int32    entries, words, labels
 * int64    tokens, pruned rows (-1: not pruned)
 * entries, words first, labels by falling count:
 *   bytes  UTF-8, ended by 0
 *   int64  count
 *   int8   0 word, 1 label
 * pruned rows: int32 bucket, int32 row
 * flag     quantised input
 * matrix   input: a row for each word, then for each bucket (or pruned row)
 * flag     quantised output
 * matrix   output: a row for each label
 *
 * matrix, plain:      int64 rows, int64 columns, float32 row by row
 * matrix, quantised:  flag norms, int64 rows, int64 columns, int32 codes, uint8 codes (row by row, one a part), quantiser;
 *                     with norms: uint8 code a row, quantiser of dimension 1
 * quantiser:          int32 dimension, parts, width of a part, width of the last part; float32 centroids, 256 for each part
 * </pre>
 *
 * <p>A text is split at white space; its end is the word {@code </s>}. Its rows are those of known words; of the groups of
 * {@code minn} to {@code maxn} characters of {@code <word>}, except {@code </s>}, of which single characters at either end
 * do not count: row {@code words + hash % bucket}, the hash being 32-bit FNV-1a over bytes that are widened with their
 * sign; and of groups of up to {@code wordNgrams} word hashes, {@code h = h * 116049371 + next} in 64 bits from hashes
 * widened with their sign. Tokens that begin with {@code __label__} and are no words are left out. The mean of the rows,
 * summed in that order in single precision, is multiplied with the output.
 *
 * <p>Hierarchical softmax: a Huffman tree over the labels' counts, built from the end of the list; where a leaf and a node
 * count the same the node goes first; inner node {@code i} has output row {@code i - labels} and gives its right child
 * the logistic function of the product. 1e-5 is added to every probability before its logarithm is taken, so that a printed
 * probability may be 1.00001. Independent labels look the logistic function up in 512 steps from -8 to 8.
 *
 * <p>Checked against scores computed by these definitions for small models written by the tests. Not checked: lid.176 and
 * GlotLID themselves, which no test has at hand.
 */
package io.peregrine.data.language;
