package io.peregrine.data.jobs;

import io.peregrine.data.tokenizer.BpeTokenizer;
import io.peregrine.data.tokenizer.TokenBytes;
import io.peregrine.data.tokenizer.WordCount;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/** Rows of texts to rows of tokens, and rows of tokens to counts of tokens, partition by partition. */
final class TokenRows implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A document's tokens before it has its place in the stream. */
    static final StructType ENCODED = new StructType()
            .add("stream", DataTypes.StringType, false)
            .add("bucket", DataTypes.IntegerType, false)
            .add("hash", DataTypes.LongType, false)
            .add("id", DataTypes.StringType, false)
            .add("tokens", DataTypes.BinaryType, false)
            .add("n_tok", DataTypes.IntegerType, false);

    /** Stands for a token in {@link #COUNTED} where words are counted. */
    static final int WORDS = -1;

    /** As {@link #WORDS}, for words that are one token. */
    static final int SINGLE_TOKEN_WORDS = -2;

    /** How often a token occurs in a part of a stream. */
    static final StructType COUNTED = new StructType()
            .add("stream", DataTypes.StringType, false)
            .add("token", DataTypes.IntegerType, false)
            .add("count", DataTypes.LongType, false);

    static final Encoder<Row> ENCODED_ENCODER = Encoders.row(ENCODED);
    static final Encoder<Row> COUNTED_ENCODER = Encoders.row(COUNTED);

    private final Broadcast<byte[]> tokenizerJson;
    private final String tokenizerName;
    private final int vocabSize;

    TokenRows(Broadcast<byte[]> tokenizerJson, String tokenizerName, int vocabSize) {
        this.tokenizerJson = tokenizerJson;
        this.tokenizerName = tokenizerName;
        this.vocabSize = vocabSize;
    }

    /** Encodes rows of stream, bucket, hash, id and text; each document ends with the end-of-text token. */
    Iterator<Row> encode(Iterator<Row> documents) {
        BpeTokenizer tokenizer = BpeTokenizer.of(tokenizerJson.value(), tokenizerName);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> tokenizer.close());
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return documents.hasNext();
            }

            @Override
            public Row next() {
                Row document = documents.next();
                int[] ids = tokenizer.encode(document.getString(4));
                int[] ended = Arrays.copyOf(ids, ids.length + 1);
                ended[ids.length] = tokenizer.endOfText();
                return RowFactory.create(
                        document.get(0),
                        document.get(1),
                        document.get(2),
                        document.get(3),
                        TokenBytes.encode(ended, vocabSize),
                        ended.length);
            }
        };
    }

    /** Counts the tokens in rows of stream and tokens, and the words that these make up. */
    Iterator<Row> count(Iterator<Row> documents) {
        Map<String, long[]> counts = new TreeMap<>();
        Map<String, WordCount> words = new TreeMap<>();
        try (BpeTokenizer tokenizer = BpeTokenizer.of(tokenizerJson.value(), tokenizerName)) {
            while (documents.hasNext()) {
                Row document = documents.next();
                String name = document.getString(0);
                int[] ids = TokenBytes.decode(document.getAs(1), vocabSize);
                long[] stream = counts.computeIfAbsent(name, absent -> new long[vocabSize]);
                for (int id : ids) {
                    stream[id]++;
                }
                int[] text = Arrays.copyOf(ids, ids.length - 1);
                words.merge(name, WordCount.of(tokenizer.decode(text), text, tokenizer), WordCount::plus);
            }
        }
        List<Row> rows = new ArrayList<>();
        words.forEach((name, count) -> {
            rows.add(RowFactory.create(name, WORDS, count.words()));
            rows.add(RowFactory.create(name, SINGLE_TOKEN_WORDS, count.singleTokenWords()));
        });
        counts.forEach((name, stream) -> {
            for (int id = 0; id < vocabSize; id++) {
                if (stream[id] > 0) {
                    rows.add(RowFactory.create(name, id, stream[id]));
                }
            }
        });
        return rows.iterator();
    }
}
