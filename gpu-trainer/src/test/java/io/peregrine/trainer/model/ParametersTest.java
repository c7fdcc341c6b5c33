package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.ops.plan.PlanningOps;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.ParameterGroups;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParametersTest {
    private final FalconH1Config config = HashSeededModel.config(true);
    private final Ops ops = Backend.REFERENCE.open(Backend.REFERENCE.defaultDType(), 1);

    @AfterEach
    void close() {
        ops.close();
    }

    private long bytes(boolean trained) {
        PlanningOps planning = new PlanningOps(ops);
        Parameters parameters =
                trained ? Parameters.zeros(config, planning) : Parameters.withoutGradients(config, planning);
        assertThat(parameters.count()).isPositive();
        return planning.bytes();
    }

    @Test
    void withoutGradientsTheyTakeHalfTheMemory() {
        assertThat(2 * bytes(false)).isEqualTo(bytes(true));
    }

    @Test
    void withoutGradientsAModelIsReadAsBefore() {
        Parameters trained = HashSeededModel.parameters(config, ops);
        Parameters read = Parameters.withoutGradients(config, ops);
        trained.forEach(parameter -> read.get(parameter.name()).value().copyFrom(parameter.value()));
        TokenBatch batch = TokenBatch.ofWholeRows(2, 19, HashSeededModel.tokens(38, 64));
        assertThat(new FalconH1Model(config, read, ops).loss(batch))
                .isEqualTo(new FalconH1Model(config, trained, ops).loss(batch));
    }

    @Test
    void withoutGradientsNothingIsTrained() {
        Parameters read = Parameters.withoutGradients(config, ops);
        FalconH1Model model = new FalconH1Model(config, read, ops);
        TokenBatch batch = TokenBatch.ofWholeRows(1, 5, HashSeededModel.tokens(5, 64));
        for (ThrowingCallable training : new ThrowingCallable[] {
            () -> model.lossAndGradients(batch, 1),
            () -> new AdamW(read, ParameterGroups.PLAIN, AdamConfig.DEFAULTS, ops),
            read::zeroGradients
        }) {
            assertThatThrownBy(training)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "model.embed_tokens.weight: has no gradient, because its model was made to be read; make it"
                                    + " with Parameters.zeros to train it");
        }
    }
}
