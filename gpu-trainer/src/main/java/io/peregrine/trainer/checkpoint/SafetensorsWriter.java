package io.peregrine.trainer.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes tensors as one safetensors file that a reader can map into memory: the header is padded so that the data begins
 * on a multiple of 8 bytes, and tensors of eight-byte numbers come first, so that each is aligned to its kind.
 *
 * <p>The same tensors give the same bytes. The file is forced to disk before the method returns; moving it to its final
 * name is the caller's.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final int COPY_BYTES = 1 << 20;
    private static final int COPY_NUMBERS = 1 << 22;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SafetensorsWriter() {}

    /**
     * Writes a file, replacing one that is there.
     *
     * @param metadata free text; Hugging Face's loaders want {@code format = pt}
     * @param tensors by name, in the order in which they shall lie in the file; kinds F32 and F64, in their own kind
     * @throws IOException if the file cannot be written; a part of it may be left behind
     */
    public static void write(Path file, Map<String, String> metadata, Map<String, Tensor> tensors) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeFully(channel, header(metadata, tensors));
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (DType dtype : new DType[] {DType.F64, DType.F32}) {
                for (Tensor tensor : tensors.values()) {
                    if (tensor.dtype() == dtype) {
                        writeTensor(channel, tensor, buffer);
                    }
                }
            }
            channel.force(true);
        }
    }

    private static ByteBuffer header(Map<String, String> metadata, Map<String, Tensor> tensors) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject("__metadata__");
            metadata.forEach(node::put);
        }
        long offset = 0;
        for (DType dtype : new DType[] {DType.F64, DType.F32}) {
            for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
                Tensor tensor = entry.getValue();
                if (tensor.dtype() == dtype) {
                    ObjectNode node = root.putObject(entry.getKey());
                    node.put("dtype", dtype.name());
                    ArrayNode shape = node.putArray("shape");
                    tensor.shape().sizes().forEach(shape::add);
                    long end = offset + tensor.shape().elements() * dtype.bytes();
                    node.putArray("data_offsets").add(offset).add(end);
                    offset = end;
                }
            }
        }
        byte[] json = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] spaces = new byte[padded - json.length];
        Arrays.fill(spaces, (byte) ' ');
        return ByteBuffer.allocate(Long.BYTES + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(json)
                .put(spaces)
                .flip();
    }

    private static void writeTensor(FileChannel channel, Tensor tensor, ByteBuffer buffer) throws IOException {
        int rowsAtOnce = Math.max(1, COPY_NUMBERS / Math.max(1, tensor.columns()));
        for (int from = 0; from < tensor.rows(); from += rowsAtOnce) {
            int to = Math.min(tensor.rows(), from + rowsAtOnce);
            writeHostTensor(channel, tensor.rows(from, to).onHost(), buffer);
        }
    }

    private static void writeHostTensor(FileChannel channel, Tensor tensor, ByteBuffer buffer) throws IOException {
        int columns = tensor.columns();
        float[] floats = new float[columns];
        for (int row = 0; row < tensor.rows(); row++) {
            if (tensor.dtype() == DType.F32) {
                tensor.read(row, 0, floats, 0, columns);
            }
            for (int column = 0; column < columns; column++) {
                if (buffer.remaining() < Double.BYTES) {
                    writeFully(channel, buffer.flip());
                    buffer.clear();
                }
                if (tensor.dtype() == DType.F32) {
                    buffer.putFloat(floats[column]);
                } else {
                    buffer.putDouble(tensor.get(row, column));
                }
            }
        }
        writeFully(channel, buffer.flip());
        buffer.clear();
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
