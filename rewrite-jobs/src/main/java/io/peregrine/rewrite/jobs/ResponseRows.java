package io.peregrine.rewrite.jobs;

import io.peregrine.rewrite.calls.FailureReason;
import io.peregrine.rewrite.calls.Response;
import io.peregrine.rewrite.prompts.Answer;
import java.util.Arrays;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Responses as rows of their table. */
final class ResponseRows {
    static final StructType SCHEMA = new StructType()
            .add("key", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("finish_reason", DataTypes.StringType)
            .add("prompt_tokens", DataTypes.LongType)
            .add("completion_tokens", DataTypes.LongType)
            .add("reason", DataTypes.StringType)
            .add("detail", DataTypes.StringType)
            .add("endpoint", DataTypes.StringType)
            .add("latency_ms", DataTypes.LongType)
            .add("attempts", DataTypes.IntegerType)
            .add("tokens", DataTypes.LongType)
            .add("micro_dollars", DataTypes.LongType);

    static final Encoder<Row> ENCODER = Encoders.row(SCHEMA);

    /** Failures that another run would meet again, so that a row with one of them settles its request. */
    static final Object[] SETTLING = Arrays.stream(FailureReason.values())
            .filter(reason ->
                    !reason.retried() && reason != FailureReason.OVER_BUDGET && reason != FailureReason.UNAUTHORIZED)
            .map(FailureReason::code)
            .toArray();

    private ResponseRows() {}

    static Row of(Response response) {
        return RowFactory.create(
                response.key().hex(),
                response.answer().map(Answer::text).orElse(null),
                response.answer().map(Answer::finishReason).orElse(null),
                response.answer().map(Answer::promptTokens).orElse(null),
                response.answer().map(Answer::completionTokens).orElse(null),
                response.reason().map(FailureReason::code).orElse(null),
                response.detail(),
                response.endpoint(),
                response.latencyMillis(),
                response.attempts(),
                response.tokens(),
                response.microDollars());
    }
}
