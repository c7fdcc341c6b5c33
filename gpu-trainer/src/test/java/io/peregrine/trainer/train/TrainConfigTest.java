package io.peregrine.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.YamlConfig;
import io.peregrine.trainer.optim.LearningRateSchedule.Decay;
import io.peregrine.trainer.optim.LearningRateSchedule.Stable;
import io.peregrine.trainer.optim.ParameterKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainConfigTest {
    @TempDir
    Path folder;

    private TrainConfig load(String yaml) throws IOException {
        return YamlConfig.load(Files.writeString(folder.resolve("train.yaml"), yaml), TrainConfig.class);
    }

    @Test
    void everyKeyIsSpelledLikeThis() throws IOException {
        TrainConfig config = load("""
                model: conf/model/tiny.json
                steps: 100
                batch-sequences: 16
                micro-batch-sequences: 4
                learning-rate: 0.004
                warmup-tokens: 1000
                stable: power
                power-start-tokens: 2000
                decay: {shape: linear, share: 0.5, floor-ratio: 0.01}
                adam: {beta1: 0.8, beta2: 0.9, epsilon: 1e-6}
                weight-decay: 0.2
                clip-norm: 0.5
                learning-rate-multipliers: {ssm-in: 0.5}
                weight-decay-multipliers: {lm-head: 0.0}
                validation: {every-steps: 7, sequences: 9}
                checkpoints: {every-steps: 11, keep: 2, keep-log-spaced: 4}
                norms-every: 5
                spikes: {action: rollback, window: 64, threshold: 4.5, patience: 5, skip-tokens: 900, max-rollbacks: 2}
                backend: reference
                threads: 3
                """);
        assertThat(config.model()).isEqualTo("conf/model/tiny.json");
        assertThat(config.stepsOf(64, 1_000_000)).isEqualTo(100);
        assertThat(config.stable()).isEqualTo(Stable.POWER);
        assertThat(config.decay()).isEqualTo(new DecayConfig(Decay.LINEAR, 0.5, 0.01));
        assertThat(config.adam().beta1()).isEqualTo(0.8);
        assertThat(config.groups().learningRateMultiple(ParameterKind.SSM_IN)).isEqualTo(0.5);
        assertThat(config.groups().weightDecayMultiple(ParameterKind.LM_HEAD)).isZero();
        assertThat(config.validation()).isEqualTo(new ValidationConfig(7, 9));
        assertThat(config.checkpoints()).isEqualTo(new CheckpointConfig(11, 2, 4, true));
        assertThat(config.normsEvery()).isEqualTo(5);
        assertThat(config.spikes()).isEqualTo(new SpikeConfig(SpikeAction.ROLLBACK, 64, 4.5, 5, 900, 2));
        assertThat(config.threadsToUse()).isEqualTo(3);
        var schedule = config.schedule(64, 100);
        assertThat(schedule.totalTokens()).isEqualTo(100 * 16 * 64);
        assertThat(schedule.decayTokens()).isEqualTo(50 * 16 * 64);
    }

    @Test
    void defaultsAreThese() throws IOException {
        TrainConfig config = load("model: m.json\n");
        assertThat(config.batchSequences()).isEqualTo(32);
        assertThat(config.adam().beta1()).isEqualTo(0.9);
        assertThat(config.adam().beta2()).isEqualTo(0.95);
        assertThat(config.weightDecay()).isEqualTo(0.1);
        assertThat(config.clipNorm()).isEqualTo(1.0);
        assertThat(config.decay()).isEqualTo(new DecayConfig(Decay.EXPONENTIAL, 0.2, 0.125));
    }

    @Test
    void theLengthIsStepsOrTokensOrThePlan() throws IOException {
        assertThat(load("{model: m, tokens: 2048}").stepsOf(64, 5000)).isEqualTo(1);
        assertThat(load("{model: m, tokens: 2049}").stepsOf(64, 5000)).isEqualTo(2);
        assertThat(load("{model: m}").stepsOf(64, 97)).isEqualTo(3);
        assertThatThrownBy(() -> load("{model: m, tokens: 10, steps: 5}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tokens = 10: give steps or tokens, not both");
    }

    @Test
    void ratesAreWrittenInEitherWay() throws IOException {
        TrainConfig effective = load("{model: m, elr: 0.02, ewd: 5.0}");
        assertThat(effective.peakLearningRate()).isEqualTo(0.004);
        assertThat(effective.fullWeightDecay()).isEqualTo(0.1);
        TrainConfig plain = load("{model: m, learning-rate: 0.004, weight-decay: 0.1}");
        assertThat(plain.peakLearningRate()).isEqualTo(0.004);
        assertThat(plain.fullWeightDecay()).isEqualTo(0.1);
        assertThatThrownBy(() -> load("{model: m, elr: 0.02}"))
                .hasMessageContaining("elr = 0.02: give elr and ewd together, or learning-rate and weight-decay");
        assertThatThrownBy(() -> load("{model: m, elr: -1.0, ewd: 1.0}"))
                .hasMessageContaining("elr = -1.0: must be > 0");
        assertThat(load("{model: m, stable: sqrt, power-start-tokens: 5, decay: {shape: cosine}}")
                        .decay()
                        .shape())
                .isEqualTo(Decay.COSINE);
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> load("{model: m, learningrate: 1}"))
                .hasMessageContaining("unknown key 'learningrate'");
        assertThatThrownBy(() -> load("{model: m, batch-sequences: 6, micro-batch-sequences: 4}"))
                .hasMessageContaining("micro-batch-sequences = 4: must be > 0 and divide batch-sequences (6)");
        assertThatThrownBy(() -> load("{model: m, batch-ramp: {from-sequences: 12, tokens: 9}}"))
                .hasMessageContaining(
                        "batch-ramp.from-sequences = 12: must be a multiple of micro-batch-sequences (8)");
        assertThatThrownBy(() -> load("{model: m, learning-rate: 0.0}"))
                .hasMessageContaining("learning-rate = 0.0: must be > 0");
        assertThatThrownBy(() -> load("{model: m, checkpoints: {every-steps: 0}}"))
                .hasMessageContaining("every-steps = 0: must be > 0 steps");
        assertThatThrownBy(() -> load("{model: m, checkpoints: {keep-log-spaced: 101}}"))
                .hasMessageContaining(
                        "keep-log-spaced = 101: must be 0..100 checkpoints of each doubling of the steps");
        assertThatThrownBy(() -> load("{model: m, norms-every: -1}"))
                .hasMessageContaining("norms-every = -1: must be >= 0 steps");
        assertThatThrownBy(() -> load("{model: m, spikes: {window: 7}}"))
                .hasMessageContaining("window = 7: must be >= 8 steps");
        assertThatThrownBy(() -> load("{model: m, spikes: {window: 8, patience: 8}}"))
                .hasMessageContaining("patience = 8: must be 1 step or more, and fewer than window (8)");
        assertThatThrownBy(() -> load("{model: m, spikes: {threshold: 0.0}}"))
                .hasMessageContaining("threshold = 0.0: must be > 0 robust standard deviations");
        assertThatThrownBy(() -> load(
                        "{model: m, spikes: {action: rollback, patience: 5}, checkpoints: {every-steps: 2, keep: 3}}"))
                .hasMessageContaining("checkpoints.keep = 3: must be >= 4 with spikes.action rollback");
        assertThatThrownBy(() -> load("{model: m, learning-rate-multipliers: {ssm: 2.0}}"))
                .hasMessageContaining("learning-rate-multipliers.ssm = 2.0: no such kind of parameter");
    }

    @Test
    void howOftenItIsSavedIsNotWhatTheRunIs() throws IOException {
        String digest = load("{model: m}").trajectoryDigest("d");
        assertThat(load("{model: elsewhere, threads: 7, checkpoints: {every-steps: 3}, validation: {every-steps: 1}}")
                        .trajectoryDigest("d"))
                .isEqualTo(digest);
        assertThat(load("{model: m, norms-every: 3, spikes: {window: 9}}").trajectoryDigest("d"))
                .isEqualTo(digest);
        String rollingBack = load("{model: m, spikes: {action: rollback}}").trajectoryDigest("d");
        assertThat(rollingBack).isNotEqualTo(digest);
        assertThat(load("{model: m, spikes: {action: rollback, max-rollbacks: 1}, checkpoints: {keep: 9}}")
                        .trajectoryDigest("d"))
                .isEqualTo(rollingBack);
        assertThat(load("{model: m, spikes: {action: rollback}, checkpoints: {every-steps: 9}}")
                        .trajectoryDigest("d"))
                .as("where it goes back to")
                .isNotEqualTo(rollingBack);
        assertThat(load("{model: m, ssm-reset: exact}").trajectoryDigest("d")).isEqualTo(digest);
        assertThat(load("{model: m, ssm-reset: bias80}").trajectoryDigest("d")).isNotEqualTo(digest);
        assertThat(load("{model: m}").trajectoryDigest("e")).isNotEqualTo(digest);
        assertThat(load("{model: m, clip-norm: 2.0}").trajectoryDigest("d")).isNotEqualTo(digest);
        assertThat(load("{model: m, validation: {sequences: 1}}").trajectoryDigest("d"))
                .isNotEqualTo(digest);
    }
}
