package io.peregrine.rewrite.prompts;

import io.peregrine.data.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A message with named gaps, {@code {{text}}} for one. It is taken apart once; what fills a gap is never read for gaps of
 * its own.
 */
final class Message {
    static final String TEXT = "text";
    static final String LANGUAGE = "language";

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    /** Text and names of gaps in turn, beginning and ending with text. */
    private final List<String> pieces;

    private Message(List<String> pieces) {
        this.pieces = pieces;
    }

    /**
     * Takes a message apart.
     *
     * @param key the setting it is from, for errors
     * @param allowed the gaps that it may have
     */
    static Message of(String key, String message, List<String> allowed) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (true) {
            int open = message.indexOf(OPEN, at);
            if (open < 0) {
                pieces.add(message.substring(at));
                return new Message(List.copyOf(pieces));
            }
            int close = message.indexOf(CLOSE, open);
            String name = close < 0 ? "" : message.substring(open + OPEN.length(), close);
            if (!allowed.contains(name)) {
                int shown = close < 0 ? Math.min(message.length(), open + 20) : close + CLOSE.length();
                throw new ConfigException(
                        key,
                        message.substring(open, shown),
                        "is no gap of this message, which may have " + gaps(allowed));
            }
            pieces.add(message.substring(at, open));
            pieces.add(name);
            at = close + CLOSE.length();
        }
    }

    private static String gaps(List<String> names) {
        return names.stream().map(name -> OPEN + name + CLOSE).toList().toString();
    }

    /** How often a gap is there. */
    long count(String gap) {
        long count = 0;
        for (int i = 1; i < pieces.size(); i += 2) {
            count += pieces.get(i).equals(gap) ? 1 : 0;
        }
        return count;
    }

    /** The message with its gaps filled. */
    String filled(Map<String, String> fillings) {
        StringBuilder filled = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            filled.append(i % 2 == 0 ? pieces.get(i) : fillings.get(pieces.get(i)));
        }
        return filled.toString();
    }
}
