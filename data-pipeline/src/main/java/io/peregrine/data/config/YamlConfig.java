package io.peregrine.data.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.peregrine.data.ConfigException;
import java.lang.reflect.Type;
import java.nio.file.Path;

/** Reads settings: a YAML file in, a record that cannot be wrong out, or one error that says where and why. */
public final class YamlConfig {
    /** Strict in all that Jackson lets pass by itself. */
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    c -> c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private YamlConfig() {}

    /**
     * Reads a file.
     *
     * @param file a YAML file of one document; JSON is YAML too
     * @param type the record to bind it to; where it or a record inside it has a constant {@code DEFAULTS}, the file may
     *     leave keys out
     * @throws ConfigException for an unknown or missing key, a wrong type or a value that breaks its rule; the message
     *     names file, line, key, value and rule
     * @throws io.peregrine.data.DataException if the file is missing or cannot be read
     */
    public static <R extends Record> R load(Path file, Class<R> type) {
        YamlTree tree = YamlTree.read(file);
        return bind(tree, tree.root(), type, "");
    }

    /**
     * Binds settings that are no file of their own, such as those inside a jar.
     *
     * @param shown how errors name the text
     */
    public static <R extends Record> R parse(Path shown, String yaml, Class<R> type) {
        YamlTree tree = YamlTree.parse(shown, yaml);
        return bind(tree, tree.root(), type, "");
    }

    /** Binds a part of a file; {@code around} is the path of the part, empty for the whole. */
    static <R> R bind(YamlTree tree, JsonNode part, Type type, String around) {
        JsonNode complete = new RecordOverlay(tree).completeValue(part, type, around);
        try {
            return MAPPER.treeToValue(complete, MAPPER.constructType(type));
        } catch (JsonMappingException e) {
            throw located(tree, e, around);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree in memory cannot be malformed", e);
        }
    }

    private static ConfigException located(YamlTree tree, JsonMappingException e, String around) {
        String path = path(around, e);
        Throwable cause = e.getCause();
        if (cause instanceof ConfigException rule) {
            String full = rule.key().isEmpty() ? path : join(path, rule.key());
            String where = path.isEmpty() ? "" : path + ".";
            return new ConfigException("%s: %s%s".formatted(tree.place(full), where, rule.getMessage()));
        }
        return new ConfigException("%s: %s: %s".formatted(tree.place(path), path, e.getOriginalMessage()));
    }

    private static String path(String around, JsonMappingException e) {
        StringBuilder path = new StringBuilder(around);
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
