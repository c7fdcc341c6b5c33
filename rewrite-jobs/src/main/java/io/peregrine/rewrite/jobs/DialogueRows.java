package io.peregrine.rewrite.jobs;

import io.peregrine.data.Document;
import io.peregrine.data.jobs.DocumentRows;
import io.peregrine.data.language.OpenNlpLanguageIdentifier;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.rewrite.calls.EndpointClass;
import io.peregrine.rewrite.calls.ModelId;
import io.peregrine.rewrite.calls.RequestKey;
import io.peregrine.rewrite.dialogue.Judge;
import io.peregrine.rewrite.dialogue.Judged;
import io.peregrine.rewrite.dialogue.Reply;
import io.peregrine.rewrite.dialogue.Step;
import io.peregrine.rewrite.dialogue.Style;
import io.peregrine.rewrite.dialogue.StyleDialogue;
import io.peregrine.rewrite.prompts.Answer;
import io.peregrine.rewrite.prompts.RequestPlan.NotAsked;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of documents with the replies that there are, to the requests that are missing, and in the end to what stands. A row
 * of a document has the columns of {@link DocumentRows} and {@code replies}, a list of {@link #REPLY}, which may be null.
 */
final class DialogueRows implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int LANGUAGE_SAMPLE_CHARACTERS = 4_000;

    static final StructType REPLY = new StructType()
            .add("key", DataTypes.StringType)
            .add("text", DataTypes.StringType)
            .add("finish_reason", DataTypes.StringType)
            .add("prompt_tokens", DataTypes.LongType)
            .add("completion_tokens", DataTypes.LongType)
            .add("attempts", DataTypes.IntegerType);

    private final ArrayList<Style> styles;
    private final ModelId model;
    private final EndpointClass kind;
    private final long seed;
    private final boolean keepOriginal;

    /** @param seed of the stage */
    DialogueRows(List<Style> styles, ModelId model, EndpointClass kind, SeedStream seed, boolean keepOriginal) {
        this.styles = new ArrayList<>(styles);
        this.model = model;
        this.kind = kind;
        this.seed = seed.key();
        this.keepOriginal = keepOriginal;
    }

    private List<StyleDialogue> dialogues() {
        return styles.stream()
                .map(style -> new StyleDialogue(style, model, kind, SeedStream.of(seed)))
                .toList();
    }

    /** The requests that the documents need next, as rows of {@link RequestRows}. */
    Iterator<Row> pending(Iterator<Row> documents) {
        List<StyleDialogue> dialogues = dialogues();
        return FlatRows.of(documents, row -> {
            Document document = DocumentRows.fromRow(row);
            Map<RequestKey, Reply> replies = replies(row);
            List<Row> pending = new ArrayList<>();
            for (StyleDialogue dialogue : dialogues) {
                for (Step step : dialogue.steps(document, key -> Optional.ofNullable(replies.get(key)))) {
                    add(pending, document, dialogue.style(), step, replies.isEmpty());
                }
            }
            return pending.iterator();
        });
    }

    private static void add(List<Row> pending, Document document, Style style, Step step, boolean first) {
        if (step instanceof Step.Pending asks) {
            for (int i = 0; i < asks.asks().size(); i++) {
                pending.add(RequestRows.of(document, style, asks.asks().get(i), i == 0 ? asks.later() : 0));
            }
        } else if (step instanceof Step.None none && first && none.reason() != NotAsked.OTHER_DOMAIN) {
            pending.add(RequestRows.of(document, style, none.reason()));
        }
    }

    /** What stands and what does not, as rows of {@link JudgedRows}. A reply that is missing counts as a failure. */
    Iterator<Row> judged(Iterator<Row> documents) {
        OpenNlpLanguageIdentifier languages = new OpenNlpLanguageIdentifier(LANGUAGE_SAMPLE_CHARACTERS);
        Map<StyleDialogue, Judge> judges = new LinkedHashMap<>();
        dialogues().forEach(dialogue -> judges.put(dialogue, new Judge(dialogue.style(), languages, keepOriginal)));
        String who = model.name() + "@" + model.revision();
        return FlatRows.of(documents, row -> {
            Document document = DocumentRows.fromRow(row);
            Map<RequestKey, Reply> replies = replies(row);
            Function<RequestKey, Optional<Reply>> known =
                    key -> Optional.of(replies.getOrDefault(key, new Reply.Failed(0)));
            List<Row> judged = new ArrayList<>();
            judges.forEach((dialogue, judge) -> {
                List<Step.Done> done = dialogue.steps(document, known).stream()
                        .filter(Step.Done.class::isInstance)
                        .map(Step.Done.class::cast)
                        .toList();
                for (Judged verdict : judge.judge(document, done)) {
                    judged.addAll(JudgedRows.of(document, dialogue.style(), who, verdict));
                }
            });
            return judged.iterator();
        });
    }

    private static Map<RequestKey, Reply> replies(Row row) {
        Map<RequestKey, Reply> replies = new HashMap<>();
        int column = row.fieldIndex("replies");
        if (row.isNullAt(column)) {
            return replies;
        }
        for (Row reply : row.<Row>getList(column)) {
            replies.put(
                    new RequestKey(reply.getString(0)),
                    reply.isNullAt(1)
                            ? new Reply.Failed(reply.getInt(5))
                            : new Reply.Answered(new Answer(
                                    reply.getString(1), reply.getString(2), reply.getLong(3), reply.getLong(4))));
        }
        return replies;
    }
}
