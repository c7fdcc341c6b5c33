package io.peregrine.trainer.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.ConfigException;
import io.peregrine.data.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads Hugging Face's {@code config.json} of a Falcon-H1 model, strictly.
 *
 * <p>A key that shapes the model must be there and be understood. Keys that only describe (names, library versions,
 * generation settings) pass through; a key that looks like one of ours and is not is refused, because it is a typing
 * error or a feature that would silently be left out.
 */
final class FalconH1ConfigReader {
    /** Keys of ours that this class reads or that have no effect on the numbers. */
    private static final Set<String> KNOWN = Set.of(
            "attention_bias",
            "attention_dropout",
            "attention_in_multiplier",
            "attention_out_multiplier",
            "attn_layer_indices",
            "embedding_multiplier",
            "head_dim",
            "hidden_act",
            "hidden_size",
            "intermediate_size",
            "key_multiplier",
            "lm_head_multiplier",
            "mamba_chunk_size",
            "mamba_conv_bias",
            "mamba_d_conv",
            "mamba_d_head",
            "mamba_d_ssm",
            "mamba_d_state",
            "mamba_expand",
            "mamba_n_groups",
            "mamba_n_heads",
            "mamba_norm_before_gate",
            "mamba_proj_bias",
            "mamba_rms_norm",
            "mamba_use_mlp",
            "max_position_embeddings",
            "mlp_bias",
            "mlp_expansion_factor",
            "mlp_multipliers",
            "num_attention_heads",
            "num_hidden_layers",
            "num_key_value_heads",
            "num_logits_to_keep",
            BlockOrder.KEY,
            "projectors_bias",
            "rms_norm_eps",
            "rope_parameters",
            "rope_scaling",
            "rope_theta",
            "ssm_in_multiplier",
            "ssm_multipliers",
            "ssm_out_multiplier",
            "tie_word_embeddings",
            "time_step_floor",
            "time_step_limit",
            "time_step_max",
            "time_step_min",
            "time_step_rank",
            "vocab_size");

    private static final List<String> OURS_BEGIN = List.of(
            "attention_",
            "attn_",
            "embedding_",
            "head_",
            "hidden_",
            "intermediate_",
            "key_",
            "lm_head_",
            "mamba_",
            "mlp_",
            "num_",
            "peregrine_",
            "projectors_",
            "rms_",
            "rope_",
            "ssm_",
            "tie_",
            "time_step_",
            "vocab_");

    private final String text;
    private final String origin;
    private final Map<String, JsonNode> values = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();

    FalconH1ConfigReader(String text, String origin) {
        this.text = text;
        this.origin = origin;
    }

    FalconH1Config read() {
        parse();
        try {
            refuseUnknown();
            refuseUnsupported();
            return bind();
        } catch (ConfigException e) {
            Integer line = lines.get(e.key());
            throw new ConfigException("%s; %s%s".formatted(e.getMessage(), origin, line == null ? "" : ":" + line));
        }
    }

    private void parse() {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
        JsonMapper mapper = JsonMapper.builder(factory).build();
        try (JsonParser parser = mapper.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new DataException(
                        "%s: is not a model's config.json: it must be one JSON object".formatted(origin));
            }
            for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                lines.put(key, parser.currentTokenLocation().getLineNr());
                parser.nextToken();
                values.put(key, mapper.readTree(parser));
            }
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s:%d: is not JSON: %s"
                            .formatted(
                                    origin,
                                    e.getLocation() == null
                                            ? 1
                                            : e.getLocation().getLineNr(),
                                    e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new DataException("%s: cannot be read (%s)".formatted(origin, e), e);
        }
    }

    private void refuseUnknown() {
        for (String key : values.keySet()) {
            boolean ours = key.endsWith("_multiplier")
                    || key.endsWith("_multipliers")
                    || OURS_BEGIN.stream().anyMatch(key::startsWith);
            if (ours && !KNOWN.contains(key)) {
                throw new ConfigException(key, values.get(key), "is not a key of a Falcon-H1 model");
            }
        }
    }

    private void refuseUnsupported() {
        JsonNode modelType = values.get("model_type");
        boolean ours = modelType != null && modelType.asText().equals(BlockOrder.PEREGRINE);
        if (modelType == null || !(ours || modelType.asText().equals(BlockOrder.FALCON_H1))) {
            throw new ConfigException("model_type", modelType, "must be \"falcon_h1\"");
        }
        if (!ours && order() != BlockOrder.SA_M) {
            throw new ConfigException(
                    BlockOrder.KEY,
                    values.get(BlockOrder.KEY),
                    "needs model_type \"%s\", so that no other library takes it for a Falcon-H1 and computes something else"
                            .formatted(BlockOrder.PEREGRINE));
        }
        require("hidden_act", "silu", "only \"silu\" is supported");
        require("rope_scaling", null, "must be null: scaled rotary positions are not supported");
        require("attn_layer_indices", null, "must be null: every layer has attention");
        if (optional("mamba_norm_before_gate")
                        .map(node -> bool("mamba_norm_before_gate", node))
                        .orElse(true)
                && bool("mamba_rms_norm")) {
            // The library's own default is true, so that an absent key is refused too.
            throw new ConfigException(
                    "mamba_norm_before_gate",
                    values.get("mamba_norm_before_gate"),
                    "must be false when mamba_rms_norm is true: only the norm behind the gate is supported");
        }
        if (optional("attention_dropout")
                        .map(node -> real("attention_dropout", node))
                        .orElse(0.0)
                != 0) {
            throw new ConfigException("attention_dropout", values.get("attention_dropout"), "must be 0");
        }
        optional("rope_parameters").ifPresent(rope -> {
            JsonNode type = rope.get("rope_type");
            if (type != null && !type.asText().equals("default")) {
                throw new ConfigException("rope_parameters", rope, "rope_type must be \"default\"");
            }
        });
    }

    private FalconH1Config bind() {
        int hiddenSize = integer("hidden_size");
        int numHeads = integer("num_attention_heads");
        FalconH1Config.Attention attention = new FalconH1Config.Attention(
                numHeads,
                integer("num_key_value_heads"),
                optional("head_dim").map(node -> integer("head_dim", node)).orElse(hiddenSize / Math.max(1, numHeads)),
                flag("attention_bias"),
                ropeTheta());
        List<Double> limit = optional("time_step_limit")
                .map(node -> reals("time_step_limit", node))
                .orElse(List.of());
        if (!limit.isEmpty() && limit.size() != 2) {
            throw new ConfigException("time_step_limit", limit, "must be [min, max]");
        }
        FalconH1Config.Mamba mamba = new FalconH1Config.Mamba(
                optional("mamba_d_ssm")
                        .map(node -> integer("mamba_d_ssm", node))
                        .orElseGet(() -> Math.multiplyExact(integer("mamba_expand"), hiddenSize)),
                integer("mamba_n_heads"),
                integer("mamba_d_head"),
                integer("mamba_n_groups"),
                integer("mamba_d_state"),
                integer("mamba_d_conv"),
                integer("mamba_chunk_size"),
                optional("mamba_conv_bias")
                        .map(node -> bool("mamba_conv_bias", node))
                        .orElse(true),
                flag("mamba_proj_bias"),
                flag("projectors_bias"),
                bool("mamba_rms_norm"),
                limit.isEmpty() ? 0 : limit.get(0),
                limit.isEmpty() ? Double.POSITIVE_INFINITY : limit.get(1));
        return new FalconH1Config(
                integer("vocab_size"),
                hiddenSize,
                integer("intermediate_size"),
                integer("num_hidden_layers"),
                real("rms_norm_eps"),
                flag("mlp_bias"),
                flag("tie_word_embeddings"),
                integer("max_position_embeddings"),
                optional("pad_token_id")
                        .map(node -> integer("pad_token_id", node))
                        .orElse(-1),
                optional("bos_token_id")
                        .map(node -> integer("bos_token_id", node))
                        .orElse(-1),
                tokenIds("eos_token_id"),
                order(),
                attention,
                mamba,
                multipliers(),
                text);
    }

    private FalconH1Config.Multipliers multipliers() {
        List<Double> mlp = reals("mlp_multipliers", required("mlp_multipliers"));
        if (mlp.size() != 2) {
            throw new ConfigException("mlp_multipliers", mlp, "must be two numbers: gate, down");
        }
        return new FalconH1Config.Multipliers(
                real("embedding_multiplier"),
                real("lm_head_multiplier"),
                real("key_multiplier"),
                real("attention_in_multiplier"),
                real("attention_out_multiplier"),
                real("ssm_in_multiplier"),
                real("ssm_out_multiplier"),
                mlp.get(0),
                mlp.get(1),
                reals("ssm_multipliers", required("ssm_multipliers")));
    }

    private BlockOrder order() {
        Optional<JsonNode> order = optional(BlockOrder.KEY);
        return order.isEmpty()
                ? BlockOrder.SA_M
                : Arrays.stream(BlockOrder.values())
                        .filter(known -> known.name().equals(order.get().asText()))
                        .findFirst()
                        .orElseThrow(() -> new ConfigException(
                                BlockOrder.KEY, order.get(), "must be one of " + Arrays.toString(BlockOrder.values())));
    }

    private double ropeTheta() {
        Optional<JsonNode> grouped = optional("rope_parameters").map(node -> node.get("rope_theta"));
        if (grouped.isPresent()) {
            return real("rope_parameters", grouped.get());
        }
        return real("rope_theta");
    }

    private void require(String key, String expected, String rule) {
        String found = optional(key).map(JsonNode::asText).orElse(null);
        boolean right = expected == null ? found == null : found == null || found.equals(expected);
        if (!right) {
            throw new ConfigException(key, values.get(key), rule);
        }
    }

    private Optional<JsonNode> optional(String key) {
        return Optional.ofNullable(values.get(key)).filter(node -> !node.isNull());
    }

    private JsonNode required(String key) {
        return optional(key)
                .orElseThrow(
                        () -> new ConfigException(key, values.get(key), "is missing; a Falcon-H1 model must say it"));
    }

    private int integer(String key) {
        return integer(key, required(key));
    }

    private static int integer(String key, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new ConfigException(key, node, "must be an integer");
        }
        return node.intValue();
    }

    private double real(String key) {
        return real(key, required(key));
    }

    /** A number, or infinity as version 4 ({@code Infinity}) or 5 ({@code {"__float__": "Infinity"}}) of the library has it. */
    private static double real(String key, JsonNode node) {
        if (node.isNumber()) {
            return node.doubleValue();
        }
        JsonNode spelled = node.isObject() && node.size() == 1 ? node.get("__float__") : node;
        if (spelled != null && spelled.isTextual() && spelled.textValue().equals("Infinity")) {
            return Double.POSITIVE_INFINITY;
        }
        throw new ConfigException(key, node, "must be a number");
    }

    private static List<Double> reals(String key, JsonNode node) {
        if (!node.isArray()) {
            throw new ConfigException(key, node, "must be a list of numbers");
        }
        List<Double> list = new ArrayList<>();
        for (JsonNode element : node) {
            list.add(real(key, element));
        }
        return list;
    }

    private boolean bool(String key) {
        return bool(key, required(key));
    }

    private static boolean bool(String key, JsonNode node) {
        if (!node.isBoolean()) {
            throw new ConfigException(key, node, "must be true or false");
        }
        return node.booleanValue();
    }

    private boolean flag(String key) {
        return optional(key).map(node -> bool(key, node)).orElse(false);
    }

    private List<Integer> tokenIds(String key) {
        List<Integer> ids = new ArrayList<>();
        optional(key).ifPresent(node -> {
            if (node.isArray()) {
                node.forEach(element -> ids.add(integer(key, element)));
            } else {
                ids.add(integer(key, node));
            }
        });
        return ids;
    }
}
