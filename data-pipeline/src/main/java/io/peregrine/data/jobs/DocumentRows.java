package io.peregrine.data.jobs;

import io.peregrine.data.Document;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Documents as rows, and back. The text comes last, so that table statistics never look at it. */
public final class DocumentRows {
    /** Columns of every table of documents. */
    public static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("source", DataTypes.StringType, false)
            .add("domain", DataTypes.StringType, false)
            .add("origin", DataTypes.StringType, false)
            .add("location", DataTypes.StringType, false)
            .add("repository", DataTypes.StringType, false)
            .add("licence", DataTypes.StringType, false)
            .add("language", DataTypes.StringType, false)
            .add("text", DataTypes.StringType, false);

    /** Encoder of {@link #SCHEMA}. */
    public static final Encoder<Row> ENCODER = Encoders.row(SCHEMA);

    private DocumentRows() {}

    /** A row of {@link #SCHEMA}. */
    public static Row toRow(Document document) {
        return RowFactory.create(
                document.id(),
                document.source(),
                document.domain(),
                document.origin(),
                document.location(),
                document.repository(),
                document.licence(),
                document.language(),
                document.text());
    }

    /** A document from a row that has the columns of {@link #SCHEMA} by name, and perhaps more. */
    public static Document fromRow(Row row) {
        return new Document(
                row.getAs("id"),
                row.getAs("source"),
                row.getAs("domain"),
                row.getAs("origin"),
                row.getAs("location"),
                row.getAs("repository"),
                row.getAs("licence"),
                row.getAs("language"),
                row.getAs("text"));
    }
}
