package io.peregrine.rewrite.accept;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetaTalkTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Here is the rewritten passage:", "Sure!", "Certainly, here's the text:", "**Here are the questions:**",
                "Sure! Here is a cleaner version of the text.", "Below is the article:", "Hier ist der Text:", "Voici :"
            })
    void announcementsAreNotTheText(String line) {
        String answer = line + "\n\nThe river rises in the hills.";
        assertThat(answer.substring(MetaTalk.bodyStart(answer))).isEqualTo("The river rises in the hills.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Here is where the river rises.",
                "Surely this is a text.",
                "Great rivers rise in hills:",
                "Okay",
                "The following holds:",
                "Here are some facts about coffee:",
                "I have the same problem:",
                "Great Britain is an island."
            })
    void textThatLooksLikeOneStays(String line) {
        String answer = line.equals("Okay") ? line : line + "\nand so on";
        assertThat(MetaTalk.bodyStart(answer)).isZero();
    }

    @Test
    void offersAtTheEndAreNotTheText() {
        String answer = "The river rises.\n\nLet me know if you need more!\n";
        assertThat(answer.substring(0, MetaTalk.bodyEnd(answer))).isEqualTo("The river rises.\n\n");
        String plain = "The river rises.\nThe sea is near.";
        assertThat(MetaTalk.bodyEnd(plain)).isEqualTo(plain.length());
        assertThat(MetaTalk.bodyEnd("Let me know if it rains.")).isEqualTo(24);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I\u2019m sorry, but I can\u2019t help with that.", "As an AI language model, I do not know.",
                "I cannot rewrite this text.", "Lo siento, pero no puedo hacerlo."
            })
    void refusalsAreKnown(String answer) {
        assertThat(MetaTalk.declines(answer, "some text")).isTrue();
        assertThat(MetaTalk.declines(answer, answer))
                .as("the document says so itself")
                .isFalse();
    }
}
