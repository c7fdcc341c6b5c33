package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.EmbeddingOps;
import io.peregrine.trainer.tensor.Tensor;

/** Row by row. */
final class ReferenceEmbedding implements EmbeddingOps {
    @Override
    public void forward(Tensor table, int[] ids, double multiplier, Tensor out) {
        for (int row = 0; row < ids.length; row++) {
            for (int column = 0; column < out.columns(); column++) {
                out.set(row, column, multiplier * table.get(ids[row], column));
            }
        }
    }

    @Override
    public void backward(Tensor dOut, int[] ids, double multiplier, int paddingId, Tensor dTable) {
        for (int row = 0; row < ids.length; row++) {
            int id = ids[row];
            if (id == paddingId) {
                continue;
            }
            for (int column = 0; column < dOut.columns(); column++) {
                dTable.set(id, column, dTable.get(id, column) + multiplier * dOut.get(row, column));
            }
        }
    }
}
