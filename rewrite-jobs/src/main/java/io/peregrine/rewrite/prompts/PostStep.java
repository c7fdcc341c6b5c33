package io.peregrine.rewrite.prompts;

import com.fasterxml.jackson.annotation.JsonValue;
import io.peregrine.rewrite.accept.Fences;
import io.peregrine.rewrite.accept.MetaTalk;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** What is done with an answer before it is checked. Each step reads it once, and leaves it alone if nothing fits. */
public enum PostStep {
    /** What a reasoning model thinks before its answer, up to {@code </think>}; all of it if that never ends. */
    DROP_REASONING(PostStep::withoutReasoning),
    /** Lines that announce the text, such as "Here is the rewritten passage:". */
    STRIP_PREAMBLE(answer -> answer.substring(MetaTalk.bodyStart(answer))),
    /** A last line that offers more help. */
    STRIP_CLOSING(answer -> answer.substring(0, MetaTalk.bodyEnd(answer))),
    /** Quotation marks around the whole. */
    STRIP_QUOTES(PostStep::withoutQuotes),
    /** The longest closed fenced block, without its fences. */
    TAKE_FENCED_BLOCK(PostStep::fencedBlock);

    private static final String THINK = "<think>";
    private static final String THOUGHT = "</think>";

    private final UnaryOperator<String> step;

    PostStep(UnaryOperator<String> step) {
        this.step = step;
    }

    /** The name in a template. */
    @JsonValue
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The answer after this step, without white space around it. */
    public String apply(String answer) {
        return step.apply(answer.strip()).strip();
    }

    private static String withoutReasoning(String answer) {
        int end = answer.lastIndexOf(THOUGHT);
        if (end >= 0) {
            return answer.substring(end + THOUGHT.length());
        }
        return answer.startsWith(THINK) ? "" : answer;
    }

    private static String withoutQuotes(String answer) {
        int last = answer.length() - 1;
        boolean straight = last > 0 && answer.charAt(0) == '"' && answer.indexOf('"', 1) == last;
        boolean curly = last > 0 && answer.charAt(0) == '\u201c' && answer.indexOf('\u201d') == last;
        return straight || curly ? answer.substring(1, last) : answer;
    }

    private static String fencedBlock(String answer) {
        return Fences.of(answer).stream()
                .filter(Fences.Fence::closed)
                .max(Comparator.comparingInt(fence -> fence.body().length()))
                .map(Fences.Fence::body)
                .orElse(answer);
    }
}
