package io.peregrine.rewrite.calls;

import io.peregrine.rewrite.prompts.Prompt;

/** A prompt and what its response is stored under. */
public record Request(RequestKey key, Prompt prompt) {}
