package io.peregrine.mixture.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.jobs.StageContext;
import io.peregrine.data.jobs.StageJob;
import io.peregrine.data.manifest.Stage;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.shard.TokenBytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Stands in for the tokens stage: made-up documents of random lengths, each ending with token 11. */
final class TokensStage implements StageJob {
    private static final StructType SCHEMA = new StructType()
            .add("stream", DataTypes.StringType)
            .add("ordinal", DataTypes.LongType)
            .add("id", DataTypes.StringType)
            .add("tokens", DataTypes.BinaryType)
            .add("n_tok", DataTypes.IntegerType);

    private final Map<String, Integer> documents;
    private final int partitions;
    private final long firstOrdinal;

    /**
     * @param documents documents of each stream
     * @param partitions Spark partitions, and so files, of the table
     * @param firstOrdinal 0, or something else for a table that is wrong
     */
    TokensStage(Map<String, Integer> documents, int partitions, long firstOrdinal) {
        this.documents = documents;
        this.partitions = partitions;
        this.firstOrdinal = firstOrdinal;
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
        return documents + " " + partitions + " " + firstOrdinal;
    }

    /** Token ids of every document by its id. */
    static Map<String, List<Integer>> documents(String stream, int count) {
        Map<String, List<Integer>> made = new LinkedHashMap<>();
        SeedStream random = SeedStream.of(5).child(stream);
        for (int i = 0; i < count; i++) {
            List<Integer> ids = new ArrayList<>();
            int length = 1 + random.nextInt(i % 7 == 0 ? 150 : 40);
            for (int j = 1; j < length; j++) {
                ids.add(16 + random.nextInt(65_000));
            }
            ids.add(11);
            made.put(Document.idOf(stream + i), ids);
        }
        return made;
    }

    @Override
    public Outcome run(StageContext context) {
        List<Row> rows = new ArrayList<>();
        documents.forEach((stream, count) -> {
            long ordinal = firstOrdinal;
            for (Map.Entry<String, List<Integer>> document :
                    documents(stream, count).entrySet()) {
                int[] ids =
                        document.getValue().stream().mapToInt(Integer::intValue).toArray();
                rows.add(RowFactory.create(
                        stream, ordinal++, document.getKey(), TokenBytes.encode(ids, Short.BYTES), ids.length));
            }
        });
        return new Outcome(
                Map.of(
                        "tokens",
                        context.write(
                                context.spark()
                                        .createDataset(rows, Encoders.row(SCHEMA))
                                        .repartition(partitions),
                                "tokens")),
                Map.of());
    }
}
