package io.peregrine.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.peregrine.data.ConfigException;
import io.peregrine.data.config.YamlConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class KeepOrderTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    private static DedupConfig config(String yaml) {
        return YamlConfig.parse(Path.of("test.yaml"), yaml, DedupConfig.class);
    }

    @Test
    void theGreaterQualityHasTheSmallerNameAndNoneComesLast() {
        KeepOrder order = new KeepOrder(config("keep: [quality]\nquality-column: q\n"), 0);
        List<String> names = DoubleStream.of(1e300, 2, 1, 0.5, 0, -0.5, -7, Double.NEGATIVE_INFINITY, Double.NaN)
                .mapToObj(quality -> order.name(ID, "a", "", quality))
                .toList();
        assertThat(names).isSorted().doesNotHaveDuplicates();
        assertThat(order.name(ID, "a", "", -0.0)).isEqualTo(order.name(ID, "a", "", 0.0));
    }

    @Test
    void rulesDecideInTheirOrderThenTheIdAndEarlierGenerationsBeforeAll() {
        String yaml = "keep: [licence, source-rank]\nlicence-priority: [MIT]\nsource-priority: [b]\n";
        KeepOrder order = new KeepOrder(config(yaml), 1);
        String permissive = order.name(ID, "a", "MIT", 0);
        String better = order.name(ID, "b", "", 0);
        assertThat(permissive).isLessThan(better);
        assertThat(better).isLessThan(order.name(ID, "a", "", 0));
        assertThat(new KeepOrder(config(yaml), 0).name(ID, "a", "", 0)).isLessThan(permissive);
        assertThat(KeepOrder.id(better)).isEqualTo(ID);
    }

    @Test
    void aRuleWithoutWhatItNeedsIsRefused() {
        assertThatThrownBy(() -> config("keep: [quality]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("must be given exactly if keep has quality");
        assertThatThrownBy(() -> config("licence-priority: [MIT]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has no effect unless keep has licence");
    }
}
