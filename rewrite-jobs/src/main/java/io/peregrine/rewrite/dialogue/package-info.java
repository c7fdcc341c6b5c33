/**
 * What one document is asked in one style, step by step, and what becomes of the answers. Pure functions of the document
 * and of the answers that there are; nothing is sent.
 *
 * <p>Before: {@code prompts}, which makes the single request, and {@code accept}, which judges the single answer. After:
 * {@code jobs}, which sends what a {@link io.peregrine.rewrite.dialogue.StyleDialogue} says is pending, and asks it again
 * with the answers, until nothing is; then the {@link io.peregrine.rewrite.dialogue.Judge} says what stands.
 *
 * <p>A dialogue keeps no state: it is replayed from the stored answers, so that a job that goes on after a kill and one that
 * was never killed are the same.
 */
package io.peregrine.rewrite.dialogue;
