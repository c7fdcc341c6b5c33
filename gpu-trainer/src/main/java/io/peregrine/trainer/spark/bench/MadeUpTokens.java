package io.peregrine.trainer.spark.bench;

import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.seed.SeedStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Stands in for the tokens stage: documents of log-normal lengths with a mean of about 1,100 tokens, of a vocabulary of
 * 65,536 whose ids are as frequent as words are (Zipf), so that they compress about as text does.
 */
final class MadeUpTokens implements StageJob {
    /** Mean tokens of a document: exp(6.5 + 1 / 2). */
    static final int MEAN_TOKENS = 1_100;

    private static final double LOG_LENGTH_MEAN = 6.5;
    private static final int LENGTH_MAX = 1 << 17;
    private static final int VOCABULARY = 1 << 16;
    private static final int DRAWS = 1 << 20;
    private static final StructType SCHEMA = new StructType()
            .add("stream", DataTypes.StringType)
            .add("ordinal", DataTypes.LongType)
            .add("id", DataTypes.StringType)
            .add("tokens", DataTypes.BinaryType)
            .add("n_tok", DataTypes.IntegerType);

    private final Map<String, Long> documents;

    /** @param documents how many of each stream */
    MadeUpTokens(Map<String, Long> documents) {
        this.documents = new TreeMap<>(documents);
    }

    @Override
    public Stage stage() {
        return Stage.TOKENS;
    }

    @Override
    public List<Stage> after() {
        return List.of();
    }

    @Override
    public String configDigest() {
        return ConfigDigest.of(documents);
    }

    @Override
    public Outcome run(StageContext context) {
        Dataset<Row> all = null;
        for (Map.Entry<String, Long> stream : documents.entrySet()) {
            String name = stream.getKey();
            Dataset<Row> one = context.spark()
                    .range(stream.getValue())
                    .map((MapFunction<Long, Row>) ordinal -> document(name, ordinal), Encoders.row(SCHEMA));
            all = all == null ? one : all.union(one);
        }
        return new Outcome(Map.of("tokens", context.write(all, "tokens")), Map.of());
    }

    private static Row document(String stream, long ordinal) {
        SeedStream draws = SeedStream.of(ordinal).child(stream);
        double log = LOG_LENGTH_MEAN + draws.nextGaussian();
        int length = (int) Math.max(2, Math.min(LENGTH_MAX, Math.exp(log)));
        byte[] tokens = new byte[length * Short.BYTES];
        for (int i = 0; i < length; i++) {
            short id = Zipf.IDS[draws.nextInt(DRAWS)];
            tokens[2 * i] = (byte) id;
            tokens[2 * i + 1] = (byte) (id >> 8);
        }
        byte[] id = new byte[32];
        for (int i = 0; i < id.length; i++) {
            id[i] = (byte) draws.nextInt(256);
        }
        return RowFactory.create(stream, ordinal, HexFormat.of().formatHex(id), tokens, length);
    }

    /** An id for each of {@link #DRAWS} equally likely draws; the r-th most frequent comes in proportion to 1/r. */
    private static final class Zipf {
        private static final short[] IDS = ids();

        private static short[] ids() {
            double[] upTo = new double[VOCABULARY];
            double sum = 0;
            for (int rank = 0; rank < VOCABULARY; rank++) {
                sum += 1.0 / (rank + 2);
                upTo[rank] = sum;
            }
            short[] ids = new short[DRAWS];
            for (int draw = 0; draw < DRAWS; draw++) {
                int at = Arrays.binarySearch(upTo, (draw + 0.5) / DRAWS * sum);
                ids[draw] = (short) (at < 0 ? -at - 1 : at);
            }
            return ids;
        }
    }
}
