package io.peregrine.mixture.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.data.config.YamlConfig;
import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.MixtureConfig;
import io.peregrine.mixture.StreamMix;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that need no Spark, from files to files. */
class MixtureOptimizeCommandTest {
    @TempDir
    Path folder;

    /** The part of a run file that {@code --out} writes. */
    record Written(MixtureConfig mixture) {}

    private String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new MixtureCommand()).setOut(new PrintWriter(out, true));
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            throw failure;
        });
        assertThat(command.execute(arguments)).isZero();
        return out.toString();
    }

    /** Losses fall with the weight of the source of the same name, and less so the more of it there is. */
    private Path settings() throws IOException {
        SeedStream random = SeedStream.of(1);
        StringBuilder mixtures = new StringBuilder("index,weight/web,weight/code,weight/math\n");
        StringBuilder losses = new StringBuilder("index,loss/web,loss/code\n");
        for (int run = 0; run < 60; run++) {
            double web = random.nextDouble();
            double code = (1 - web) * random.nextDouble();
            mixtures.append(String.format(Locale.ROOT, "%d,%.6f,%.6f,%.6f%n", run, web, code, 1 - web - code));
            losses.append(String.format(
                    Locale.ROOT,
                    "%d,%.6f,%.6f%n",
                    run,
                    2 + Math.exp(-2 * web) + 0.001 * random.nextGaussian(),
                    1 + Math.exp(-3 * code) + 0.001 * random.nextGaussian()));
        }
        Path mixtureFile = Files.writeString(folder.resolve("mixtures.csv"), mixtures);
        Path lossFile = Files.writeString(folder.resolve("losses.csv"), losses);
        return Files.writeString(folder.resolve("optimize.yaml"), """
                runs: {mixtures: '%1$s', losses: '%2$s'}
                fit: {folds: 5, checks: {same: {mixtures: '%1$s', losses: '%2$s'}}}
                targets: {web: 1, code: 1}
                kl: 0.01
                budget-tokens: 1_000_000
                sources:
                  web: {prior: 1}
                  code: {prior: 1, unique-tokens: 50_000, max-epochs: 4}
                  math: {prior: 2}
                """.formatted(mixtureFile, lossFile));
    }

    @Test
    void weightsTableAndPageAreWritten() throws IOException {
        Path out = folder.resolve("weights.yaml");
        Path page = folder.resolve("weights.html");
        String text = run("optimize", settings().toString(), "--out", out.toString(), "--page", page.toString());
        assertThat(text)
                .contains("Fit to 60 runs, cross-validated")
                .contains("Unseen runs 'same': 60")
                .containsPattern(
                        "code +0\\.250000 +0\\.200000 \\* 0\\.200000-0\\.200000 +0\\.200000 epochs +\\d+\\.\\d+")
                .containsPattern("web +0\\.250000 +0\\.\\d+ +0\\.\\d+-0\\.\\d+\n");
        Map<String, StreamMix> streams =
                YamlConfig.load(out, Written.class).mixture().streams();
        assertThat(streams.keySet()).containsExactly("code", "math", "web");
        assertThat(streams.values().stream()
                        .map(stream -> stream.weight().orElseThrow())
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("1");
        assertThat(streams.get("code").weight().orElseThrow()).isEqualByComparingTo("0.2");
        assertThat(streams.get("code").maxEpochs()).contains(new BigDecimal("4"));
        assertThat(streams.get("web").weight().orElseThrow()).isGreaterThan(new BigDecimal("0.6"));
        assertThat(Files.readString(page))
                .contains("Mixture weights from proxy runs")
                .contains("drawWeights");
    }

    @Test
    void theSameFilesGiveTheSameText() throws IOException {
        String settings = settings().toString();
        assertThat(run("optimize", settings)).isEqualTo(run("optimize", settings));
    }

    @Test
    void scalingLawsArePrinted() throws IOException {
        SeedStream random = SeedStream.of(2);
        StringBuilder csv = new StringBuilder("params,tokens,unique-tokens,loss\n");
        for (double params : new double[] {1e7, 1e8, 1e9, 4e9}) {
            for (double unique : new double[] {1e9, 1e10}) {
                for (int epochs : new int[] {1, 4, 16, 40}) {
                    double worth = unique * (1 + 12 * (1 - Math.exp(-(epochs - 1) / 12.0)));
                    double loss = 1.7 + 400 * Math.pow(params, -0.34) + 1200 * Math.pow(worth, -0.32);
                    csv.append(String.format(
                            Locale.ROOT,
                            "%.0f,%.0f,%.0f,%.6f%n",
                            params,
                            unique * epochs,
                            unique,
                            loss * (1 + 0.001 * random.nextGaussian())));
                }
            }
        }
        Path runs = Files.writeString(folder.resolve("runs.csv"), csv);
        assertThat(run("scaling", runs.toString(), "--resamples", "40", "--at", "1e10,1e12,1e11"))
                .contains("32 runs; the form is chosen by the 8 runs of 4.000e+09 parameters")
                .contains("effective data, fitted to all runs, with 95 % intervals of 40 draws")
                .containsPattern("R\\* +1[0-4]\\.\\d+  \\[")
                .containsPattern("loss +\\d\\.\\d+  \\[");
    }
}
