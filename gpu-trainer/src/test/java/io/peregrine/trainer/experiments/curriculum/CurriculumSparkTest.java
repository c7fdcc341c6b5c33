package io.peregrine.trainer.experiments.curriculum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.RunFile;
import io.peregrine.mixture.MixturePlan;
import io.peregrine.mixture.order.SequenceRef;
import io.peregrine.mixture.plan.PlanFile;
import io.peregrine.trainer.experiments.ExperimentCommand;
import io.peregrine.trainer.experiments.ExperimentRun;
import io.peregrine.trainer.experiments.arms.ArmOrder;
import io.peregrine.trainer.experiments.arms.ArmSpec;
import io.peregrine.trainer.experiments.arms.Choice;
import io.peregrine.trainer.loader.HeldOut;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Three orders of the sequences of a run of 60 steps. */
@Tag("spark")
final class CurriculumSparkTest {
    @TempDir
    static Path folder;

    private static Path runFile;
    private static MixturePlan plan;

    @BeforeAll
    static void write() {
        runFile = ExperimentRun.write(folder.resolve("run"));
        plan = PlanFile.read(folder.resolve("run/60-mixture").resolve(MixturePlan.FILE_NAME));
    }

    private static List<SequenceRef> reads(SourceOrder order, long seed, List<String> easyFirst) {
        CurriculumOrder orders = new CurriculumOrder(easyFirst, line -> {});
        ArmSpec arm = new ArmSpec(List.of("order"), List.of(Choice.named(order.key())));
        ArmOrder.Request request = new ArmOrder.Request(arm, RunFile.open(runFile), false, plan, seed);
        MixturePlan own = orders.plan(request);
        return orders.reads(request, own, HeldOut.of(own, 20)).orElseThrow();
    }

    @Test
    void allOrdersHaveTheSameSequences() {
        List<SequenceRef> planned = reads(SourceOrder.ANTI_CURRICULUM, 1, List.of("web", "code"));
        List<SequenceRef> easy = reads(SourceOrder.CURRICULUM, 1, List.of("web", "code"));
        List<SequenceRef> shuffled = reads(SourceOrder.SHUFFLED, 1, List.of("web", "code"));
        assertThat(planned).hasSize(6 * 8);
        assertThat(easy).containsExactlyInAnyOrderElementsOf(planned).isNotEqualTo(planned);
        assertThat(shuffled).containsExactlyInAnyOrderElementsOf(planned).isNotEqualTo(planned);
        assertThat(new HashSet<>(
                        planned.subList(0, 8).stream().map(SequenceRef::stream).toList()))
                .hasSize(2);
        List<Integer> sources = easy.stream().map(SequenceRef::stream).toList();
        assertThat(sources.lastIndexOf(1)).as("web first").isLessThan(sources.indexOf(0));
        assertThat(reads(SourceOrder.CURRICULUM, 1, List.of("code", "web")).get(0).stream())
                .isZero();
        assertThat(reads(SourceOrder.SHUFFLED, 2, List.of("web", "code"))).isNotEqualTo(shuffled);
        assertThatThrownBy(() -> reads(SourceOrder.CURRICULUM, 1, List.of("web", "code", "web")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--easy-first = [web, code, web]: must name each of the sources [code, web] once");
    }

    @Test
    void theCommandComparesThem() {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(new ExperimentCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out));
        int code = line.execute(
                "curriculum",
                runFile.toString(),
                "--set=train.steps=12",
                "--set=train.warmup-tokens=100",
                "--backend=cpu");
        assertThat(code).isZero();
        assertThat(out.toString())
                .containsPattern("curriculum, seed 1, easy first: (web, code|code, web)")
                .contains("9 of 9: shuffled, seed 3: held-out loss")
                .containsPattern(
                        "\\| curriculum \\| [\\d,]+ \\| [\\d.]+ \\| \\d\\.\\d+ \\+- [\\d.]+ \\| -?[\\d.]+ \\+- [\\d.]+ \\|"
                                + " -?[\\d.]+ \\+- [\\d.]+ \\|")
                .contains("| arm | code | web |");
    }
}
