package io.peregrine.data.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import io.peregrine.data.Document;
import io.peregrine.data.seed.SeedStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityTrainingTest {
    private static final List<String> LEARNED =
            List.of("theorem", "proof", "lemma", "integral", "therefore", "continuous");
    private static final List<String> SOLD =
            List.of("discount", "cart", "shipping", "voucher", "checkout", "subscribe");
    private static final List<String> SHARED =
            List.of("the", "of", "and", "a", "is", "for", "with", "this", "that", "in");

    @TempDir
    Path folder;

    /** A text of words that both kinds use and, for every fifth word, one of its own kind; every tenth of these lies. */
    private static String text(SeedStream draw, boolean good) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            boolean own = draw.nextInt(5) == 0;
            boolean lies = draw.nextInt(10) == 0;
            List<String> words = !own ? SHARED : good != lies ? LEARNED : SOLD;
            text.append(words.get(draw.nextInt(words.size()))).append(' ');
        }
        return text.toString();
    }

    private static QualityTraining.Result train(int documents) {
        QualityTraining training = new QualityTraining(
                new QualityModel.Shape(14, 2, 1000), LogisticTrainer.Settings.DEFAULTS, SeedStream.of(3));
        SeedStream draw = SeedStream.of(1);
        for (int i = 0; i < documents; i++) {
            String text = text(draw, i % 2 == 0);
            training.add(Document.idOf(text), text, i % 2 == 0);
        }
        return training.train("made up");
    }

    @Test
    void itTellsTheKindsApartAndSaysHowSureItIs() {
        QualityTraining.Result result = train(2000);
        assertThat(result.evaluation().areaUnderCurve()).isGreaterThan(0.97);
        assertThat(result.evaluation().calibrationError()).isLessThan(0.1);
        assertThat(result.evaluation().documents()).isBetween(150L, 260L);
        QualityModel.Scorer scorer = result.model().scorer();
        assertThat(scorer.probability("the proof of this lemma is therefore continuous"))
                .isGreaterThan(0.9);
        assertThat(scorer.probability("the voucher is in this cart and shipping is a discount"))
                .isLessThan(0.1);
        assertThat(result.evaluation().table()).contains("area under the ROC curve");
    }

    @Test
    void labelsThatMeanNothingGiveAnAreaOfAHalf() {
        QualityTraining training = new QualityTraining(
                new QualityModel.Shape(14, 1, 1000), LogisticTrainer.Settings.DEFAULTS, SeedStream.of(3));
        SeedStream draw = SeedStream.of(2);
        for (int i = 0; i < 3000; i++) {
            String text = text(draw, true);
            training.add(Document.idOf(text), text, draw.nextInt(2) == 0);
        }
        Evaluation evaluation = training.train("noise").evaluation();
        assertThat(evaluation.areaUnderCurve()).isBetween(0.4, 0.6);
        // Platt's curve notices that the scores say nothing: what is left is the noise of some 300 documents.
        assertThat(evaluation.calibrationError()).isLessThan(0.2);
    }

    @Test
    void theSameExamplesGiveTheSameBits() throws IOException {
        train(600).model().write(folder.resolve("a.bin"));
        train(600).model().write(folder.resolve("b.bin"));
        assertThat(Files.readAllBytes(folder.resolve("a.bin"))).isEqualTo(Files.readAllBytes(folder.resolve("b.bin")));
    }

    @Test
    void aModelReadBackScoresAsBefore() {
        QualityModel model = train(600).model();
        Path file = folder.resolve("model.bin");
        model.write(file);
        QualityModel read = QualityModel.read(file);
        String text = "the integral is in this cart";
        assertThat(read.scorer().probability(text)).isEqualTo(model.scorer().probability(text));
        assertThat(read.trained()).isEqualTo("made up");
        assertThat(read.scorer().probability("")).isBetween(0.0, 1.0);
    }

    @Test
    void aDamagedModelIsRefusedByName() throws IOException {
        Path file = folder.resolve("model.bin");
        train(600).model().write(file);
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length - 1));
        assertThatThrownBy(() -> QualityModel.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("model.bin: is damaged or cut short");
        content[content.length / 2] ^= 1;
        Files.write(file, content);
        assertThatThrownBy(() -> QualityModel.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is damaged");
        Files.writeString(file, "something else altogether, and long enough to be a model");
        assertThatThrownBy(() -> QualityModel.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is no quality model");
    }

    @Test
    void tooFewExamplesAreSaid() {
        QualityTraining training = new QualityTraining(1);
        training.add(Document.idOf("x"), "x", true);
        assertThatThrownBy(() -> training.train(""))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("must be at least 20 of each");
    }

    @Test
    void theAreaUnderTheCurveCountsPairsAndHalvesTies() {
        // Good 0.9 0.5, bad 0.5 0.1: of four pairs three are in order and one is a tie.
        Evaluation evaluation = Evaluation.of(List.of(
                new Calibration.Scored(0.9, true),
                new Calibration.Scored(0.5, true),
                new Calibration.Scored(0.5, false),
                new Calibration.Scored(0.1, false)));
        assertThat(evaluation.areaUnderCurve()).isEqualTo(3.5 / 4);
        // Bins: 0.1 said, 0 true; 0.5 said, half true; 0.9 said, 1 true.
        assertThat(evaluation.calibrationError()).isCloseTo((0.1 + 0 * 2 + 0.1) / 4, within(1e-12));
    }

    @Test
    void aCalibrationRecoversTheCurveThatDrewTheLabels() {
        SeedStream draw = SeedStream.of(5);
        List<Calibration.Scored> scored = java.util.stream.IntStream.range(0, 20_000)
                .mapToObj(i -> {
                    double score = draw.nextGaussian() * 2;
                    return new Calibration.Scored(score, draw.nextDouble() < 1 / (1 + Math.exp(-(1.5 * score - 0.5))));
                })
                .toList();
        Calibration fitted = Calibration.fit(scored);
        assertThat(fitted.slope()).isCloseTo(1.5, within(0.08));
        assertThat(fitted.intercept()).isCloseTo(-0.5, within(0.08));
    }
}
