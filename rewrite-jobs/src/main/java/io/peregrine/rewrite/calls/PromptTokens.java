package io.peregrine.rewrite.calls;

import io.peregrine.rewrite.prompts.Prompt;
import java.nio.charset.StandardCharsets;

/** How many tokens a prompt may have, without its model's tokenizer. */
public final class PromptTokens {
    /**
     * For what a chat template adds: roles, marks and the default system message that some templates bring (Qwen's and
     * Llama's are under 60 tokens).
     */
    static final int TEMPLATE_MAX = 256;

    private PromptTokens() {}

    /** The most there can be: a token of a vocabulary that falls back to bytes stands for one byte at least. */
    public static long atMost(Prompt prompt) {
        return (long) bytes(prompt.system()) + bytes(prompt.user()) + TEMPLATE_MAX;
    }

    /**
     * About how many a text has, rounded up: two for each 7 bytes. The README's tokenizer of 131,072 entries, as many as
     * models of this kind have, takes 3.61 bytes a token over all domains, and 2.63 in mathematics.
     */
    public static int about(String text) {
        return (int) ((2L * bytes(text) + 6) / 7);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
