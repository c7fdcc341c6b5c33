package io.peregrine.data.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A YAML file as a tree that remembers on which line each key stands. Jackson's own line numbers are those of the end of
 * an object once records are bound, so the file is walked once before.
 */
final class YamlTree {
    private static final YAMLFactory YAML = YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build();

    private static final int SET_ON_THE_COMMAND_LINE = -1;

    private final Path file;
    private final JsonNode root;
    private final Map<String, Integer> lines;

    private YamlTree(Path file, JsonNode root, Map<String, Integer> lines) {
        this.file = file;
        this.root = root;
        this.lines = lines;
    }

    /** Reads a file of exactly one document. */
    static YamlTree read(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new DataException("%s: no such file".formatted(file), e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
        return parse(file, text);
    }

    /** Parses a text of exactly one document; {@code file} is how errors name it. */
    static YamlTree parse(Path file, String text) {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                return new YamlTree(file, JsonNodeFactory.instance.objectNode(), lines);
            }
            JsonNode root = value(parser, "", lines);
            if (parser.nextToken() != null) {
                throw new ConfigException("%s:%d: a second YAML document begins here; a settings file has one"
                        .formatted(file, line(parser)));
            }
            return new YamlTree(file, root, lines);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new ConfigException("%s:%d: not valid YAML: %s"
                    .formatted(file, at == null ? 1 : at.getLineNr(), e.getOriginalMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory cannot fail to be read", e);
        }
    }

    JsonNode root() {
        return root;
    }

    /** The tree as YAML, every text in quotes. */
    String toYaml() {
        try {
            return new YAMLMapper(YAML).writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /**
     * The same tree with one key set, as {@code --set} does it. The groups around it are made if they are not there.
     *
     * @param path the key with its groups, such as {@code train.steps}
     * @param yaml its value, as the file would spell it
     */
    YamlTree with(String path, String yaml) {
        if (!root.isObject()) {
            throw new ConfigException("%s: has no keys to set '%s' among".formatted(file, path));
        }
        Map<String, Integer> ignored = new HashMap<>();
        JsonNode value;
        try (JsonParser parser = YAML.createParser(yaml)) {
            value = parser.nextToken() == null ? JsonNodeFactory.instance.textNode("") : value(parser, path, ignored);
        } catch (IOException e) {
            throw new ConfigException("--set %s=%s: the value is not valid YAML".formatted(path, yaml));
        }
        ObjectNode changed = root.deepCopy();
        ObjectNode group = changed;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            JsonNode inner = group.get(keys[i]);
            if (inner != null && !inner.isObject()) {
                throw new ConfigException("--set %s=%s: '%s' is not a group of keys".formatted(path, yaml, keys[i]));
            }
            group = inner == null ? group.putObject(keys[i]) : (ObjectNode) inner;
        }
        group.set(keys[keys.length - 1], value);
        Map<String, Integer> kept = new HashMap<>(lines);
        kept.put(path, SET_ON_THE_COMMAND_LINE);
        return new YamlTree(file, changed, kept);
    }

    /** File and line of a key, or of the nearest key around it that the file has. */
    String place(String path) {
        String known = path;
        while (!known.isEmpty() && !lines.containsKey(known)) {
            known = known.substring(0, Math.max(0, Math.max(known.lastIndexOf('.'), known.lastIndexOf('['))));
        }
        if (known.isEmpty()) {
            return file.toString();
        }
        int line = lines.get(known);
        return line == SET_ON_THE_COMMAND_LINE ? "--set " + known : file + ":" + line;
    }

    /** A fault of one of the tree's keys with the key's place before it; any other fault as it is. */
    ConfigException placed(ConfigException fault) {
        if (fault.key().isEmpty() || !root.has(fault.key().split("[.\\[]", 2)[0])) {
            return fault;
        }
        ConfigException placed = new ConfigException("%s: %s".formatted(place(fault.key()), fault.getMessage()));
        placed.initCause(fault);
        return placed;
    }

    private static JsonNode value(JsonParser parser, String path, Map<String, Integer> lines) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        lines.putIfAbsent(path, line(parser));
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, path, lines);
            case START_ARRAY -> array(parser, path, lines);
            case VALUE_NUMBER_INT -> nodes.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            case VALUE_NULL -> nodes.nullNode();
            default -> nodes.textNode(parser.getText());
        };
    }

    private static ObjectNode object(JsonParser parser, String path, Map<String, Integer> lines) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String child = path.isEmpty() ? name : path + "." + name;
            lines.put(child, line(parser));
            parser.nextToken();
            node.set(name, value(parser, child, lines));
        }
        return node;
    }

    private static ArrayNode array(JsonParser parser, String path, Map<String, Integer> lines) throws IOException {
        ArrayNode node = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            node.add(value(parser, path + "[" + node.size() + "]", lines));
        }
        return node;
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
