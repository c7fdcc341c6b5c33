package io.peregrine.mixture.jobs;

import io.peregrine.data.DataException;
import io.peregrine.data.manifest.PayloadDigest;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.PackingMode;
import io.peregrine.mixture.pack.DocumentPacker;
import io.peregrine.mixture.pack.Packing;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Packs the documents of one stream, one Spark partition per packing group, from their lengths.
 *
 * <p>Every partition holds one group whole, sorted by ordinal, so the result does not depend on how the rows came.
 */
final class PackedGroups implements Serializable {
    private static final long serialVersionUID = 1L;

    /** One row per group. */
    static final StructType COUNTS = new StructType()
            .add("stream", DataTypes.StringType, false)
            .add("group_index", DataTypes.IntegerType, false)
            .add("documents", DataTypes.LongType, false)
            .add("tokens", DataTypes.LongType, false)
            .add("sequences", DataTypes.LongType, false)
            .add("content", DataTypes.StringType, false);

    /** One row per piece of a document. */
    static final StructType PIECES = new StructType()
            .add("ordinal", DataTypes.LongType, false)
            .add("seq_ord", DataTypes.LongType, false)
            .add("slot", DataTypes.IntegerType, false)
            .add("from", DataTypes.IntegerType, false)
            .add("length", DataTypes.IntegerType, false);

    private final String stream;
    private final PackingMode mode;
    private final int sequenceLength;
    private final int groupDocuments;
    private final String seed;

    /**
     * @param stream name of the stream
     * @param mode how to pack
     * @param sequenceLength tokens of a full sequence
     * @param groupDocuments documents of a group; the last group may be smaller
     * @param seed key of the plan's random numbers
     */
    PackedGroups(String stream, PackingMode mode, int sequenceLength, int groupDocuments, String seed) {
        this.stream = stream;
        this.mode = mode;
        this.sequenceLength = sequenceLength;
        this.groupDocuments = groupDocuments;
        this.seed = seed;
    }

    /**
     * Documents, tokens and sequences of each group, with the columns {@link #COUNTS}.
     *
     * @param tokens the stream's rows of the tokens table
     * @param documents how many there are
     */
    Dataset<Row> counts(Dataset<Row> tokens, long documents) {
        return grouped(tokens, documents, functions.col("id"))
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> new Groups(rows, this::counted),
                        Encoders.row(COUNTS));
    }

    /**
     * Where each piece of each document goes, with the columns {@link #PIECES}.
     *
     * @param tokens the stream's rows of the tokens table
     * @param documents how many there are
     * @param firstSequences number of the first sequence of each group
     */
    Dataset<Row> pieces(Dataset<Row> tokens, long documents, List<Long> firstSequences) {
        return grouped(tokens, documents, functions.lit(""))
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows ->
                                new Groups(rows, group -> placed(group, firstSequences.get(group.index()))),
                        Encoders.row(PIECES));
    }

    private Dataset<Row> grouped(Dataset<Row> tokens, long documents, Column id) {
        int groups = Math.toIntExact((documents + groupDocuments - 1) / groupDocuments);
        return tokens.select(
                        functions
                                .floor(functions.col("ordinal").divide(groupDocuments))
                                .cast(DataTypes.IntegerType)
                                .as("group_index"),
                        functions.col("ordinal"),
                        functions.col("n_tok"),
                        id.as("id"))
                .repartitionById(groups, functions.col("group_index"))
                .sortWithinPartitions("group_index", "ordinal");
    }

    private Packing pack(Group group) {
        SeedStream groupSeed = DocumentPacker.groupSeed(MixturePlan.seeds(seed), stream, group.index());
        return DocumentPacker.of(mode, sequenceLength).pack(group.lengths(), groupSeed);
    }

    private Iterator<Row> counted(Group group) {
        Packing packing = pack(group);
        return List.of(RowFactory.create(
                        stream,
                        group.index(),
                        (long) packing.documents(),
                        packing.tokens(),
                        (long) packing.sequences(),
                        group.content()))
                .iterator();
    }

    private Iterator<Row> placed(Group group, long firstSequence) {
        Packing packing = pack(group);
        long firstOrdinal = (long) group.index() * groupDocuments;
        return new Iterator<>() {
            private int document;
            private int piece;

            @Override
            public boolean hasNext() {
                return piece < packing.pieces();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                while (piece == packing.firstPiece(document + 1)) {
                    document++;
                }
                Row row = RowFactory.create(
                        firstOrdinal + document,
                        firstSequence + packing.sequence(piece),
                        packing.slot(piece),
                        packing.from(piece),
                        packing.length(piece));
                piece++;
                return row;
            }
        };
    }

    /** The documents of one group, in order. */
    private static final class Group {
        private final int index;
        private int[] lengths = new int[1024];
        private int size;
        private final PayloadDigest content = new PayloadDigest();

        Group(int index) {
            this.index = index;
        }

        int index() {
            return index;
        }

        int[] lengths() {
            return Arrays.copyOf(lengths, size);
        }

        /** Identity of the documents: their ids, and so their texts, and their lengths. */
        String content() {
            return content.hex();
        }

        void add(int length, String id) {
            content.add(id).add(length);
            if (size == lengths.length) {
                lengths = Arrays.copyOf(lengths, 2 * size);
            }
            lengths[size++] = length;
        }
    }

    /** Takes the groups from sorted rows one after the other and strings together what each gives. */
    private final class Groups implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final Function<Group, Iterator<Row>> function;
        private Iterator<Row> given = new ArrayList<Row>().iterator();
        private Row ahead;

        Groups(Iterator<Row> rows, Function<Group, Iterator<Row>> function) {
            this.rows = rows;
            this.function = function;
            this.ahead = rows.hasNext() ? rows.next() : null;
        }

        @Override
        public boolean hasNext() {
            while (!given.hasNext() && ahead != null) {
                given = function.apply(next(ahead.getInt(0)));
            }
            return given.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return given.next();
        }

        private Group next(int index) {
            Group group = new Group(index);
            while (ahead != null && ahead.getInt(0) == index) {
                long expected = (long) index * groupDocuments + group.size;
                int length = ahead.getInt(2);
                if (ahead.getLong(1) != expected || length <= 0) {
                    throw new DataException(
                            "tokens, stream '%s': document %d with %d tokens where document %d was expected; run the tokens stage again"
                                    .formatted(stream, ahead.getLong(1), length, expected));
                }
                group.add(length, ahead.getString(3));
                ahead = rows.hasNext() ? rows.next() : null;
            }
            return group;
        }
    }
}
