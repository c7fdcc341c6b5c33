package io.peregrine.rewrite.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.jobs.DocumentRows;
import io.peregrine.rewrite.accept.Rejection;
import io.peregrine.rewrite.dialogue.Judged;
import io.peregrine.rewrite.dialogue.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a model wrote, as rows of the tables {@code rewrites} and {@code rejected}: the columns of a document and
 *
 * <ul>
 *   <li>{@code parent_id}: the document that it was written from; {@code reuse_group}: the same, for all versions of one
 *       content are of one group, the document itself too, and are not to be trained on close together.
 *   <li>{@code rewriter}: template and model, each with its version; {@code template}, {@code kind}, {@code model} apart.
 *   <li>{@code variant}: from 0. {@code segments}: parts that were asked for; {@code originals}: how many of them are the
 *       document's own in this text.
 *   <li>in {@code rejected} only: {@code reason}, {@code measured}, {@code limit}.
 * </ul>
 */
final class JudgedRows {
    /** With {@code stands}, which tells rows of the two tables apart. */
    static final StructType SCHEMA = DocumentRows.SCHEMA
            .add("parent_id", DataTypes.StringType, false)
            .add("reuse_group", DataTypes.StringType, false)
            .add("rewriter", DataTypes.StringType, false)
            .add("template", DataTypes.StringType, false)
            .add("kind", DataTypes.StringType, false)
            .add("model", DataTypes.StringType, false)
            .add("variant", DataTypes.IntegerType, false)
            .add("segments", DataTypes.IntegerType, false)
            .add("originals", DataTypes.IntegerType, false)
            .add("stands", DataTypes.BooleanType, false)
            .add("reason", DataTypes.StringType, true)
            .add("measured", DataTypes.DoubleType, true)
            .add("limit", DataTypes.DoubleType, true);

    static final Encoder<Row> ENCODER = Encoders.row(SCHEMA);

    private JudgedRows() {}

    /** One row for what stands, one for what was refused: both where the original stands for a part that was. */
    static List<Row> of(Document document, Style style, String model, Judged verdict) {
        List<Row> rows = new ArrayList<>();
        verdict.text()
                .ifPresent(text ->
                        rows.add(row(document, style, model, verdict, text, verdict.originals(), Optional.empty())));
        verdict.rejection()
                .ifPresent(
                        why -> rows.add(row(document, style, model, verdict, verdict.answer(), 0, Optional.of(why))));
        return rows;
    }

    private static Row row(
            Document document,
            Style style,
            String model,
            Judged verdict,
            String text,
            int originals,
            Optional<Rejection> rejection) {
        Document written =
                document.withDomain(style.domainOf(document.domain())).withText(text);
        Row columns = DocumentRows.toRow(written);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < columns.length(); i++) {
            values.add(columns.get(i));
        }
        values.add(document.id());
        values.add(document.id());
        values.add(style.template().id() + " " + model);
        values.add(style.template().id());
        values.add(style.template().kind());
        values.add(model);
        values.add(verdict.variant());
        values.add(verdict.segments());
        values.add(originals);
        values.add(rejection.isEmpty());
        values.add(rejection.map(why -> why.reason().code()).orElse(null));
        values.add(rejection.map(Rejection::measured).orElse(null));
        values.add(rejection.map(Rejection::limit).orElse(null));
        return RowFactory.create(values.toArray());
    }
}
