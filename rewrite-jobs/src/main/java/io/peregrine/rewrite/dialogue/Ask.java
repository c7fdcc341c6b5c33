package io.peregrine.rewrite.dialogue;

import io.peregrine.rewrite.calls.RequestKey;
import io.peregrine.rewrite.prompts.Prompt;

/**
 * One request of a dialogue.
 *
 * @param variant which variant it is for, from 0
 * @param level 0 for a segment, then the levels of reductions
 * @param index which of its level
 */
public record Ask(RequestKey key, Prompt prompt, int variant, int level, int index) {}
