package io.peregrine.data.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The keys of a record of settings as a table that people read: what {@code conf/README.md} is made of. */
public final class KeyTable {
    private KeyTable() {}

    /**
     * One row.
     *
     * @param key full name, with {@code []} where a list is and {@code *} where names are free
     * @param unit unit or kind of the value
     * @param byDefault value when the file leaves the key out, empty if it may not
     * @param doc what it means
     */
    public record Row(String key, String unit, String byDefault, String doc) {}

    /** The rows of a record type and of the records inside it, in the order in which they are declared. */
    public static List<Row> of(String section, Class<? extends Record> type) {
        List<Row> rows = new ArrayList<>();
        add(rows, section, type, RecordOverlay.defaultsOf(type));
        return rows;
    }

    /** Rows as a Markdown table. */
    public static String markdown(List<Row> rows) {
        return rows.stream()
                .map(row -> "| `%s` | %s | %s | %s |%n"
                        .formatted(row.key(), cell(row.unit()), cell(code(row.byDefault())), cell(row.doc()))
                        .replace("\r", ""))
                .collect(Collectors.joining(
                        "", "| key | unit | default | what it is |%n| --- | --- | --- | --- |%n".formatted(), ""));
    }

    private static void add(List<Row> rows, String prefix, Class<?> type, Optional<Object> defaults) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = RecordOverlay.kebab(component.getName());
            String path = prefix.isEmpty() ? name : prefix + "." + name;
            Optional<Object> value = defaults.map(record -> read(component, record));
            Key key = component.getAnnotation(Key.class);
            Optional<Class<?>> inner = recordInside(component.getGenericType());
            if (key != null || inner.isEmpty()) {
                rows.add(new Row(
                        path,
                        key == null || key.unit().isEmpty() ? kind(component.getType()) : key.unit(),
                        inner.isPresent() ? "" : value.map(KeyTable::show).orElse(""),
                        key == null ? "" : key.doc()));
            }
            if (inner.isPresent()) {
                boolean plain = component.getType().isRecord();
                Optional<Object> own = RecordOverlay.defaultsOf(inner.get());
                add(rows, path + suffix(component.getType()), inner.get(), plain && value.isPresent() ? value : own);
            }
        }
    }

    private static Optional<Class<?>> recordInside(Type type) {
        if (type instanceof Class<?> plain) {
            return plain.isRecord() ? Optional.of(plain) : Optional.empty();
        }
        Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
        return recordInside(arguments[arguments.length - 1]);
    }

    private static String suffix(Class<?> type) {
        return type == List.class ? "[]" : type == Map.class ? ".*" : "";
    }

    private static String kind(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> spelled(constant))
                    .collect(Collectors.joining(", "));
        }
        return type == boolean.class ? "true, false" : type == List.class ? "list" : "";
    }

    private static String show(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(KeyTable::show).orElse("none");
        }
        if (value instanceof Double number) {
            return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(KeyTable::show).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + show(entry.getValue()))
                    .sorted()
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value instanceof Enum<?> ? spelled(value) : String.valueOf(value);
    }

    private static String spelled(Object constant) {
        String name = ((Enum<?>) constant).name();
        String spelling = YamlConfig.MAPPER.valueToTree(constant).asText();
        return spelling.equals(name) ? name.toLowerCase(Locale.ROOT) : spelling;
    }

    /** A bar would end the cell, even inside code. */
    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String code(String value) {
        return value.isEmpty() ? "" : "`" + value + "`";
    }

    private static Object read(RecordComponent component, Object record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("an accessor of a record can be called", e);
        }
    }
}
