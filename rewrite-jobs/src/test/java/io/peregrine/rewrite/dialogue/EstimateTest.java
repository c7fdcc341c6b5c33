package io.peregrine.rewrite.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.rewrite.calls.Price;
import io.peregrine.rewrite.prompts.Templates;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EstimateTest {
    private static final Price PRICE = new Price(1_000_000, 2_000_000);

    private static Style style(String template) {
        return Style.of(Templates.load(template), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void answersAreAsLongAsTheTemplateAllowsInTheMiddleAndNeverLongerThanItsMost() {
        // web-qa: answers of 0.2 to 2 times the text, at most 1200 tokens.
        Estimate.Line line = Estimate.line("s", style("web-qa"), PRICE, 2, 4, 3, 0, 1_000, 3_500);
        assertThat(line.answerTokensAbout()).isEqualTo(1_100);
        assertThat(line.tokensAtMost()).isEqualTo(3_500 + 3 * 1_200);
        assertThat(line.microDollarsAbout()).isEqualTo(1_000 + 2 * 1_100);
        Estimate.Line longer = Estimate.line("s", style("web-qa"), PRICE, 2, 4, 1, 0, 100_000, 350_000);
        assertThat(longer.answerTokensAbout()).isEqualTo(1_200);
    }

    @Test
    void requestsThatFollowOnAnswersAreCounted() {
        Estimate.Line line = Estimate.line("s", style("web-notes"), PRICE, 1, 9, 9, 4, 1_000, 3_500);
        assertThat(line.requests()).isEqualTo(13);
        assertThat(line.toSend()).isEqualTo(13);
        assertThat(line.promptTokensAbout()).isEqualTo(1_000 + 4 * 2_400);
        Estimate estimate = new Estimate(List.of(line, line));
        assertThat(estimate.all().toSend()).isEqualTo(26);
        assertThat(estimate.print()).hasSize(4);
    }
}
