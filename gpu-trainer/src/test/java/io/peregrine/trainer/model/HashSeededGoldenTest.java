package io.peregrine.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.ops.Ops;
import io.peregrine.trainer.ops.reference.ReferenceOps;
import io.peregrine.trainer.tensor.DType;
import io.peregrine.trainer.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference operations against numbers of an independent float64 implementation, given to ten digits. */
class HashSeededGoldenTest {
    private static final int LENGTH = 19;
    private static final int VOCAB = 64;
    private static final int SECOND_DOCUMENT = 10;
    private static final double PRINTED = 2e-10;

    private final Ops ops = new ReferenceOps(DType.F64);

    @ParameterizedTest
    @CsvSource({
        "false, 4.600701953913, 341.0467363954, 0.5388113493, 4.3741699762, 0.3555249017, 4.2283148828",
        "true, 4.556123362785, 362.9865738968, 0.1324135090, 4.4375650486, 0.8369563518, 4.3000037369",
    })
    void logits(
            boolean rmsNorm,
            double loss,
            double squares,
            double firstLogit,
            double firstLse,
            double lastLogit3,
            double lastLse) {
        FalconH1Model model = model(rmsNorm, DocumentBoundaries.ALL);
        TokenBatch batch = TokenBatch.ofWholeRows(1, LENGTH, HashSeededModel.tokens(LENGTH, VOCAB));
        Tensor logits = model.logits(batch);
        double sum = ops.optim().sumOfSquares(logits);
        assertThat(model.loss(batch).mean()).isCloseTo(loss, within(1e-11));
        assertThat(sum).isCloseTo(squares, within(1e-8));
        assertThat(logits.get(0, 0)).isCloseTo(firstLogit, within(PRINTED));
        assertThat(logSumExp(logits, 0)).isCloseTo(firstLse, within(PRINTED));
        assertThat(logSumExp(logits, LENGTH - 1)).isCloseTo(lastLse, within(PRINTED));
        assertThat(logits.get(LENGTH - 1, 3)).isCloseTo(lastLogit3, within(PRINTED));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradients(boolean rmsNorm) throws IOException {
        FalconH1Model model = model(rmsNorm, DocumentBoundaries.ALL);
        TokenBatch batch = TokenBatch.ofWholeRows(1, LENGTH, HashSeededModel.tokens(LENGTH, VOCAB));
        model.lossAndGradients(batch, 1.0 / batch.predictions());
        int checked = 0;
        for (String line : lines("/golden/hash-seeded/gradients.csv")) {
            String[] cells = line.split(",");
            if (line.startsWith("#") || Boolean.parseBoolean(cells[1]) != rmsNorm) {
                continue;
            }
            Parameter parameter = model.parameters().get(cells[0]);
            double norm = Math.sqrt(ops.optim().sumOfSquares(parameter.gradient()));
            assertThat(parameter.value().get(0, 0)).as(line).isCloseTo(Double.parseDouble(cells[2]), within(1e-8));
            assertThat(norm).as(line).isCloseTo(Double.parseDouble(cells[3]), within(1e-8 * norm));
            assertThat(parameter.gradient().get(0, 0)).as(line).isCloseTo(Double.parseDouble(cells[4]), within(1e-10));
            checked++;
        }
        assertThat(checked).isEqualTo(model.parameters().all().size());
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, false, 4.6007019539, 0",
        "NONE, true, 4.5561233628, 0",
        "SCAN, false, 4.6010524370, 4.5844924563",
        "SCAN, true, 4.5547450337, 4.5767413921",
        "SCAN_AND_CONV, false, 4.5967873891, 4.5799765232",
        "SCAN_AND_CONV, true, 4.5728538159, 4.5959153968",
        "ALL, false, 4.5571861223, 4.5380457701",
        "ALL, true, 4.5997732313, 4.6244183072",
    })
    void packing(DocumentBoundaries.Parts parts, boolean rmsNorm, double ofEighteen, double ofSeventeen) {
        for (SsmReset ssmReset : SsmReset.values()) {
            packing(new DocumentBoundaries(parts, ssmReset), rmsNorm, ofEighteen, ofSeventeen);
        }
    }

    private void packing(DocumentBoundaries boundaries, boolean rmsNorm, double ofEighteen, double ofSeventeen) {
        int[] ids = HashSeededModel.tokens(LENGTH, VOCAB);
        int[] segments = new int[LENGTH];
        for (int j = SECOND_DOCUMENT; j < LENGTH; j++) {
            segments[j] = 1;
        }
        TokenBatch packed = new TokenBatch(1, LENGTH, ids, segments);
        FalconH1Model model = model(rmsNorm, boundaries);
        Tensor logits = model.logits(packed);
        double nats = 0;
        for (int j = 0; j + 1 < LENGTH; j++) {
            nats += logSumExp(logits, j) - logits.get(j, ids[j + 1]);
        }
        assertThat(nats / (LENGTH - 1)).isCloseTo(ofEighteen, within(PRINTED));
        if (ofSeventeen != 0) {
            LossSum loss = model.loss(packed);
            assertThat(loss.predictions()).isEqualTo(LENGTH - 2);
            assertThat(loss.mean()).isCloseTo(ofSeventeen, within(PRINTED));
        }
    }

    @Test
    void aPackedDocumentComputesWhatItWouldAlone() {
        int[] ids = HashSeededModel.tokens(LENGTH, VOCAB);
        int[] segments = new int[LENGTH];
        for (int j = SECOND_DOCUMENT; j < LENGTH; j++) {
            segments[j] = 1;
        }
        int[] second = java.util.Arrays.copyOfRange(ids, SECOND_DOCUMENT, LENGTH);
        FalconH1Model model = model(true, DocumentBoundaries.ALL);
        Tensor packed = model.logits(new TokenBatch(1, LENGTH, ids, segments));
        Tensor alone = model.logits(TokenBatch.ofWholeRows(1, second.length, second));
        for (int row = 0; row < second.length; row++) {
            for (int column = 0; column < VOCAB; column++) {
                assertThat(packed.get(SECOND_DOCUMENT + row, column)).isCloseTo(alone.get(row, column), within(1e-13));
            }
        }
    }

    private FalconH1Model model(boolean rmsNorm, DocumentBoundaries boundaries) {
        FalconH1Config config = HashSeededModel.config(rmsNorm);
        return new FalconH1Model(config, HashSeededModel.parameters(config, ops), ops, boundaries);
    }

    private static double logSumExp(Tensor logits, int row) {
        double sum = 0;
        for (int column = 0; column < logits.columns(); column++) {
            sum += Math.exp(logits.get(row, column));
        }
        return Math.log(sum);
    }

    private static List<String> lines(String resource) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                HashSeededGoldenTest.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
