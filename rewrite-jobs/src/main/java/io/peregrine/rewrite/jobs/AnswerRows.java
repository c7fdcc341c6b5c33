package io.peregrine.rewrite.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.jobs.DocumentRows;
import io.peregrine.data.language.OpenNlpLanguageIdentifier;
import io.peregrine.rewrite.Rewriter;
import io.peregrine.rewrite.accept.AcceptChecks;
import io.peregrine.rewrite.accept.AcceptConfig;
import io.peregrine.rewrite.accept.Rejection;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows of documents to rows of answers: the rewriter and the checks, partition by partition. */
final class AnswerRows implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Domain of a rewrite: this and the domain of its document. */
    static final String DOMAIN_PREFIX = "rewritten-";

    private static final int LANGUAGE_SAMPLE_CHARACTERS = 4_000;

    /** The answer as a document, where it comes from, and why it does not stand: null if it does. */
    static final StructType SCHEMA = DocumentRows.SCHEMA
            .add("parent_id", DataTypes.StringType, false)
            .add("rewriter", DataTypes.StringType, false)
            .add("reason", DataTypes.StringType, true)
            .add("measured", DataTypes.DoubleType, true)
            .add("limit", DataTypes.DoubleType, true);

    static final Encoder<Row> ENCODER = Encoders.row(SCHEMA);

    private final SerializableSupplier rewriters;
    private final AcceptConfig config;

    /** Makes a rewriter where it is needed: rewriters do not travel. */
    interface SerializableSupplier extends java.util.function.Supplier<Rewriter>, Serializable {}

    AnswerRows(SerializableSupplier rewriters, AcceptConfig config) {
        this.rewriters = rewriters;
        this.config = config;
    }

    Iterator<Row> answers(Iterator<Row> documents) {
        Rewriter rewriter = rewriters.get();
        AcceptChecks checks = new AcceptChecks(config, new OpenNlpLanguageIdentifier(LANGUAGE_SAMPLE_CHARACTERS));
        Iterable<Row> once = () -> documents;
        Stream<Row> rows = StreamSupport.stream(once.spliterator(), false);
        return rows.map(row -> answer(DocumentRows.fromRow(row), rewriter, checks))
                .iterator();
    }

    private static Row answer(Document document, Rewriter rewriter, AcceptChecks checks) {
        String text = rewriter.rewrite(document);
        Optional<Rejection> rejection = checks.check(document, text);
        Document answer = document.withDomain(DOMAIN_PREFIX + document.domain()).withText(text);
        Row columns = DocumentRows.toRow(answer);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < columns.length(); i++) {
            values.add(columns.get(i));
        }
        values.add(document.id());
        values.add(rewriter.id());
        values.add(rejection.map(rejected -> rejected.reason().code()).orElse(null));
        values.add(rejection.map(Rejection::measured).orElse(null));
        values.add(rejection.map(Rejection::limit).orElse(null));
        return RowFactory.create(values.toArray());
    }
}
