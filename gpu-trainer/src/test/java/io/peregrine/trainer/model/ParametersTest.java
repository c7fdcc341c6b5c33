package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.backend.Backend;
import io.peregrine.trainer.ops.plan.PlanningOps;
import io.peregrine.trainer.optim.AdamConfig;
import io.peregrine.trainer.optim.AdamW;
import io.peregrine.trainer.optim.ParameterGroups;
import io.peregrine.trainer.tensor.DType;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
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

    /** As on a device that rounds to bf16 beside exact values, for the 1.5B model, whose head is a matrix of its own. */
    @Test
    void forInferenceTheyTakeTwoBytesANumberAndFourMoreOfTheEmbeddings() {
        FalconH1Config large = FalconH1Config.read(Path.of("../conf/model/falcon-h1-1.5b.json"));
        Ops rounding = (Ops) Proxy.newProxyInstance(
                Ops.class.getClassLoader(),
                new Class<?>[] {Ops.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "dtype" -> DType.BF16;
                    case "numberBytes" -> new Ops.NumberBytes(2, 4, 6);
                    default -> method.invoke(ops, arguments);
                });
        PlanningOps planning = new PlanningOps(rounding);
        long numbers = Parameters.forInference(large, planning).count();
        long ofEmbeddings = (long) large.vocabSize() * large.hiddenSize();
        assertThat(planning.bytes()).isCloseTo(2 * numbers + 4 * ofEmbeddings, withinPercentage(0.1));
    }

    @Test
    void withoutGradientsAModelIsReadAsBefore() {
        Parameters trained = HashSeededModel.parameters(config, ops);
        Parameters read = Parameters.forInference(config, ops);
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
