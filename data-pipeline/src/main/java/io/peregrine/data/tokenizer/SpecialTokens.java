package io.peregrine.data.tokenizer;

import io.peregrine.data.ConfigException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tokens that no text produces. They have the first ids. Three have a meaning by their name: padding, and the begin and
 * the end of a text; others get names by the settings, such as those of a chat; the rest is reserved.
 *
 * @param names by id
 */
public record SpecialTokens(List<String> names) {
    /** Fills rows that are too short. */
    public static final String PAD = "<|pad|>";

    public static final String BEGIN_OF_TEXT = "<|begin_of_text|>";

    /** Ends every document. */
    public static final String END_OF_TEXT = "<|end_of_text|>";

    /** Falcon-H1's ids of the three, so that its {@code config.json} fits. */
    public static final Map<String, Integer> FALCON_H1 = named(0, 1, 11);

    private static final List<String> ROLES = List.of(PAD, BEGIN_OF_TEXT, END_OF_TEXT);

    public SpecialTokens {
        names = List.copyOf(names);
        for (String role : ROLES) {
            if (!names.contains(role)) {
                throw new IllegalArgumentException("special tokens: must have " + role);
            }
        }
    }

    private static Map<String, Integer> named(int pad, int beginOfText, int endOfText) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        ids.put(PAD, pad);
        ids.put(BEGIN_OF_TEXT, beginOfText);
        ids.put(END_OF_TEXT, endOfText);
        return ids;
    }

    /**
     * Special tokens of which some have names.
     *
     * @param count how many
     * @param ids ids by name; the three with a meaning must be among them
     * @throws ConfigException if two have one id, one name is another's reserved one, or an id is out of range
     */
    static SpecialTokens of(int count, Map<String, Integer> ids) {
        String key = "special-tokens";
        Map<Integer, String> byId = new HashMap<>();
        ids.forEach((name, id) -> {
            if (name.isBlank()) {
                throw new ConfigException(key, name, "a name must not be blank");
            }
            if (id < 0 || id >= count) {
                throw new ConfigException(
                        key + "." + name, id, "must be in [0, %d), the reserved-tokens".formatted(count));
            }
            String other = byId.put(id, name);
            if (other != null) {
                throw new ConfigException(key + "." + name, id, "is the id of %s as well".formatted(other));
            }
        });
        for (String role : ROLES) {
            if (!ids.containsKey(role)) {
                throw new ConfigException(key, ids.keySet(), "must give %s an id".formatted(role));
            }
        }
        List<String> names = IntStream.range(0, count)
                .mapToObj(id -> byId.getOrDefault(id, reserved(id)))
                .toList();
        Map<String, Integer> seen = new HashMap<>();
        for (int id = 0; id < count; id++) {
            Integer before = seen.put(names.get(id), id);
            if (before != null) {
                throw new ConfigException(
                        key + "." + names.get(id),
                        before,
                        "is the name of the reserved token %d as well".formatted(id));
            }
        }
        return new SpecialTokens(names);
    }

    private static String reserved(int id) {
        return "<|reserved_" + id + "|>";
    }

    /** How many there are; all ids below are special, all others are not. */
    public int count() {
        return names.size();
    }

    public int pad() {
        return names.indexOf(PAD);
    }

    public int beginOfText() {
        return names.indexOf(BEGIN_OF_TEXT);
    }

    public int endOfText() {
        return names.indexOf(END_OF_TEXT);
    }
}
