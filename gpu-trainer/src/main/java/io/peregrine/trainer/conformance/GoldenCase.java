package io.peregrine.trainer.conformance;

import io.peregrine.data.DataException;
import io.peregrine.trainer.checkpoint.SafetensorsReader;
import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** An open golden file. Closing it closes the file. */
final class GoldenCase implements AutoCloseable {
    /** Ids of row 0 that greedy continuation starts from. */
    public static final int PROMPT_TOKENS = 11;

    private final Path file;
    private final SafetensorsReader reader;
    private final TokenBatch batch;

    GoldenCase(Path file) {
        this.file = file;
        this.reader = SafetensorsReader.open(file);
        Shape shape = reader.entry("input_ids").shape();
        if (shape.rank() != 2) {
            reader.close();
            throw new DataException("%s: input_ids has shape %s, expected [batch, seqLen]".formatted(file, shape));
        }
        this.batch = TokenBatch.ofWholeRows(
                Math.toIntExact(shape.size(0)), Math.toIntExact(shape.size(1)), reader.readInts("input_ids"));
    }

    TokenBatch batch() {
        return batch;
    }

    Tensor tensor(String name, Shape expected) {
        Tensor tensor = Tensor.zeros(DType.F64, expected);
        reader.read(name, tensor);
        return tensor;
    }

    int[] greedyIds() {
        int[] ids = reader.readInts("greedy_ids");
        if (ids.length <= PROMPT_TOKENS || batch.seqLen() < PROMPT_TOKENS) {
            throw new DataException("%s: greedy_ids has %d ids, expected more than the %d of the prompt"
                    .formatted(file, ids.length, PROMPT_TOKENS));
        }
        return ids;
    }

    int[] prompt() {
        return Arrays.copyOf(batch.inputIds(), PROMPT_TOKENS);
    }

    /** Names in the file that start like this. */
    List<String> names(String prefix) {
        return reader.names().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    @Override
    public void close() {
        reader.close();
    }
}
