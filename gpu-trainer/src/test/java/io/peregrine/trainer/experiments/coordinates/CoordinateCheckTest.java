package io.peregrine.trainer.experiments.coordinates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.peregrine.data.ConfigException;
import io.peregrine.trainer.model.FalconH1Config;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CoordinateCheckTest {
    @TempDir
    Path folder;

    private int run(StringWriter out, String... arguments) {
        CommandLine command = new CommandLine(new CoordCheckCommand());
        command.setOut(new PrintWriter(out));
        return command.execute(arguments);
    }

    private static double slope(JsonNode data, String parametrization, String measure, String activation) {
        for (JsonNode curve : data.get("curves")) {
            if (curve.get("parametrization").asText().equals(parametrization)
                    && curve.get("measure").asText().equals(measure)
                    && curve.get("activation").asText().equals(activation)) {
                return curve.get("slope").asDouble();
            }
        }
        throw new AssertionError(activation);
    }

    @Test
    void underMuPNothingGrowsAndWithoutItEverythingDoes() throws Exception {
        StringWriter out = new StringWriter();
        // So narrow a model has few heads, whose step sizes begin far apart: the tolerance is theirs.
        String[] arguments = {"--widths=32,64,96,128", "--seeds=2", "--steps=3", "--tolerance=0.5", "--out=" + folder};
        assertThat(run(out, arguments)).as(out.toString()).isZero();
        JsonNode data = new ObjectMapper().readTree(Files.readString(folder.resolve("coord-check.json")));
        assertThat(data.get("passed").asBoolean()).isTrue();
        for (String activation : List.of("ssm", "attention", "mlp", "logits")) {
            assertThat(slope(data, "mup", "update", activation)).as(activation).isCloseTo(0, within(0.25));
            assertThat(slope(data, "mup", "size", activation)).as(activation).isCloseTo(0, within(0.25));
            assertThat(slope(data, "standard", "update", activation))
                    .as(activation)
                    .isGreaterThan(0.5);
        }
        assertThat(Files.readString(folder.resolve("coord-check.html"))).contains("Coordinate check of muP");
        assertThat(out.toString()).contains("mup        update  dt", "passed: under muP exponents are within +-0.50");
    }

    @Test
    void aSlopeBeyondTheToleranceFails() {
        StringWriter out = new StringWriter();
        assertThat(run(
                        out,
                        "--widths=32,64,96,128",
                        "--seeds=1",
                        "--steps=1",
                        "--tolerance=1e-9",
                        "--out=" + folder.resolve("failed")))
                .isEqualTo(1);
        assertThat(out.toString()).contains("beyond the tolerance", "failed: ");
    }

    @Test
    void aCurveIsAPowerOfTheWidth() {
        WidthCurve.Points points = new WidthCurve.Points();
        for (int width : new int[] {10, 20, 40, 80}) {
            points.add(width, 2 * 3 * Math.pow(width, 1.5));
            points.add(width, 3.0 / 2 * Math.pow(width, 1.5));
        }
        WidthCurve curve = WidthCurve.of(Parametrization.STANDARD, WidthCurve.UPDATE + "x", points);
        assertThat(curve.slope()).isCloseTo(1.5, within(1e-12));
        assertThat(curve.byWidth().get(20)).isCloseTo(3 * Math.pow(20, 1.5), within(1e-9));
        assertThat(curve.isUpdate()).isTrue();
        assertThat(curve.activation()).isEqualTo("x");
    }

    @Test
    void aShapeIsWidened() {
        FalconH1Config wide = WidthFamily.SMALL.at(128);
        assertThat(wide.hiddenSize()).isEqualTo(128);
        assertThat(wide.intermediateSize()).isEqualTo(384);
        assertThat(wide.mamba().nHeads()).isEqualTo(12);
        assertThat(wide.mamba().dSsm()).isEqualTo(192);
        assertThat(wide.mamba().dState()).isEqualTo(16);
        assertThat(wide.attention().queryWidth()).isEqualTo(128);
        assertThatThrownBy(() -> WidthFamily.SMALL.at(40))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "--widths = 40: num_attention_heads would be 2 * 40/32, which is no whole number; take multiples of hidden_size");
    }

    @Test
    void mistakesAreNamed() {
        assertThatThrownBy(() -> check(List.of(32, 64, 128), 4, 1e-3))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--widths = [32, 64, 128]: must be at least 4 different ones");
        assertThatThrownBy(() -> check(List.of(32, 64, 96, 128), 0, 1e-3)).hasMessage("--steps = 0: must be >= 1");
        assertThatThrownBy(() -> check(List.of(32, 64, 96, 128), 1, 0))
                .hasMessage("--learning-rate = 0.0: must be > 0");
        assertThatThrownBy(() -> InitialValues.named("zero")).hasMessage("--init = zero: must be scaled or constant");
    }

    private static CoordinateCheck check(List<Integer> widths, int steps, double learningRate) {
        return new CoordinateCheck(WidthFamily.SMALL, InitialValues.SCALED, widths, steps, learningRate, 1, 0.25);
    }
}
