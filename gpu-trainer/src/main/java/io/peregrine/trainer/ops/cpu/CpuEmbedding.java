package io.peregrine.trainer.ops.cpu;

import io.peregrine.trainer.ops.EmbeddingOps;
import io.peregrine.trainer.tensor.Tensor;

/** Row copies: too little work to share. */
final class CpuEmbedding implements EmbeddingOps {
    @Override
    public void forward(Tensor table, int[] ids, double multiplier, Tensor out) {
        int hidden = out.columns();
        float scale = (float) multiplier;
        float[] row = new float[hidden];
        for (int i = 0; i < ids.length; i++) {
            table.read(ids[i], 0, row, 0, hidden);
            for (int j = 0; j < hidden; j++) {
                row[j] *= scale;
            }
            out.write(i, 0, row, 0, hidden);
        }
    }

    @Override
    public void backward(Tensor dOut, int[] ids, double multiplier, int paddingId, Tensor dTable) {
        int hidden = dOut.columns();
        float scale = (float) multiplier;
        float[] d = new float[hidden];
        float[] sum = new float[hidden];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == paddingId) {
                continue;
            }
            dOut.read(i, 0, d, 0, hidden);
            dTable.read(ids[i], 0, sum, 0, hidden);
            for (int j = 0; j < hidden; j++) {
                sum[j] += scale * d[j];
            }
            dTable.write(ids[i], 0, sum, 0, hidden);
        }
    }
}
