package io.peregrine.rewrite.prompts;

import java.util.List;

/**
 * Marks that chat formats of models are built from. Servers fill a model's own chat format with messages as they are, and
 * many tokenizers then read {@code <|im_end|>} in a source text as the end of the message: no quoting of ours would hold.
 * So a word joiner (U+2060), which nobody sees, is put behind the first character of each mark, and taken out of answers.
 */
final class ControlMarks {
    private static final char JOINER = '\u2060';

    /** As they begin; {@code <|} and its fullwidth twin begin those of most models. */
    private static final List<String> MARKS = List.of(
            "<|",
            "<\uff5c",
            "<s>",
            "</s>",
            "<bos>",
            "<eos>",
            "<pad>",
            "<unk>",
            "[INST]",
            "[/INST]",
            "<<SYS>>",
            "<</SYS>>",
            "<start_of_turn>",
            "<end_of_turn>",
            "<think>",
            "</think>",
            "<tool_call>",
            "</tool_call>",
            "<tool_response>",
            "</tool_response>",
            "[TOOL_CALLS]",
            "[AVAILABLE_TOOLS]",
            "[TOOL_RESULTS]",
            "[SYSTEM_PROMPT]",
            "[/SYSTEM_PROMPT]",
            "[gMASK]",
            "<sop>",
            "<extra_id_",
            "<reserved_");

    private ControlMarks() {}

    /** The text with its marks broken. */
    static String broken(String text) {
        StringBuilder broken = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            broken.append(text.charAt(i));
            if (markAt(text, i)) {
                broken.append(JOINER);
            }
        }
        return broken.toString();
    }

    /** The text with broken marks whole again. */
    static String whole(String text) {
        if (text.indexOf(JOINER) < 0) {
            return text;
        }
        StringBuilder whole = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean ours = c == JOINER && i > 0 && markAround(text, i);
            if (!ours) {
                whole.append(c);
            }
        }
        return whole.toString();
    }

    private static boolean markAround(String text, int joiner) {
        char first = text.charAt(joiner - 1);
        return (first == '<' || first == '[')
                && MARKS.stream()
                        .anyMatch(mark ->
                                mark.charAt(0) == first && text.regionMatches(joiner + 1, mark, 1, mark.length() - 1));
    }

    private static boolean markAt(String text, int at) {
        char c = text.charAt(at);
        return (c == '<' || c == '[') && MARKS.stream().anyMatch(mark -> text.startsWith(mark, at));
    }
}
