package io.peregrine.data.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.manifest.PayloadDigest;
import java.util.Map;
import java.util.TreeMap;

/** The identity of settings: the same values give the same digest, however the file spelled or ordered them. */
public final class ConfigDigest {
    private ConfigDigest() {}

    /** SHA-256 of the settings as JSON with sorted keys, 64 hexadecimal digits. */
    public static String of(Object settings) {
        return new PayloadDigest().add(canonical(settings)).hex();
    }

    /**
     * The same without one of their keys: what it was before there was that key. For settings with its default, so that
     * what was made with them is still known.
     */
    public static String without(String key, Record settings) {
        ObjectNode tree = YamlConfig.MAPPER.valueToTree(settings);
        if (tree.remove(key) == null) {
            throw new IllegalArgumentException("no key '%s' in %s".formatted(key, settings));
        }
        return of(tree);
    }

    /** Settings as one line of JSON with sorted keys. */
    public static String canonical(Object settings) {
        try {
            return YamlConfig.MAPPER.writeValueAsString(sorted(YamlConfig.MAPPER.valueToTree(settings)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings must be records of plain values", e);
        }
    }

    private static Object sorted(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> object = new TreeMap<>();
            node.properties().forEach(entry -> object.put(entry.getKey(), sorted(entry.getValue())));
            return object;
        }
        if (node.isArray()) {
            return java.util.stream.StreamSupport.stream(node.spliterator(), false)
                    .map(ConfigDigest::sorted)
                    .toList();
        }
        return node;
    }
}
