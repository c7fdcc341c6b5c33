package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Which reset a model's scan is given: exp(-80) is too little to be seen in any number, but not in what is none. */
class SsmResetTest {
    /** Two documents, the first of which consists of token 1. */
    private static final TokenBatch PACKED =
            new TokenBatch(1, 6, new int[] {1, 1, 1, 2, 3, 4}, new int[] {0, 0, 0, 1, 1, 1});

    @Test
    void theMaskLeavesNothingOfTheDocumentBefore() {
        assertThat(ofTheSecondDocumentBehindNotANumber(SsmReset.EXACT)).isFinite();
    }

    @Test
    void theBiasLeavesSomething() {
        assertThat(ofTheSecondDocumentBehindNotANumber(SsmReset.BIAS80)).isNaN();
    }

    private static double ofTheSecondDocumentBehindNotANumber(SsmReset ssmReset) {
        FalconH1Config config = HashSeededModel.config(true);
        try (Ops ops = new ReferenceOps(DType.F64)) {
            Parameters parameters = HashSeededModel.parameters(config, ops);
            Tensor embedding = parameters.get("model.embed_tokens.weight").value();
            embedding.rows(1, 2).fill(Double.NaN);
            FalconH1Model model = new FalconH1Model(config, parameters, ops, DocumentBoundaries.all(ssmReset));
            return model.logits(PACKED).get(5, 0);
        }
    }
}
