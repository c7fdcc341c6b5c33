package io.peregrine.data.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.data.ConfigException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Lays what a file says over the defaults of a record type, key by key, and refuses keys that the record does not have.
 *
 * <p>A record type may hold a constant {@code DEFAULTS} of its own type. A list in the file replaces the list in the
 * defaults; an object is merged.
 */
final class RecordOverlay {
    private final YamlTree file;

    RecordOverlay(YamlTree file) {
        this.file = file;
    }

    /** The file's object completed from the defaults of the record type. */
    private ObjectNode complete(JsonNode given, Class<?> type, String path) {
        return complete(given, type, path, defaults(type));
    }

    /** As above over given defaults: those that the record around this one has for it come before the type's own. */
    private ObjectNode complete(JsonNode given, Class<?> type, String path, ObjectNode complete) {
        if (!given.isObject()) {
            throw new ConfigException("%s: %s must be a group of keys, one of %s"
                    .formatted(file.place(path), path.isEmpty() ? "the file" : "'" + path + "'", keys(type)));
        }
        given.fieldNames().forEachRemaining(name -> refuseUnknown(name, type, path));
        for (RecordComponent component : type.getRecordComponents()) {
            String key = kebab(component.getName());
            String child = path.isEmpty() ? key : path + "." + key;
            JsonNode value = given.get(key);
            if (value != null
                    && complete.get(key) instanceof ObjectNode inherited
                    && component.getType().isRecord()) {
                complete.set(key, complete(value, component.getType(), child, inherited));
            } else if (value != null) {
                complete.set(key, completeValue(value, component.getGenericType(), child));
            } else if (!complete.has(key)) {
                complete.set(key, absent(component, key, child));
            }
        }
        return complete;
    }

    /** A value completed as its type asks: records by their defaults, lists and maps element by element. */
    JsonNode completeValue(JsonNode value, Type type, String path) {
        if (type instanceof Class<?> plain) {
            return plain.isRecord() ? complete(value, plain, path) : value;
        }
        ParameterizedType generic = (ParameterizedType) type;
        Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
        Class<?> raw = (Class<?>) generic.getRawType();
        if (raw == Optional.class) {
            return value.isNull() ? value : completeValue(value, last, path);
        }
        if (raw == List.class && value instanceof ArrayNode array) {
            ArrayNode completed = array.arrayNode();
            for (int i = 0; i < array.size(); i++) {
                completed.add(completeValue(array.get(i), last, path + "[" + i + "]"));
            }
            return completed;
        }
        if (raw == Map.class && value instanceof ObjectNode object) {
            ObjectNode completed = object.objectNode();
            object.properties()
                    .forEach(entry -> completed.set(
                            entry.getKey(), completeValue(entry.getValue(), last, path + "." + entry.getKey())));
            return completed;
        }
        return value;
    }

    private JsonNode absent(RecordComponent component, String key, String path) {
        if (component.getType() == Optional.class) {
            return com.fasterxml.jackson.databind.node.NullNode.instance;
        }
        if (component.getType().isRecord() && defaultsOf(component.getType()).isPresent()) {
            return defaults(component.getType());
        }
        String around = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
        throw new ConfigException("%s: '%s' is missing%s%s"
                .formatted(file.place(around), key, around.isEmpty() ? "" : " in '" + around + "'", doc(component)));
    }

    private void refuseUnknown(String name, Class<?> type, String path) {
        List<String> known = keys(type);
        if (known.contains(name)) {
            return;
        }
        String full = path.isEmpty() ? name : path + "." + name;
        String nearest = known.stream()
                .min((a, b) -> Integer.compare(distance(a, name), distance(b, name)))
                .filter(key -> distance(key, name) <= 3)
                .map(key -> "; did you mean '%s'?".formatted(key))
                .orElse("");
        throw new ConfigException(
                "%s: unknown key '%s'%s known keys here: %s".formatted(file.place(full), full, nearest + ";", known));
    }

    private static ObjectNode defaults(Class<?> type) {
        return defaultsOf(type)
                .map(value -> (ObjectNode) YamlConfig.MAPPER.valueToTree(value))
                .orElseGet(YamlConfig.MAPPER::createObjectNode);
    }

    static Optional<Object> defaultsOf(Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            if (field.getName().equals("DEFAULTS") && Modifier.isStatic(field.getModifiers())) {
                try {
                    field.setAccessible(true);
                    return Optional.of(field.get(null));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("a field made accessible can be read", e);
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> keys(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> kebab(component.getName()))
                .toList();
    }

    private static String doc(RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        return key == null ? "" : ": %s%s".formatted(key.doc(), key.unit().isEmpty() ? "" : " (" + key.unit() + ")");
    }

    /** {@code wordsMin} as {@code words-min}, the way Jackson's kebab-case strategy does it. */
    static String kebab(String name) {
        StringBuilder kebab = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                if (i > 0 && !Character.isUpperCase(name.charAt(i - 1))) {
                    kebab.append('-');
                }
                kebab.append(String.valueOf(c).toLowerCase(Locale.ROOT));
            } else {
                kebab.append(c);
            }
        }
        return kebab.toString();
    }

    /** Edits of one character that turn one word into the other (Levenshtein). */
    private static int distance(String a, String b) {
        List<Integer> row = new ArrayList<>();
        for (int j = 0; j <= b.length(); j++) {
            row.add(j);
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row.get(0);
            row.set(0, i);
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row.get(j);
                row.set(j, Math.min(substituted, 1 + Math.min(row.get(j), row.get(j - 1))));
            }
        }
        return row.get(b.length());
    }
}
