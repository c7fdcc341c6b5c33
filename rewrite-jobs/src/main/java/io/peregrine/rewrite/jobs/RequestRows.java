package io.peregrine.rewrite.jobs;

import io.peregrine.data.Document;
import io.peregrine.rewrite.calls.PromptTokens;
import io.peregrine.rewrite.calls.Request;
import io.peregrine.rewrite.calls.RequestKey;
import io.peregrine.rewrite.dialogue.Ask;
import io.peregrine.rewrite.dialogue.Style;
import io.peregrine.rewrite.prompts.Prompt;
import io.peregrine.rewrite.prompts.RequestPlan.NotAsked;
import io.peregrine.rewrite.prompts.Sampling;
import java.util.Locale;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Requests as rows, and back; also, with {@code not_asked}, documents of which a style asks nothing. */
final class RequestRows {
    /** {@code later}: requests that will follow, noted at the first of a dialogue's level. */
    static final StructType SCHEMA = new StructType()
            .add("parent_id", DataTypes.StringType, false)
            .add("source", DataTypes.StringType, false)
            .add("domain", DataTypes.StringType, false)
            .add("template", DataTypes.StringType, false)
            .add("kind", DataTypes.StringType, false)
            .add("not_asked", DataTypes.StringType, true)
            .add("variant", DataTypes.IntegerType, false)
            .add("level", DataTypes.IntegerType, false)
            .add("index", DataTypes.IntegerType, false)
            .add("later", DataTypes.IntegerType, false)
            .add("key", DataTypes.StringType, false)
            .add("prompt_about", DataTypes.LongType, false)
            .add("prompt_most", DataTypes.LongType, false)
            .add("max_tokens", DataTypes.IntegerType, false)
            .add("temperature", DataTypes.DoubleType, false)
            .add("top_p", DataTypes.DoubleType, false)
            .add("seed", DataTypes.LongType, false)
            .add("system", DataTypes.StringType, false)
            .add("user", DataTypes.StringType, false);

    static final Encoder<Row> ENCODER = Encoders.row(SCHEMA);

    private RequestRows() {}

    static Row of(Document document, Style style, Ask ask, int later) {
        Prompt prompt = ask.prompt();
        Sampling sampling = prompt.sampling();
        return RowFactory.create(
                document.id(),
                document.source(),
                document.domain(),
                style.template().id(),
                style.template().kind(),
                null,
                ask.variant(),
                ask.level(),
                ask.index(),
                later,
                ask.key().hex(),
                (long) PromptTokens.about(prompt.system()) + PromptTokens.about(prompt.user()),
                PromptTokens.atMost(prompt),
                sampling.maxTokens(),
                sampling.temperature(),
                sampling.topP(),
                sampling.seed(),
                prompt.system(),
                prompt.user());
    }

    static Row of(Document document, Style style, NotAsked reason) {
        return RowFactory.create(
                document.id(),
                document.source(),
                document.domain(),
                style.template().id(),
                style.template().kind(),
                reason.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                0,
                0,
                0,
                0,
                "",
                0L,
                0L,
                0,
                0.0,
                0.0,
                0L,
                "",
                "");
    }

    /** The request of a row that has one. */
    static Request request(Row row) {
        String template = row.getAs("template");
        int at = template.lastIndexOf('@');
        Prompt prompt = new Prompt(
                template.substring(0, at),
                Integer.parseInt(template.substring(at + 1)),
                row.getAs("kind"),
                row.getAs("system"),
                row.getAs("user"),
                new Sampling(row.getAs("temperature"), row.getAs("top_p"), row.getAs("max_tokens"), row.getAs("seed")));
        return new Request(new RequestKey(row.getAs("key")), prompt);
    }
}
