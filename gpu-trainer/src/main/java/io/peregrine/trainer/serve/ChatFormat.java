package io.peregrine.trainer.serve;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How a conversation becomes a text that a model without chat training can continue: one paragraph per message, headed by
 * who speaks, and the assistant's heading at the end. The continuation ends where another heading would begin.
 */
final class ChatFormat {
    /** Before the next speaker's words a continuation ends. */
    static final List<String> STOPS = List.of("\n\nUser:", "\n\nSystem:", "\n\nAssistant:");

    private ChatFormat() {}

    /** One message. */
    record Message(Role role, String content) {}

    /** Who speaks. */
    enum Role {
        SYSTEM("System"),
        USER("User"),
        ASSISTANT("Assistant");

        private final String heading;

        Role(String heading) {
            this.heading = heading;
        }
    }

    /** The text to be continued. */
    static String prompt(List<Message> messages) {
        return messages.stream()
                .map(message -> message.role().heading + ": " + message.content() + "\n\n")
                .collect(Collectors.joining("", "", Role.ASSISTANT.heading + ":"));
    }
}
