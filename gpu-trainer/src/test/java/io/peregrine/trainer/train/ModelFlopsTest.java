package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.trainer.loader.TokenBatch;
import io.peregrine.trainer.model.FalconH1Config;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ModelFlopsTest {
    private static final FalconH1Config MODEL = FalconH1Config.read(Path.of("../conf/model/falcon-h1-0.5b.json"));

    private static TokenBatch batch(int rows, int seqLen, int... documentLengths) {
        int[] segments = new int[rows * seqLen];
        Arrays.fill(segments, TokenBatch.PADDING);
        for (int row = 0; row < rows; row++) {
            int at = row * seqLen;
            for (int document = 0; document < documentLengths.length; document++) {
                Arrays.fill(segments, at, at + documentLengths[document], document);
                at += documentLengths[document];
            }
        }
        return new TokenBatch(rows, seqLen, new int[rows * seqLen], segments);
    }

    @Test
    void wholeRowsAreCountedAsTheyAreByToken() {
        double expected = 2 * 512 * ModelFlops.perTrainedToken(MODEL, 512);
        assertThat(ModelFlops.ofTraining(MODEL, batch(2, 512, 512))).isCloseTo(expected, within(1e-9 * expected));
    }

    @Test
    void aDocumentMeetsOnlyItself() {
        // scores by hand: 36 layers, 8 heads of 64, 3 passes, 2 operations, for scores and values half of the pairs
        // each
        double scores = 36 * 512.0 * 3 * 2;
        double one = ModelFlops.ofTraining(MODEL, batch(1, 512, 512));
        double two = ModelFlops.ofTraining(MODEL, batch(1, 512, 256, 256));
        assertThat(one - two).isCloseTo(scores * (512.0 * 512 - 2 * 256.0 * 256), within(1e-6 * one));
    }

    @Test
    void paddingCostsNothing() {
        double padded = ModelFlops.ofTraining(MODEL, batch(1, 512, 100, 200));
        double alone = ModelFlops.ofTraining(MODEL, batch(1, 300, 100, 200));
        assertThat(padded).isCloseTo(alone, within(1e-9 * alone));
    }
}
