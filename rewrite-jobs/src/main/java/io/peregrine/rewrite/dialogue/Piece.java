package io.peregrine.rewrite.dialogue;

import java.util.Optional;

/**
 * A part of a document and what was written for it.
 *
 * @param source the part's text, which is what the answer is held against
 * @param answer what was written, after the template's steps; empty if there is nothing
 * @param finishReason why the model stopped, in the server's word
 * @param failedAttempts attempts after which there was no answer, if there was none
 */
public record Piece(String source, String answer, String finishReason, Optional<Integer> failedAttempts) {
    static Piece answered(String source, String answer, String finishReason) {
        return new Piece(source, answer, finishReason, Optional.empty());
    }

    static Piece failed(String source, int attempts) {
        return new Piece(source, "", "", Optional.of(attempts));
    }
}
