package io.peregrine.rewrite.calls;

import io.peregrine.rewrite.prompts.Prompt;
import java.nio.charset.StandardCharsets;

/** The most tokens a prompt can have, without its model's tokenizer. */
final class PromptTokens {
    /**
     * For what a chat template adds: roles, marks and the default system message that some templates bring (Qwen's and
     * Llama's are under 60 tokens).
     */
    static final int TEMPLATE_MAX = 256;

    private PromptTokens() {}

    /** A token of a vocabulary that falls back to bytes stands for one byte at least. */
    static long atMost(Prompt prompt) {
        return (long) bytes(prompt.system()) + bytes(prompt.user()) + TEMPLATE_MAX;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
