package io.peregrine.rewrite.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.rewrite.prompts.Answer;
import io.peregrine.rewrite.prompts.Prompt;
import io.peregrine.rewrite.prompts.Sampling;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchLineTest {
    private static final ModelId MODEL = new ModelId("m", "r");
    private static final Prompt PROMPT =
            new Prompt("t", 1, "k", "Be \"kind\".", "Two\nlines \u4e2d", new Sampling(0.5, 1, 64, 7));
    private static final Request REQUEST = new Request(RequestKey.of(MODEL, EndpointClass.CHAT, PROMPT), PROMPT);
    private static final String KEY = REQUEST.key().hex();

    private static java.util.Optional<BatchLine.Result> result(String custom, String rest) {
        return BatchLine.result(EndpointClass.CHAT, Set.of(KEY), "{\"custom_id\":\"" + custom + "\"," + rest + "}");
    }

    @Test
    void aRequestIsOneLineAndItsReservationIsThatOfTheLedger() {
        String line = BatchLine.request(EndpointClass.CHAT, MODEL, REQUEST);
        assertThat(line)
                .isEqualTo(
                        "{\"custom_id\":\"" + KEY + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                                + "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Be \\\"kind\\\".\"},"
                                + "{\"role\":\"user\",\"content\":\"Two\\nlines \u4e2d\"}],\"temperature\":0.5,\"top_p\":1.0,"
                                + "\"max_tokens\":64,\"seed\":7}}");
        Price price = new Price(1_000_000, 2_000_000);
        BudgetLedger ledger = new BudgetLedger(10_000, 10_000, price);
        BudgetLedger.Reservation reservation =
                ledger.reserve(PromptTokens.atMost(PROMPT), 64).orElseThrow();
        assertThat(BatchLine.reserved(line, price))
                .isEqualTo(new BudgetLedger.Spent(reservation.tokens(), reservation.microDollars()));
        assertThat(BatchLine.request(EndpointClass.COMPLETIONS, MODEL, REQUEST))
                .contains("\"url\":\"/v1/completions\"", "\"prompt\":\"Be \\\"kind\\\".\\n\\nTwo\\nlines");
    }

    @Test
    void anAnswerIsTakenAndOnlyForWhatWasAsked() {
        String answer =
                "\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"finish_reason\":\"stop\",\"message\":"
                        + "{\"content\":\"text\"}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}}";
        assertThat(result(KEY, answer).orElseThrow().attempt())
                .isInstanceOfSatisfying(
                        Attempt.Answered.class,
                        answered -> assertThat(answered.answer()).isEqualTo(new Answer("text", "stop", 3, 4)));
        // Another's key, which a shared table may have too.
        assertThat(result("0".repeat(64), answer)).isEmpty();
        assertThat(result("../" + KEY, answer)).isEmpty();
    }

    @Test
    void whatIsNoAnswerHasAReasonOrIsAskedAgain() {
        assertThat(result(KEY, "\"response\":null,\"error\":{\"code\":\"batch_expired\"}"))
                .isEmpty();
        assertThat(result(KEY, "\"response\"")).isEmpty();
        assertThat(reason("\"response\":{\"status_code\":400,\"body\":{\"error\":{}}}"))
                .isEqualTo(FailureReason.REFUSED);
        assertThat(reason("\"response\":{\"status_code\":503,\"body\":{}}")).isEqualTo(FailureReason.SERVER_ERROR);
        assertThat(reason("\"response\":{\"status_code\":200,\"body\":{\"choices\":[]}}"))
                .isEqualTo(FailureReason.NO_CHOICE);
        assertThat(
                        reason(
                                "\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"message\":{\"content\":\"x\"}}]}}"))
                .isEqualTo(FailureReason.NO_USAGE);
    }

    private static FailureReason reason(String rest) {
        return ((Attempt.Failed) result(KEY, rest).orElseThrow().attempt()).reason();
    }
}
