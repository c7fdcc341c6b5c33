package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.DocumentBoundaries;
import io.peregrine.trainer.model.FalconH1Config;
import io.peregrine.trainer.model.FalconH1Model;
import io.peregrine.trainer.model.HashSeededModel;
import io.peregrine.trainer.model.LossSum;
import io.peregrine.trainer.model.Parameter;
import io.peregrine.trainer.model.SsmReset;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** All operations at once, through a model of hash-seeded weights. */
final class WholeModel {
    private WholeModel() {}

    /** Logits, loss and every gradient. Closes the operations. */
    static List<float[]> results(FalconH1Config config, TokenBatch batch, Ops ops) {
        return results(config, batch, ops, SsmReset.EXACT);
    }

    /** The same with documents kept apart in this way. */
    static List<float[]> results(FalconH1Config config, TokenBatch batch, Ops ops, SsmReset ssmReset) {
        try (ops) {
            FalconH1Model model = new FalconH1Model(
                    config, HashSeededModel.parameters(config, ops), ops, DocumentBoundaries.all(ssmReset));
            List<float[]> all = new ArrayList<>();
            all.add(model.logits(batch).toFloats());
            LossSum loss = model.lossAndGradients(batch, 0.1);
            all.add(new float[] {(float) loss.nats()});
            for (Parameter parameter : model.parameters()) {
                all.add(parameter.gradient().toFloats());
            }
            return all;
        }
    }

    /** Holds the results against those of the reference in double. Closes the operations. */
    static void agree(FalconH1Config config, TokenBatch batch, Ops ops, double tolerance) {
        agree(config, batch, ops, SsmReset.EXACT, tolerance);
    }

    /** Holds the results with this reset against those of the reference in double with exact ones. Closes the operations. */
    static void agree(FalconH1Config config, TokenBatch batch, Ops ops, SsmReset ssmReset, double tolerance) {
        List<float[]> expected = results(config, batch, new ReferenceOps(DType.F64));
        List<float[]> actual = results(config, batch, ops, ssmReset);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(relativeError(actual.get(i), expected.get(i)))
                    .as("result %d", i)
                    .isLessThan(tolerance);
        }
    }

    /** Sequences that are full of documents of so many tokens. */
    static TokenBatch shortDocuments(int sequences, int seqLen, int documentLength, int vocab) {
        int[] segments = new int[sequences * seqLen];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = i % seqLen / documentLength;
        }
        return new TokenBatch(sequences, seqLen, HashSeededModel.tokens(sequences * seqLen, vocab), segments);
    }

    /** {@code ||a - b|| / ||b||}; where b is 0, {@code ||a||}. */
    static double relativeError(float[] actual, float[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - (double) expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
    }
}
