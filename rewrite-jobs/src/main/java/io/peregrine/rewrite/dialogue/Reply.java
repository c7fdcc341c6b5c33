package io.peregrine.rewrite.dialogue;

import io.peregrine.rewrite.prompts.Answer;

/** How a request ended, as far as a dialogue has to know. */
public sealed interface Reply {
    /** There is an answer. */
    record Answered(Answer answer) implements Reply {}

    /**
     * There is none, and there will be none.
     *
     * @param attempts that were made
     */
    record Failed(int attempts) implements Reply {}
}
