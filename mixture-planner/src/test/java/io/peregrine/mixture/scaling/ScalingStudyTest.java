package io.peregrine.mixture.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.DataException;
import io.peregrine.data.progress.Progress;
import io.peregrine.data.seed.SeedStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingStudyTest {
    private static final double E = 1.7;
    private static final double A = 400;
    private static final double A_EXPONENT = 0.34;
    private static final double B = 1200;
    private static final double B_EXPONENT = 0.32;

    private static ScalingLaw law(ScalingForm form, double repeat) {
        return new ScalingLaw(form, E, A, A_EXPONENT, B, B_EXPONENT, repeat);
    }

    /** Six sizes, four amounts of unique tokens, one to sixty epochs; noise multiplies the loss. */
    private static List<ScalingRun> runs(ScalingLaw law, double noise, long seed) {
        SeedStream random = SeedStream.of(seed);
        List<ScalingRun> runs = new ArrayList<>();
        for (double params : new double[] {1e7, 3e7, 1e8, 3e8, 1e9, 3e9}) {
            for (double unique : new double[] {1e8, 4e8, 2e9, 1e10}) {
                for (double epochs : new double[] {1, 3, 10, 60}) {
                    ScalingRun run = new ScalingRun(params, unique * epochs, unique, 1);
                    double loss = law.loss(run) * Math.exp(noise * random.nextGaussian());
                    runs.add(new ScalingRun(params, unique * epochs, unique, loss));
                }
            }
        }
        return runs;
    }

    @Test
    void knownNumbersAreRecoveredExactlyWithoutNoise() {
        for (ScalingLaw known : List.of(
                law(ScalingForm.FRESH, 0), law(ScalingForm.EFFECTIVE_DATA, 15.4), law(ScalingForm.PENALTY, 1e-4))) {
            ScalingLaw law =
                    new ScalingFit(known.form(), runs(known, 0, 1)).fromGrid().orElseThrow();
            assertThat(law.floor()).isEqualTo(E, within(1e-4 * E));
            assertThat(law.paramsScale()).isEqualTo(A, within(1e-3 * A));
            assertThat(law.paramsExponent()).isEqualTo(A_EXPONENT, within(1e-4));
            assertThat(law.tokensScale()).isEqualTo(B, within(1e-3 * B));
            assertThat(law.tokensExponent()).isEqualTo(B_EXPONENT, within(1e-4));
            assertThat(law.repeat()).isEqualTo(known.repeat(), within(1e-3 * known.repeat()));
        }
    }

    @Test
    void knownNumbersAreRecoveredFromNoiseAndTheIntervalsHoldThem() {
        ScalingStudy study =
                ScalingStudy.of(runs(law(ScalingForm.EFFECTIVE_DATA, 15.4), 0.005, 2), 100, 3, Progress.SILENT);
        assertThat(study.leftOut()).isEqualTo(16);
        assertThat(study.failed()).isZero();
        ScalingLaw law = study.law();
        assertThat(law.form()).isEqualTo(ScalingForm.EFFECTIVE_DATA);
        assertThat(law.floor()).isEqualTo(E, within(0.05 * E));
        assertThat(law.paramsExponent()).isEqualTo(A_EXPONENT, within(0.03));
        assertThat(law.tokensExponent()).isEqualTo(B_EXPONENT, within(0.03));
        assertThat(law.repeat()).isEqualTo(15.4, within(0.15 * 15.4));
        ScalingStudy.Interval floor = study.interval(ScalingLaw::floor).orElseThrow();
        assertThat(E).isBetween(floor.low(), floor.high());
        ScalingStudy.Interval repeat = study.interval(ScalingLaw::repeat).orElseThrow();
        assertThat(15.4).isBetween(repeat.low(), repeat.high());
        assertThat(repeat.high() - repeat.low()).isLessThan(8);
    }

    @Test
    void theFormOfTheDataIsChosen() {
        assertThat(ScalingStudy.of(runs(law(ScalingForm.PENALTY, 1e-4), 0.005, 4), 0, 1, Progress.SILENT)
                        .law()
                        .form())
                .isEqualTo(ScalingForm.PENALTY);
        ScalingStudy study = ScalingStudy.of(runs(law(ScalingForm.EFFECTIVE_DATA, 5), 0.005, 5), 0, 1, Progress.SILENT);
        assertThat(study.candidates())
                .extracting(candidate -> candidate.law().form())
                .startsWith(ScalingForm.EFFECTIVE_DATA);
        assertThat(study.candidates().get(0).error()).isLessThan(0.01);
        assertThat(study.interval(ScalingLaw::floor)).isEmpty();
    }

    @Test
    void failedRunsDoNotBendTheFit() {
        List<ScalingRun> runs = new ArrayList<>(runs(law(ScalingForm.EFFECTIVE_DATA, 15.4), 0.002, 6));
        for (int i = 5; i < runs.size(); i += 19) { // one in nineteen diverged
            ScalingRun run = runs.get(i);
            runs.set(i, new ScalingRun(run.params(), run.tokens(), run.uniqueTokens(), run.loss() * 1.5));
        }
        ScalingLaw law =
                new ScalingFit(ScalingForm.EFFECTIVE_DATA, runs).fromGrid().orElseThrow();
        assertThat(law.floor()).isEqualTo(E, within(0.03 * E));
        assertThat(law.repeat()).isEqualTo(15.4, within(0.1 * 15.4));
    }

    @Test
    void theSameSeedGivesTheSameStudy() {
        List<ScalingRun> runs = runs(law(ScalingForm.EFFECTIVE_DATA, 15.4), 0.01, 7);
        assertThat(ScalingStudy.of(runs, 10, 3, Progress.SILENT))
                .isEqualTo(ScalingStudy.of(runs, 10, 3, Progress.SILENT));
    }

    @Test
    void tooFewRunsAreRefused() {
        List<ScalingRun> runs = runs(law(ScalingForm.EFFECTIVE_DATA, 15.4), 0, 1);
        assertThatThrownBy(() -> ScalingStudy.of(runs.subList(0, 32), 0, 1, Progress.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessage("16 runs of 1 sizes below the largest, 3.0E7 parameters: must be >= 8 runs of >= 2 sizes, "
                        + "for the largest is left out to judge by");
    }
}
