package io.peregrine.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.peregrine.data.DataException;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a safetensors file: the directory of tensors at once, each tensor when it is asked for.
 *
 * <p>Everything the header says is held against the file's length before a tensor is read, so a file that was cut short
 * fails on opening. The format: an unsigned 64-bit little-endian length n, a JSON header of n bytes (padded with spaces so
 * that the data is aligned), then the tensors' bytes, row-major and little-endian. The header maps each tensor's name to
 * {@code {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}}, offsets from the end of the header; {@code
 * __metadata__} is a map of strings.
 *
 * <p>Thread: any number may read at a time. Ownership: holds the file open until closed.
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format's own description</a>
 */
public final class SafetensorsReader implements AutoCloseable {
    /** The largest header the format's own implementation accepts. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int LENGTH_BYTES = Long.BYTES;
    private static final int COPY_BYTES = 1 << 20;
    /** Reads what names tensors: one that is named twice is refused. */
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * Where one tensor lies.
     *
     * @param dtype kind of its numbers
     * @param shape its sizes
     * @param begin first byte, from the start of the file
     * @param end byte behind the last
     */
    public record Entry(DType dtype, Shape shape, long begin, long end) {}

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsReader(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws DataException if it is missing, cut short, or not a safetensors file
     */
    public static SafetensorsReader open(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            SafetensorsReader reader = new SafetensorsReader(file, channel);
            try {
                reader.readHeader();
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            return reader;
        } catch (IOException e) {
            throw new DataException("%s: cannot be opened (%s)".formatted(file, e), e);
        }
    }

    /** Names of the tensors, in the header's order. */
    public Set<String> names() {
        return entries.keySet();
    }

    /** Free text beside the tensors. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Where a tensor lies.
     *
     * @throws DataException if the file has no such tensor
     */
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new DataException("%s: has no tensor %s (it has %d others)".formatted(file, name, entries.size()));
        }
        return entry;
    }

    /**
     * Reads one tensor of floating-point numbers into a tensor of the same shape, converting its kind.
     *
     * @param target overwritten
     * @throws DataException naming file, tensor and both shapes if they differ
     */
    public void read(String name, Tensor target) {
        Entry entry = entry(name);
        if (!entry.shape().equals(target.shape())) {
            throw new DataException(
                    "%s: tensor %s has shape %s, expected %s; is this the checkpoint of that config.json?"
                            .formatted(file, name, entry.shape(), target.shape()));
        }
        readInto(name, entry, target);
    }

    /** Reads one tensor of floating-point numbers as it is. */
    public Tensor read(String name, DType dtype) {
        Entry entry = entry(name);
        Tensor tensor = Tensor.zeros(dtype, entry.shape());
        readInto(name, entry, tensor);
        return tensor;
    }

    /** Reads one tensor of 32- or 64-bit integers that fit an {@code int}, row-major. */
    public int[] readInts(String name) {
        Entry entry = entry(name);
        ByteBuffer bytes = bytes(name, entry.begin(), Math.toIntExact(entry.end() - entry.begin()));
        int[] values = new int[Math.toIntExact(entry.shape().elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (entry.dtype()) {
                case I32 -> bytes.getInt();
                case I64 -> Math.toIntExact(bytes.getLong());
                default ->
                    throw new DataException(
                            "%s: tensor %s has kind %s, expected I32 or I64".formatted(file, name, entry.dtype()));
            };
        }
        return values;
    }

    private void readInto(String name, Entry entry, Tensor target) {
        int columns = target.columns();
        int bytesPerRow = Math.multiplyExact(columns, entry.dtype().bytes());
        int rowsAtOnce = Math.max(1, COPY_BYTES / Math.max(1, bytesPerRow));
        float[] floats = new float[columns];
        for (int from = 0; from < target.rows(); from += rowsAtOnce) {
            int to = Math.min(target.rows(), from + rowsAtOnce);
            Tensor part = target.rows(from, to);
            Tensor host = part.isOnHost() ? part : Tensor.zeros(DType.F32, part.shape());
            ByteBuffer bytes =
                    bytes(name, entry.begin() + (long) from * bytesPerRow, Math.multiplyExact(to - from, bytesPerRow));
            for (int row = 0; row < to - from; row++) {
                if (entry.dtype() == DType.F64) {
                    for (int column = 0; column < columns; column++) {
                        host.set(row, column, bytes.getDouble());
                    }
                } else {
                    for (int column = 0; column < columns; column++) {
                        floats[column] = nextFloat(name, entry.dtype(), bytes);
                    }
                    host.write(row, 0, floats, 0, columns);
                }
            }
            if (host != part) {
                part.copyFrom(host);
            }
        }
    }

    private float nextFloat(String name, DType dtype, ByteBuffer bytes) {
        return switch (dtype) {
            case F32 -> bytes.getFloat();
            case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            case F16 -> HalfFloat.toFloat(bytes.getShort());
            default ->
                throw new DataException(
                        "%s: tensor %s has kind %s, expected F32, BF16, F16 or F64".formatted(file, name, dtype));
        };
    }

    private ByteBuffer bytes(String name, long position, int length) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw new DataException("%s: ends inside tensor %s".formatted(file, name));
                }
            }
            return buffer.flip();
        } catch (IOException e) {
            throw new DataException("%s: tensor %s cannot be read (%s)".formatted(file, name, e), e);
        }
    }

    private void readHeader() throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw new DataException("%s: has %d bytes, too short for a safetensors file".formatted(file, size));
        }
        long headerBytes = bytes("(header)", 0, LENGTH_BYTES).getLong();
        if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES || headerBytes > size - LENGTH_BYTES) {
            throw new DataException(
                    "%s: is not a safetensors file, or was cut short: it says its header takes %d of %d bytes"
                            .formatted(file, headerBytes, size));
        }
        String json = StandardCharsets.UTF_8
                .decode(bytes("(header)", LENGTH_BYTES, (int) headerBytes))
                .toString();
        JsonNode header;
        try {
            header = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "%s: is not a safetensors file: its header is not JSON (%s)"
                            .formatted(file, e.getOriginalMessage()),
                    e);
        }
        if (!header.isObject()) {
            throw new DataException("%s: is not a safetensors file: its header is not a JSON object".formatted(file));
        }
        long dataStart = LENGTH_BYTES + headerBytes;
        header.properties().forEach(field -> {
            if (field.getKey().equals("__metadata__")) {
                field.getValue()
                        .properties()
                        .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
            } else {
                entries.put(field.getKey(), entry(field.getKey(), field.getValue(), dataStart, size));
            }
        });
    }

    private Entry entry(String name, JsonNode node, long dataStart, long fileSize) {
        JsonNode sizes = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        if (!node.path("dtype").isTextual() || !sizes.isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw new DataException("%s: tensor %s lacks dtype, shape or data_offsets".formatted(file, name));
        }
        DType dtype;
        try {
            dtype = DType.valueOf(node.get("dtype").asText());
        } catch (IllegalArgumentException e) {
            throw new DataException("%s: tensor %s has unknown kind %s".formatted(file, name, node.get("dtype")), e);
        }
        List<Long> axes = new ArrayList<>();
        sizes.forEach(axis -> axes.add(axis.asLong(-1)));
        if (axes.stream().anyMatch(axis -> axis < 0)) {
            throw new DataException("%s: tensor %s has shape %s".formatted(file, name, sizes));
        }
        Shape shape = new Shape(axes);
        long begin = offsets.get(0).asLong(-1);
        long end = offsets.get(1).asLong(-1);
        long needed = Math.multiplyExact(shape.elements(), dtype.bytes());
        if (begin < 0 || end - begin != needed) {
            throw new DataException("%s: tensor %s of kind %s and shape %s takes %d bytes, its data_offsets %s give %d"
                    .formatted(file, name, dtype, shape, needed, offsets, end - begin));
        }
        if (dataStart + end > fileSize) {
            throw new DataException("%s: was cut short: tensor %s of shape %s ends at byte %d, the file at byte %d"
                    .formatted(file, name, shape, dataStart + end, fileSize));
        }
        return new Entry(dtype, shape, dataStart + begin, dataStart + end);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new DataException("%s: cannot be closed (%s)".formatted(file, e), e);
        }
    }
}
