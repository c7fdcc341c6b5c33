package io.peregrine.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.ConfigDigest;
import io.peregrine.data.config.RunFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureConfigTest {
    @TempDir
    Path folder;

    private MixtureConfig read(String section) throws IOException {
        Path file = Files.writeString(
                folder.resolve("run.yaml"), "run: x\nroot: out\nseed: 7\nmixture:\n" + section.indent(2));
        return RunFile.open(file).section("mixture", MixtureConfig.class);
    }

    @Test
    void everyKeyIsRead() throws IOException {
        MixtureConfig config = read("""
                sequence-length: 512
                block-size-sequences: 1024
                total-tokens: 20_000_000
                packing: concat
                packing-group-documents: 1000
                shard-sequences: 256
                window-sequences: 64
                streams:
                  web: {weight: 0.75}
                  code: {weight: 0.25, max-epochs: 4, window-tokens: 5_000, reuse-group: code}
                caps: refuse
                """);
        assertThat(config.sequenceLength()).isEqualTo(512);
        assertThat(config.blockSizeSequences()).isEqualTo(1024);
        assertThat(config.totalTokens()).contains(20_000_000L);
        assertThat(config.epochs()).isEmpty();
        assertThat(config.packing()).isEqualTo(PackingMode.CONCAT);
        assertThat(config.packingGroupDocuments()).isEqualTo(1000);
        assertThat(config.shardSequences()).isEqualTo(256);
        assertThat(config.windowSequences()).isEqualTo(64);
        assertThat(config.caps()).isEqualTo(CapMode.REFUSE);
        assertThat(config.schedule().segments()).isEmpty();
        assertThat(config.streams().keySet()).containsExactly("code", "web");
        assertThat(config.streams().get("code"))
                .isEqualTo(new StreamMix(
                        Optional.of(new BigDecimal("0.25")),
                        Optional.of(new BigDecimal("4")),
                        Optional.of(5000L),
                        Optional.of("code")));
    }

    @Test
    void defaultsAreTheOnesOfTheDesign() throws IOException {
        MixtureConfig config = read("epochs: 1\nstreams: {web: {weight: 1}}\n");
        assertThat(config.sequenceLength()).isEqualTo(2048);
        assertThat(config.blockSizeSequences()).isEqualTo(65_536);
        assertThat(config.packing()).isEqualTo(PackingMode.BEST_FIT);
        assertThat(config.packingGroupDocuments()).isEqualTo(1 << 20);
        assertThat(config.shardSequences()).isEqualTo(8192);
        assertThat(config.windowSequences()).isZero();
    }

    @Test
    void aScheduleIsRead() throws IOException {
        MixtureConfig config = read("""
                epochs: 1
                streams: {web: {}, code: {max-epochs: 2}}
                schedule:
                  cycles: 2
                  segments:
                    - {share: 0.75, weights: {web: 1}}
                    - {share: 0.25, weights: {web: 1}, to: {web: 0.4, code: 0.6}}
                """);
        assertThat(config.schedule().cycles()).isEqualTo(2);
        assertThat(config.schedule().segments()).hasSize(2);
        assertThat(config.schedule().segments().get(1).to()).containsEntry("code", new BigDecimal("0.6"));
        assertThat(config.streams().get("web").weight()).isEmpty();
    }

    @Test
    void theOrderOfTheStreamsIsNotASetting() throws IOException {
        assertThat(ConfigDigest.of(read("epochs: 1\nstreams: {a: {weight: 0.5}, b: {weight: 0.5}}\n")))
                .isEqualTo(ConfigDigest.of(read("epochs: 1\nstreams: {b: {weight: 0.5}, a: {weight: 0.5}}\n")));
    }

    @Test
    void faultsNameFileLineKeyAndRule() {
        assertFault("sequence-length: 1\n", ":5: mixture.sequence-length = 1: must be 2..4194304 tokens");
        assertFault(
                "block-size-sequences: 65537\n",
                ":5: mixture.block-size-sequences = 65537: must be 1..65536 sequences");
        assertFault("total-tokens: 0\n", ":5: mixture.total-tokens = 0: must be > 0 tokens");
        assertFault("epochs: 1\ntotal-tokens: 5\n", ":5: mixture.epochs = 1: give total-tokens or epochs, not both");
        assertFault("streams:\n  web: {weight: -0.5}\n", ":6: mixture.streams.web.weight = -0.5: must be >= 0");
        assertFault(
                "streams:\n  web: {weight: 1, max-epochs: 0}\n", ":6: mixture.streams.web.max-epochs = 0: must be > 0");
        assertFault(
                "streams:\n  web: {weight: 1, window-tokens: 0}\n",
                ":6: mixture.streams.web.window-tokens = 0: must be > 0 tokens");
        assertFault(
                "streams:\n  web: {max-epochs: 1}\n",
                "mixture.streams.web.weight = missing: must be there, or a schedule");
        assertFault(
                "streams:\n  web: {weight: 1}\nschedule: {segments: [{share: 1, weights: {web: 1}}]}\n",
                ":6: mixture.streams.web.weight = 1: the segments of the schedule say the weights; remove this one");
        assertFault("schedule: {cycles: 2}\n", ":5: mixture.schedule.cycles = 2: there are no segments to go through");
        assertFault(
                "schedule: {segments: [{share: 0, weights: {web: 1}}]}\n",
                "mixture.schedule.segments[0].share = 0: must be > 0");
        assertFault(
                "epochs: 1\nstreams:\n  web: {weight: 0.5}\n  code: {weight: 0.4}\n",
                ":6: mixture.streams = weights that sum to 0.9: must sum to 1 (to within 0.000001), or to 1000000000 as "
                        + "parts per billion; give a stream what is missing");
        assertFault(
                "streams:\n  web: {weight: 0.7}\n  code: {weight: 0.5}\n",
                ":5: mixture.streams = weights that sum to 1.2: must sum to 1 (to within 0.000001), or to 1000000000 as "
                        + "parts per billion; take from a stream what is over");
        assertFault("streams: {web: {}}\nschedule: {segments: [{share: 1}]}\n", "weights that sum to 0: must sum to 1");
        assertFault(
                "streams: {web: {}}\nschedule:\n  segments:\n    - {share: 1, weights: {web: 0.9}}\n",
                ":8: mixture.schedule.segments[0].weights = weights that sum to 0.9: must sum to 1");
        assertFault(
                "streams: {web: {}}\nschedule:\n  segments:\n    - {share: 1, weights: {web: 1}, to: {web: 1.5}}\n",
                ":8: mixture.schedule.segments[0].to = weights that sum to 1.5: must sum to 1");
        assertFault(
                "streams: {web: {}}\nschedule:\n  segments:\n    - {share: 1, weights: {web: -1}}\n",
                ":8: mixture.schedule.segments[0].weights.web = -1: must be >= 0");
        assertFault(
                "streams: {web: {}}\nschedule:\n  segments:\n    - {share: 0.5, weights: {web: 1}}\n",
                ":7: mixture.schedule.segments[].share = weights that sum to 0.5: must sum to 1");
        assertFault(
                "streams: {web: {}}\nschedule:\n  segments:\n    - {share: 1, weights: {wbe: 1}}\n",
                ":8: mixture.schedule.segments[0].weights.wbe = 1: mixture.streams has no stream 'wbe', only [web]; add it "
                        + "there, or correct the name");
        assertFault(
                "streams:\n  web: {wieght: 1}\n", "unknown key 'mixture.streams.web.wieght'; did you mean 'weight'?");
    }

    private void assertFault(String section, String message) {
        assertThatThrownBy(() -> read(section))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
