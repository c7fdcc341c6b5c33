package io.peregrine.data.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.math.BigDecimal;

/**
 * Writes settings the way {@link YamlConfig} reads them: kebab case, components in their order, maps by key, nothing for
 * what is absent, texts in quotes, numbers without an exponent. The same settings give the same bytes.
 */
public final class YamlWriter {
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .disable(YAMLGenerator.Feature.SPLIT_LINES)
                    .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                    .build())
            .build();

    private YamlWriter() {}

    /**
     * Settings as YAML.
     *
     * @param comment lines that stand before them as comments; none if empty
     */
    public static String write(String comment, Record settings) {
        StringBuilder yaml = new StringBuilder();
        comment.lines().forEach(line -> yaml.append("# ").append(line).append('\n'));
        try {
            return yaml.append(YAML.writeValueAsString(plain(YamlConfig.MAPPER.valueToTree(settings))))
                    .toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings must be records of plain values", e);
        }
    }

    /** A finite number in as few digits as name it, without an exponent. */
    public static String plain(double number) {
        return decimal(number).toPlainString();
    }

    private static BigDecimal decimal(double number) {
        BigDecimal decimal = BigDecimal.valueOf(number).stripTrailingZeros();
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }

    private static JsonNode plain(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode kept = JsonNodeFactory.instance.objectNode();
            object.properties().stream()
                    .filter(entry -> !entry.getValue().isNull())
                    .forEach(entry -> kept.set(entry.getKey(), plain(entry.getValue())));
            return kept;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> kept.add(plain(element)));
            return kept;
        }
        if (node.isDouble()) {
            return DecimalNode.valueOf(decimal(node.doubleValue()));
        }
        return node;
    }
}
