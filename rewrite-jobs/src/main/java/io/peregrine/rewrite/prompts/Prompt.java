package io.peregrine.rewrite.prompts;

import java.io.Serializable;

/**
 * A chat request, ready to be sent.
 *
 * @param template name of the template it was made from
 * @param version the template's version
 * @param kind the style that is asked for, for example {@code qa}
 * @param system the system message; may be empty, and is not sent then
 * @param user the user's message, with the source text in its data block
 * @param sampling how the answer is drawn
 */
public record Prompt(String template, int version, String kind, String system, String user, Sampling sampling)
        implements Serializable {
    public Prompt {
        if (template.isBlank() || kind.isBlank() || user.isBlank()) {
            throw new IllegalArgumentException(
                    "a prompt of template '%s', kind '%s' has no template, kind or message".formatted(template, kind));
        }
        if (version < 1) {
            throw new IllegalArgumentException("template %s, version %d: must be > 0".formatted(template, version));
        }
    }
}
