package io.peregrine.rewrite.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.Document;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.rewrite.calls.EndpointClass;
import io.peregrine.rewrite.calls.ModelId;
import io.peregrine.rewrite.calls.RequestKey;
import io.peregrine.rewrite.prompts.Answer;
import io.peregrine.rewrite.prompts.RequestPlan.NotAsked;
import io.peregrine.rewrite.prompts.Templates;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StyleDialogueTest {
    private static final String PARAGRAPH = "The mill was built in 1804 and ran until the river was moved. ".repeat(90);

    private final Map<RequestKey, Reply> replies = new HashMap<>();

    private static StyleDialogue notes(Optional<Integer> variants) {
        return new StyleDialogue(
                Style.of(Templates.load("web-notes"), Optional.empty(), variants, Optional.empty()),
                new ModelId("m", "r"),
                EndpointClass.CHAT,
                SeedStream.of(1));
    }

    private static Document document(int paragraphs) {
        return Document.of(
                "s",
                "web",
                "f",
                "l",
                "en",
                (PARAGRAPH + "\n\n").repeat(paragraphs).strip());
    }

    private List<Step> steps(StyleDialogue dialogue, Document document) {
        return dialogue.steps(document, key -> Optional.ofNullable(replies.get(key)));
    }

    private void answer(List<Step> steps, String finishReason) {
        for (Step step : steps) {
            for (Ask ask : ((Step.Pending) step).asks()) {
                String text = "- Note %d.%d.%d".formatted(ask.variant(), ask.level(), ask.index());
                replies.put(ask.key(), new Reply.Answered(new Answer(text, finishReason, 10, 5)));
            }
        }
    }

    @Test
    void notesOfNotesAreAskedLevelByLevelUntilOneIsLeft() {
        StyleDialogue dialogue = notes(Optional.of(2));
        Document document = document(9);
        List<String> asked = new ArrayList<>();
        List<Step> steps = steps(dialogue, document);
        while (steps.get(0) instanceof Step.Pending pending) {
            asked.add(pending.asks().size() + " and " + pending.later());
            answer(steps, "stop");
            steps = steps(dialogue, document);
        }
        // Fan-in: 2400 tokens in, 600 out.
        assertThat(asked).containsExactly("9 and 4", "3 and 1", "1 and 0");
        assertThat(steps).hasSize(2);
        assertThat(((Step.Done) steps.get(1)).pieces())
                .containsExactly(Piece.answered(document.text(), "- Note 1.2.0", "stop"));
        assertThat(replies).hasSize(2 * 13);
    }

    @Test
    void aPartThatIsCutOffOrMissingEndsTheDialogueAtOnce() {
        StyleDialogue dialogue = notes(Optional.empty());
        Document document = document(5);
        List<Step> steps = steps(dialogue, document);
        answer(steps, "stop");
        Ask third = ((Step.Pending) steps.get(0)).asks().get(2);
        replies.put(third.key(), new Reply.Answered(new Answer("- Note", "length", 10, 600)));
        assertThat(((Step.Done) steps(dialogue, document).get(0)).pieces())
                .containsExactly(Piece.answered(document.text(), "- Note", "length"));
        replies.put(third.key(), new Reply.Failed(6));
        assertThat(((Step.Done) steps(dialogue, document).get(0)).pieces())
                .containsExactly(Piece.failed(document.text(), 6));
    }

    @Test
    void whatAStyleIsNotForIsNotAsked() {
        StyleDialogue dialogue = notes(Optional.empty());
        assertThat(steps(dialogue, document(1).withDomain("code")))
                .containsExactly(new Step.None(NotAsked.OTHER_DOMAIN));
        assertThat(steps(dialogue, document(1).withText("Short.")))
                .containsExactly(new Step.None(NotAsked.TOO_FEW_TOKENS));
        assertThat(steps(dialogue, document(100))).containsExactly(new Step.None(NotAsked.TOO_MANY_SEGMENTS));
    }
}
