package io.peregrine.mixture.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.peregrine.data.ConfigException;
import io.peregrine.mixture.StreamMix;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProposalTest {
    private static final long BUDGET = 100_000_000_000L;
    private static final List<Double> PRIOR = List.of(0.4, 0.3, 0.2, 0.1);

    private static SourceConfig epochs(long uniqueTokens, int maxEpochs) {
        return new SourceConfig(
                Optional.empty(),
                Optional.of(uniqueTokens),
                Optional.empty(),
                Optional.of(BigDecimal.valueOf(maxEpochs)));
    }

    private static SourceConfig window(long uniqueTokens, long windowTokens) {
        return new SourceConfig(
                Optional.empty(), Optional.of(uniqueTokens), Optional.of(windowTokens), Optional.empty());
    }

    private static OptimizeConfig config(Map<String, SourceConfig> sources) {
        return new OptimizeConfig(
                new RunFiles("a", "b"),
                RunColumns.DEFAULTS,
                FitConfig.DEFAULTS,
                Map.of("prose", BigDecimal.ONE),
                0.02,
                Optional.of(BUDGET),
                sources);
    }

    private static Map<String, SourceConfig> sources(SourceConfig web, SourceConfig code) {
        Map<String, SourceConfig> sources = new LinkedHashMap<>();
        sources.put("web", web);
        sources.put("code", code);
        sources.put("math", SourceConfig.DEFAULTS);
        sources.put("books", SourceConfig.DEFAULTS);
        return sources;
    }

    private static Proposal propose(Map<String, SourceConfig> sources) {
        return Proposal.of(
                TestRuns.runs(30, 0, 1),
                TestRuns.LAWS,
                List.of(TestRuns.LAWS),
                List.of(0.5, 0.5),
                0.02,
                PRIOR,
                SourceCaps.of(sources, Optional.of(BUDGET)));
    }

    private static double objective(Map<String, SourceConfig> sources) {
        Proposal proposal = propose(sources);
        return proposal.loss() + 0.02 * proposal.divergence();
    }

    @Test
    void pricesAreWhatMoreTokensAreWorth() {
        long webTokens = 12_000_000_000L;
        long codeTokens = 5_000_000_000L;
        long window = 40_000_000_000L;
        long step = 50_000_000;
        Proposal proposal = propose(sources(window(webTokens, window), epochs(codeTokens, 4)));
        Proposal.Source web = proposal.sources().get(0);
        assertThat(web.cap().rule()).isEqualTo(SourceCap.Rule.WINDOW);
        assertThat(web.atCap()).isTrue();
        assertThat(web.weight()).isEqualTo(0.3, within(1e-12));
        double less = objective(sources(window(webTokens - step, window), epochs(codeTokens, 4)));
        double more = objective(sources(window(webTokens + step, window), epochs(codeTokens, 4)));
        assertThat(web.pricePerBillionTokens()).isGreaterThan(0.01).isEqualTo((less - more) * 10, within(1e-6));

        Proposal.Source code = proposal.sources().get(1);
        assertThat(code.cap().rule()).isEqualTo(SourceCap.Rule.EPOCHS);
        assertThat(code.atCap()).isTrue();
        less = objective(sources(window(webTokens, window), epochs(codeTokens - step, 4)));
        more = objective(sources(window(webTokens, window), epochs(codeTokens + step, 4)));
        assertThat(code.pricePerBillionTokens()).isGreaterThan(0.01).isEqualTo((less - more) * 10, within(1e-6));

        assertThat(proposal.sources().get(2).price()).as("no cap, no price").isZero();
        assertThat(proposal.sources().get(3).atCap()).isFalse();
    }

    @Test
    void theLowerOfTwoCapsHolds() {
        SourceConfig both = new SourceConfig(
                Optional.empty(),
                Optional.of(10_000_000_000L),
                Optional.of(50_000_000_000L),
                Optional.of(BigDecimal.valueOf(4)));
        SourceCap cap = SourceCap.of("web", both, Optional.of(BUDGET));
        assertThat(cap).isEqualTo(new SourceCap("web", 0.2, SourceCap.Rule.WINDOW, 1.0 / 50_000_000_000L));
        SourceCap once = SourceCap.of("web", window(10_000_000_000L, 3 * BUDGET), Optional.of(BUDGET));
        assertThat(once.cap())
                .as("what is seen once has no repeats to keep apart")
                .isEqualTo(0.1);
        assertThat(SourceCap.of("web", epochs(BUDGET, 4), Optional.of(BUDGET)).rule())
                .isEqualTo(SourceCap.Rule.NONE);
    }

    @Test
    void capsThatLeaveNoMixtureNameWhatIsMissing() {
        Map<String, SourceConfig> sources = sources(epochs(5_000_000_000L, 4), window(1_000_000_000L, 4_000_000_000L));
        sources.put("math", epochs(0, 1));
        sources.put("books", epochs(2_000_000_000L, 5));
        assertThatThrownBy(() -> config(sources))
                .isInstanceOf(ConfigException.class)
                .hasMessage("sources = web 0.200000 (epochs), code 0.250000 (window), math 0.000000 (epochs), "
                        + "books 0.100000 (epochs): caps must sum to >= 1, and 0.450000 of the mixture is missing, which is "
                        + "45,000,000,000 tokens; give more unique-tokens or max-epochs, or a smaller budget-tokens");
    }

    @Test
    void writtenWeightsSumToOneAndStayUnderTheirCaps() {
        Map<String, SourceConfig> sources = sources(window(12_000_000_000L, 40_000_000_000L), epochs(525_000_000L, 4));
        sources.put("math", epochs(0, 1));
        ProposedMixture mixture = ProposedMixture.of(propose(sources), sources);
        Map<String, StreamMix> streams = mixture.mixture().streams();
        assertThat(streams.values().stream()
                        .map(stream -> stream.weight().orElseThrow())
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("1");
        assertThat(streams.get("code").weight().orElseThrow()).isEqualTo("0.021");
        assertThat(streams.get("code").maxEpochs()).contains(BigDecimal.valueOf(4));
        assertThat(streams.get("web").windowTokens()).contains(40_000_000_000L);
        assertThat(streams.get("math").weight().orElseThrow()).isZero();
        assertThat(streams.get("web").weight().orElseThrow()).isEqualTo("0.3");
    }
}
