package io.peregrine.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.DataException;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("model.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", counting(DType.F32, Shape.of(2, 3)));
        tensors.put("b", counting(DType.F64, Shape.of(5)));
        SafetensorsWriter.write(file, Map.of("format", "pt"), tensors);
    }

    @Test
    void whatWasWrittenIsRead() {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertThat(reader.names()).containsExactlyInAnyOrder("a", "b");
            assertThat(reader.metadata()).containsEntry("format", "pt");
            assertThat(reader.entry("b").begin() % 8).isZero();
            Tensor a = reader.read("a", DType.F64);
            assertThat(a.shape()).isEqualTo(Shape.of(2, 3));
            assertThat(a.get(1, 2)).isEqualTo(5.5);
        }
    }

    @Test
    void theSameTensorsGiveTheSameBytes() throws IOException {
        byte[] first = Files.readAllBytes(file);
        write();
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
    }

    @Test
    void aFileCutShortAnywhereFailsOnOpening() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 8, 40, whole.length - 1}) {
            Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafetensorsReader.open(cut))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("cut.safetensors")
                    .hasMessageContaining("short");
        }
    }

    @Test
    void aWrongShapeAndAMissingTensorAreNamed() {
        try (SafetensorsReader reader = SafetensorsReader.open(file)) {
            assertThatThrownBy(() -> reader.read("a", Tensor.zeros(DType.F32, Shape.of(3, 2))))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("model.safetensors: tensor a has shape [2, 3], expected [3, 2]");
            assertThatThrownBy(() -> reader.entry("c"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("model.safetensors: has no tensor c");
        }
    }

    @Test
    void aHeaderThatIsNotOneIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.safetensors"), "this is not a checkpoint at all");
        assertThatThrownBy(() -> SafetensorsReader.open(text))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is not a safetensors file");
        Path lying = raw("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", new byte[8]);
        assertThatThrownBy(() -> SafetensorsReader.open(lying))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "tensor a of kind F32 and shape [3] takes 12 bytes, its data_offsets [0,8] give 8");
    }

    @Test
    void halfPrecisionKindsAreReadExactly() throws IOException {
        byte[] data = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x3FC0) // bf16 1.5
                .putShort((short) 0xC000) // bf16 -2
                .putShort((short) 0x3E00) // f16 1.5
                .putShort((short) 0x8001) // f16 -2^-24
                .array();
        Path half = raw(
                "{\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                        + "\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[4,8]}}",
                data);
        try (SafetensorsReader reader = SafetensorsReader.open(half)) {
            assertThat(reader.read("b", DType.F32).toFloats()).containsExactly(1.5f, -2f);
            assertThat(reader.read("h", DType.F32).toFloats()).containsExactly(1.5f, -0x1p-24f);
        }
    }

    private Path raw(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        byte[] all = ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
        return Files.write(folder.resolve("raw.safetensors"), all);
    }

    private static Tensor counting(DType dtype, Shape shape) {
        Tensor tensor = Tensor.zeros(dtype, shape);
        for (int row = 0; row < tensor.rows(); row++) {
            for (int column = 0; column < tensor.columns(); column++) {
                tensor.set(row, column, row * tensor.columns() + column + 0.5);
            }
        }
        return tensor;
    }
}
